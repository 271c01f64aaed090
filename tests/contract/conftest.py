"""Backends of the ports."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sitebookify.adapters.gcs_client import connect
from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.ports import ObjectStore
from support.gcs import GcsFake
from support.memory_store import MemoryObjectStore


@pytest.fixture(scope="session")
def gcs_fake() -> Iterator[GcsFake]:
    """The fake, with ``STORAGE_EMULATOR_HOST`` leading this process's clients to it."""
    fake = GcsFake()
    with fake.serving() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_EMULATOR_HOST", url)
        yield fake


@pytest.fixture
def gcs(request: pytest.FixtureRequest) -> Iterator[GcsObjectStore]:
    """A store on an empty bucket of the fake, or of the implementation that ``SITEBOOKIFY_TEST_GCS`` names."""
    bucket = f"test-{uuid.uuid4().hex}"
    with pytest.MonkeyPatch.context() as patch:
        if elsewhere := os.environ.get("SITEBOOKIFY_TEST_GCS"):
            patch.setenv("STORAGE_EMULATOR_HOST", elsewhere)
            with closing(connect()) as client:
                client.create_bucket(bucket, project="test")
        else:
            fake: GcsFake = request.getfixturevalue("gcs_fake")
            fake.buckets[bucket] = {}
        with closing(GcsObjectStore(bucket)) as store:
            yield store


@pytest.fixture(params=["local", "gcs", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty object store, on every backend; the tests' own store in memory is held to the contract too."""
    if request.param == "local":
        return LocalObjectStore(tmp_path / "data")
    if request.param == "memory":
        return MemoryObjectStore()
    gcs: GcsObjectStore = request.getfixturevalue("gcs")
    return gcs
