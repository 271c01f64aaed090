"""The server's secret key: made once, kept where it is safe, and what is derived from it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.errors import SettingsError
from sitebookify.jobs import Job, new_job
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, utcnow
from sitebookify.runner.commands import JobCommands
from sitebookify.secret_key import OBJECT, SecretKey
from sitebookify.settings import load_settings
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore

SPEC = JobSpec(source_url="https://example.com/")
EARLIER = uuid.UUID("6f0a8f0c-6a53-5c0e-9a1e-5b5f5d5c7a11")
SECRET = "whsec_" + "A" * 32


def commands(store: ObjectStore, key: SecretKey) -> JobCommands:
    return JobCommands(
        jobs=JobRepository(store, key=key),
        store=store,
        dispatcher=RecordingDispatcher(),
        retention=timedelta(days=1),
        key=key,
    )


def test_processes_that_share_a_store_share_the_key_and_others_do_not() -> None:
    store = MemoryObjectStore()
    ids = {SecretKey("", store).job_id("r") for _ in range(3)}
    assert len(ids) == 1
    assert SecretKey("", MemoryObjectStore()).job_id("r") not in ids
    assert SecretKey("k" * 32, store).job_id("r") not in ids


def test_with_a_setting_nothing_of_the_key_is_in_the_store() -> None:
    store = MemoryObjectStore()
    SecretKey("k" * 32, store).job_id("r")
    assert not list(store.list(OBJECT))


def test_the_key_in_a_local_store_is_its_owner_s_alone(tmp_path: Path) -> None:
    SecretKey("", LocalObjectStore(tmp_path / "data")).job_id("r")
    (file,) = (tmp_path / "data").rglob("secret-key")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="SITEBOOKIFY_SECRET_KEY"):
        load_settings(secret_key="short")


async def test_a_job_s_id_cannot_be_computed_from_its_request_id() -> None:
    store = MemoryObjectStore()
    key = SecretKey("", store)
    job = await commands(store, key).create(SPEC, request_id="order-1")
    assert job.id != str(uuid.uuid5(EARLIER, "order-1"))
    assert (await commands(store, SecretKey("", store)).create(SPEC, request_id="order-1")).id == job.id


async def test_a_request_that_an_earlier_version_answered_is_answered_with_the_same_job() -> None:
    store = MemoryObjectStore()
    old_id = str(uuid.uuid5(EARLIER, "order-1"))
    old = new_job(SPEC, now=utcnow(), job_id=old_id, request_id="order-1")
    JobRepository(store).create(replace(old, keyed=False))
    assert (await commands(store, SecretKey("", store)).create(SPEC, request_id="order-1")).id == old_id


async def test_nobody_can_plant_a_job_where_the_old_id_would_be() -> None:
    store = MemoryObjectStore()
    key = SecretKey("", store)
    old_id = str(uuid.uuid5(EARLIER, "order-1"))
    await commands(store, key).create(SPEC, job_id=old_id, request_id="order-1")
    assert (await commands(store, key).create(SPEC, request_id="order-1")).id == key.job_id("order-1")


def record(job: Job, store: ObjectStore) -> bytes:
    found = store.get(f"jobs/{job.id}.json")
    assert found
    return found[0]


def test_a_secret_at_rest_is_encrypted_for_its_own_record() -> None:
    store = MemoryObjectStore()
    key = SecretKey("", store)
    jobs = JobRepository(store, key=key)
    spec = replace(SPEC, webhook_secret=SECRET)
    one, other = (jobs.create(new_job(spec, now=utcnow())).job for _ in range(2))
    assert SECRET.encode() not in record(one, store)
    assert jobs.read(one.id).job.spec.webhook_secret == SECRET
    sealed = key.sealed(SECRET, context=one.id)
    assert key.opened(sealed, context=other.id) == ""
    assert SecretKey("k" * 32, store).opened(sealed, context=one.id) == ""


def test_a_record_of_an_earlier_version_is_read_and_encrypted_by_its_next_write() -> None:
    store = MemoryObjectStore()
    job = JobRepository(store).create(new_job(replace(SPEC, webhook_secret=SECRET), now=utcnow())).job
    assert SECRET.encode() in record(job, store)
    jobs = JobRepository(store, key=SecretKey("", store))
    assert jobs.read(job.id).job.spec.webhook_secret == SECRET
    jobs.update(job.id, lambda job: replace(job, attempts=1))
    assert SECRET.encode() not in record(job, store)
