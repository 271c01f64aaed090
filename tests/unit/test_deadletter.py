"""A dead letter ends the job it belongs to, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sitebookify.jobs import Job, JobState, Lease, ended, new_job
from sitebookify.messages import literal
from sitebookify.repository import JobRepository
from sitebookify.runner.deadletter import POSTPONEMENT, Burial, bury
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

DAY = timedelta(days=1)


class Grave:
    """One running job at step 2 whose last attempt failed."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.jobs = JobRepository(MemoryObjectStore(), clock=self.clock)
        job = new_job(JobSpec(source_url="https://example.com/"), now=self.clock()).moved(
            JobState.RUNNING, self.clock()
        )
        self.job_id = self.jobs.create(replace(job, step=2, attempts=5, last_error=literal("The site is away."))).job.id

    def bury(self, step: int = 2, deliveries: int = 5) -> Burial:
        return bury(self.jobs, self.job_id, step, deliveries=deliveries, max_deliveries=5, retention=DAY)

    @property
    def job(self) -> Job:
        return self.jobs.read(self.job_id).job


@pytest.fixture
def grave() -> Grave:
    return Grave()


def test_the_job_ends_in_error_with_what_failed_last_and_how_often(grave: Grave) -> None:
    assert grave.bury() is Burial.FAILED
    job = grave.job
    assert job.state is JobState.ERROR
    assert job.error
    last = "Last error: The site is away."
    assert str(job.error.message) == f"The book could not be made in 5 attempts; try again later. {last}"
    assert job.expire_time == grave.clock() + DAY


def test_a_dead_letter_that_comes_again_changes_nothing(grave: Grave) -> None:
    grave.bury()
    before = grave.job
    assert grave.bury() is Burial.ENDED
    assert grave.job == before


def test_a_finished_job_stays_done(grave: Grave) -> None:
    grave.jobs.update(grave.job_id, lambda job: ended(job, JobState.DONE, now=grave.clock(), retention=DAY))
    assert grave.bury() is Burial.ENDED
    assert grave.job.state is JobState.DONE


def test_a_job_that_moved_on_is_left_alone(grave: Grave) -> None:
    assert grave.bury(step=1) is Burial.MOVED_ON
    assert grave.job.state is JobState.RUNNING


def test_a_held_job_is_left_to_its_holder(grave: Grave) -> None:
    lease = Lease(holder="w", expires_at=grave.clock() + timedelta(seconds=20))
    grave.jobs.update(grave.job_id, lambda job: replace(job, lease=lease))
    assert grave.bury() is Burial.HELD
    grave.clock.move(21)
    assert grave.bury() is Burial.FAILED


@pytest.mark.parametrize("attempts", [0, 4])
def test_a_job_that_was_refused_rather_than_started_is_sent_again_later(grave: Grave, attempts: int) -> None:
    """Want of a place, or of a store, is no failure of the job's."""
    grave.jobs.update(grave.job_id, lambda job: replace(job, attempts=attempts))
    assert grave.bury() is Burial.POSTPONED
    job = grave.job
    assert (job.state, job.attempts) == (JobState.RUNNING, attempts)
    assert job.dispatch
    assert (job.dispatch.sent, job.dispatch.due) == (False, grave.clock() + POSTPONEMENT)


def test_a_copy_of_such_a_dead_letter_does_not_delay_the_job_further(grave: Grave) -> None:
    grave.jobs.update(grave.job_id, lambda job: replace(job, attempts=0))
    grave.bury()
    before = grave.job
    grave.clock.move(200)
    assert grave.bury() is Burial.POSTPONED
    assert grave.job == before


def test_a_job_that_is_gone_needs_no_burial(grave: Grave) -> None:
    grave.jobs.delete(grave.job_id)
    assert grave.bury() is Burial.MISSING


def test_a_worker_that_left_no_word_is_explained(grave: Grave) -> None:
    grave.jobs.update(grave.job_id, lambda job: replace(job, last_error=literal("")))
    grave.bury(deliveries=0)
    assert grave.job.error
    assert "stopped unexpectedly" in str(grave.job.error.message)
    assert "in 5 attempts" in str(grave.job.error.message)
