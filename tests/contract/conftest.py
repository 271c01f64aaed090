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
from sitebookify.adapters.s3_client import connect as connect_s3
from sitebookify.adapters.s3_store import S3ObjectStore
from sitebookify.ports import ObjectStore
from support.gcs import GcsFake
from support.memory_store import MemoryObjectStore
from support.s3 import PAGE, server


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


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """A server of S3's protocol, to which the environment leads; the one that ``SITEBOOKIFY_TEST_S3`` names, if any."""
    with pytest.MonkeyPatch.context() as patch, server() as (url, environment):
        for name, value in environment.items():
            patch.setenv(name, value)
        yield url


@pytest.fixture
def s3(s3_address: str) -> Iterator[S3ObjectStore]:
    """A store on an empty bucket."""
    bucket = f"test-{uuid.uuid4().hex}"
    with closing(connect_s3(deadline=15, address=s3_address)) as client:
        client.create_bucket(Bucket=bucket)
    with closing(S3ObjectStore(bucket, deadline=60)) as store:
        yield store


@pytest.fixture
def contenders(store: ObjectStore) -> int:
    """Writers at once; the server of S3's protocol drops connections where it is asked for a hundred."""
    return 16 if isinstance(store, S3ObjectStore) else 100


@pytest.fixture
def more_than_a_page(store: ObjectStore) -> int:
    """More objects than the backend lists by one request."""
    tests_own = isinstance(store, S3ObjectStore) and "SITEBOOKIFY_TEST_S3" not in os.environ
    return (PAGE if tests_own else 1000) + 3


@pytest.fixture(params=["local", "gcs", "s3", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty object store, on every backend; the tests' own store in memory is held to the contract too."""
    if request.param == "local":
        return LocalObjectStore(tmp_path / "data")
    if request.param == "memory":
        return MemoryObjectStore()
    remote: ObjectStore = request.getfixturevalue(request.param)
    return remote
