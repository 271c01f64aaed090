"""The operator's figures, from records in a store in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sitebookify.jobs import Job, JobError, JobState, Lease, ended, new_job
from sitebookify.messages import catalogue, literal
from sitebookify.repository import JobRepository
from sitebookify.spec import JobSpec
from sitebookify_api.web.operator import HOURS, figures
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

RETENTION = timedelta(days=30)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(clock: ManualClock) -> MemoryObjectStore:
    return MemoryObjectStore(clock=clock)


@pytest.fixture
def jobs(store: MemoryObjectStore, clock: ManualClock) -> JobRepository:
    return JobRepository(store, clock=clock)


def _job(clock: ManualClock) -> Job:
    return new_job(JobSpec(source_url="https://example.com/"), now=clock())


def _failed(clock: ManualClock, reason: str) -> Job:
    error = JobError(message=literal("no"), reason=reason)
    return ended(_job(clock), JobState.ERROR, now=clock(), retention=RETENTION, error=error)


def test_an_empty_server(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    found = figures(jobs, store, catalogue("en"), clock())
    assert set(found["counts"].values()) == {0}
    assert len(found["hours"]) == HOURS
    assert found["running"] == found["errors"] == found["deadLetters"] == []


def test_jobs_stand_in_the_hour_they_ended(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    """What is older than a day is counted in all, and in no hour."""
    jobs.create(_failed(clock, "A"))
    clock.move(30 * 3600)
    jobs.create(_failed(clock, "B"))
    clock.move(90 * 60)
    found = figures(jobs, store, catalogue("en"), clock())
    assert found["counts"]["error"] == 2
    assert [hour["error"] for hour in found["hours"]] == [0] * (HOURS - 2) + [1, 0]


def test_what_was_given_up_is_told_from_what_failed(
    jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock
) -> None:
    for reason in ("NOTHING_TO_EXTRACT", "DEAD_LETTERED", "ATTEMPTS_EXHAUSTED"):
        jobs.create(_failed(clock, reason))
    found = figures(jobs, store, catalogue("en"), clock())
    assert [item["reason"] for item in found["errors"]] == ["NOTHING_TO_EXTRACT"]
    assert {item["reason"] for item in found["deadLetters"]} == {"DEAD_LETTERED", "ATTEMPTS_EXHAUSTED"}


def test_a_running_job_with_its_lease(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    """Seconds are negative once it has run out; the nonce is shortened, since who has it may write."""
    lease = Lease(holder="0123456789abcdef", expires_at=clock() + timedelta(seconds=20))
    jobs.create(replace(_job(clock).moved(JobState.RUNNING, clock()), step=3, attempts=2, lease=lease))
    clock.move(25)
    (running,) = figures(jobs, store, catalogue("en"), clock())["running"]
    assert (running["step"], running["attempts"]) == (3, 2)
    assert running["lease"] == {"holder": "01234567", "seconds": -5.0}


def test_jobs_that_are_being_deleted_are_left_out(
    jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock
) -> None:
    jobs.create(replace(_job(clock), delete_requested=True))
    store.put("malformed/1", b"x")
    found = figures(jobs, store, catalogue("en"), clock())
    assert (found["counts"]["queued"], found["waiting"], found["malformed"]) == (0, [], 1)


def test_the_oldest_waits_first(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    first = jobs.create(_job(clock)).job
    clock.move(1)
    second = jobs.create(_job(clock)).job
    assert [item["id"] for item in figures(jobs, store, catalogue("en"), clock())["waiting"]] == [first.id, second.id]
