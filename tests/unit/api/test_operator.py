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


def test_orders_that_nobody_could_make_are_no_failures_of_the_server(
    jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock
) -> None:
    for reason in ("START_PAGE_NOT_FOUND", "NEEDS_LOGIN", "BUDGET_EXCEEDED"):
        jobs.create(_failed(clock, reason))
    last = figures(jobs, store, catalogue("en"), clock())["hours"][-1]
    assert (last["error"], last["refused"]) == (1, 2)


def test_the_queue_of_each_hour(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    """How many waited at its end, and how long the slowest of its jobs had waited."""
    first = jobs.create(_job(clock)).job
    jobs.create(_job(clock))
    clock.move(90 * 60)
    jobs.update(first.id, lambda job: job.moved(JobState.RUNNING, clock()))
    clock.move(60)
    hours = figures(jobs, store, catalogue("en"), clock())["hours"]
    assert [hour["waiting"] for hour in hours[-3:]] == [0, 2, 1]
    assert [hour["waited"] for hour in hours[-2:]] == [0, 90 * 60]


def test_finished_books_have_their_titles(jobs: JobRepository, store: MemoryObjectStore, clock: ManualClock) -> None:
    job = replace(_job(clock), title="灯台 / Ünder").moved(JobState.RUNNING, clock())
    clock.move(40)
    jobs.create(ended(job, JobState.DONE, now=clock(), retention=RETENTION))
    (book,) = figures(jobs, store, catalogue("en"), clock())["finished"]
    assert (book["title"], book["took"]) == ("灯台 / Ünder", 40)
