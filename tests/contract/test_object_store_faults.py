"""The object store's promises while requests are refused and answers are lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.adapters.s3_store import S3ObjectStore
from sitebookify.errors import JobConflict, PreconditionFailed, TransientError
from sitebookify.jobs import Job, new_job
from sitebookify.messages import literal
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, utcnow
from sitebookify.spec import JobSpec
from support.faults import Faults, FaultyObjectStore, WsgiFaults
from support.gcs import GcsFake
from support.s3 import SETTINGS, create_bucket, s3_app, serving

T = TypeVar("T")

SEED = 20261123
RATE = 0.25


@pytest.fixture
def gcs(monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsObjectStore]:
    """Every fourth request fails, before or after it was carried out."""
    fake = GcsFake("books")
    faults = Faults(fake.app(), seed=SEED, rate=RATE)
    with fake.serving(faults) as url, closing(GcsObjectStore("books", deadline=60)) as store:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        yield store
    assert set(faults.injected) == {"429", "503", "lost"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3ObjectStore]:
    """The same on S3."""
    app = s3_app()
    faults = WsgiFaults(app, seed=SEED, rate=RATE)
    bucket = f"test-{uuid.uuid4().hex}"
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with serving(app) as url:
        create_bucket(url, bucket, SETTINGS)
    with serving(faults) as url, closing(S3ObjectStore(bucket, deadline=60)) as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        yield store
    assert set(faults.injected) == {"", "429", "503", "lost"}


@pytest.fixture(params=["local", "gcs", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "local":
        return FaultyObjectStore(LocalObjectStore(tmp_path), seed=SEED, rate=RATE)
    remote: ObjectStore = request.getfixturevalue(request.param)
    return remote


@pytest.fixture(params=["gcs", "s3"])
def remote(request: pytest.FixtureRequest) -> ObjectStore:
    """A store that carries its own nonces."""
    store: ObjectStore = request.getfixturevalue(request.param)
    return store


def again(do: Callable[[], T]) -> T:
    """What a delivery does: once more after a transient error, as often as it takes."""
    while True:
        try:
            return do()
        except TransientError:
            continue


def swap(store: ObjectStore, name: str, data: bytes, generation: int) -> bool:
    """A compare-and-swap as the port's documentation asks for: after a doubtful answer, read before concluding."""

    def attempt() -> bool:
        try:
            store.put(name, data, if_generation=generation)
        except (PreconditionFailed, TransientError):
            standing = next(again(lambda: store.list(name)), None)
            if (standing.generation if standing else 0) == generation:
                raise TransientError("not written yet") from None
            found = again(lambda: store.get(name))
            return found is not None and found[0] == data
        return True

    return again(attempt)


def test_every_round_of_swaps_has_one_winner(store: ObjectStore) -> None:
    """Ten at once, eight rounds: lost answers make nobody win twice, and no round end without a winner."""
    generation = 0
    with ThreadPoolExecutor(10) as pool:
        for number in range(5):
            contents = [f"{number}-{n}".encode() for n in range(10)]
            won = list(pool.map(lambda data, known=generation: swap(store, "jobs/x.json", data, known), contents))
            assert won.count(True) == 1
            found = again(lambda: store.get("jobs/x.json"))
            assert found is not None
            assert found[0] == contents[won.index(True)]
            generation = found[1]


def test_no_update_of_a_job_is_lost(store: ObjectStore) -> None:
    """Eight threads note 40 words in one record by `JobRepository.update`; each stands there once."""
    jobs = JobRepository(store)
    job = new_job(JobSpec(source_url="https://example.org/"), now=utcnow())
    again(lambda: jobs.create(job) if not _exists(jobs, job) else None)

    def note(word: str) -> None:
        def change(job: Job) -> Job:
            words = str(job.last_error).split()
            return job if word in words else replace(job, last_error=literal(" ".join([*words, word])))

        def attempt() -> None:
            try:
                jobs.update(job.id, change)
            except JobConflict as error:
                raise TransientError("raced too often") from error

        again(attempt)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, (f"w{n}" for n in range(40))))
    words = str(again(lambda: jobs.read(job.id)).job.last_error).split()
    assert sorted(words) == sorted(f"w{n}" for n in range(40))


def test_in_a_bucket_a_change_is_not_even_made_twice(remote: ObjectStore) -> None:
    """The store knows its own write again, so that a count by `JobRepository.update` is exact."""
    jobs = JobRepository(remote)
    job = jobs.create(new_job(JobSpec(source_url="https://example.org/"), now=utcnow())).job
    for _ in range(15):
        jobs.update(job.id, lambda job: replace(job, attempts=job.attempts + 1))
    assert jobs.read(job.id).job.attempts == 15


def test_in_a_bucket_every_other_call_comes_through_too(remote: ObjectStore) -> None:
    """Whole reads, ranges, streams, listings and deletes are tried again inside the store."""
    data = bytes(range(256)) * 40_000
    for n in range(4):
        info = remote.write_stream(f"a/{n}", iter([data] * 2), content_type="application/zip")
        assert remote.get(info.name) == (data * 2, info.generation)
        with remote.open_read(info.name, offset=5) as stream:
            assert stream.read() == (data * 2)[5:]
        assert list(remote.list("a/")) == [info]
        remote.delete(info.name, if_generation=info.generation)
        assert list(remote.list("a/")) == []


def _exists(jobs: JobRepository, job: Job) -> bool:
    return any(summary.id == job.id for summary in jobs.list())
