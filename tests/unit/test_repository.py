"""Job records in the object store."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from sitebookify.errors import JobConflict, JobNotFound, PreconditionFailed
from sitebookify.jobs import Job, JobState, ended, new_job
from sitebookify.repository import JobRepository, Stored
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock


class Records:
    """A repository over an empty store, with one job in it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = MemoryObjectStore()
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.first = self.jobs.create(self.new())

    def new(self, url: str = "https://example.org/") -> Job:
        return new_job(JobSpec(source_url=url), now=self.clock())


@pytest.fixture
def records() -> Records:
    return Records()


def bumped(job: Job) -> Job:
    return replace(job, attempts=job.attempts + 1)


class TestReading:
    def test_a_job_comes_back_with_its_generation(self, records: Records) -> None:
        assert records.jobs.get(records.first.job.id) == records.first

    def test_a_missing_job_is_not_found(self, records: Records) -> None:
        with pytest.raises(JobNotFound, match="there is no job nobody"):
            records.jobs.get("nobody")

    def test_a_job_that_is_being_deleted_is_hidden_from_clients_only(self, records: Records) -> None:
        job_id = records.first.job.id
        records.jobs.update(job_id, lambda job: replace(job, delete_requested=True))
        with pytest.raises(JobNotFound):
            records.jobs.get(job_id)
        assert records.jobs.read(job_id).job.delete_requested

    def test_an_unchanged_record_is_not_read_again(self, records: Records) -> None:
        """What is known comes back itself."""
        assert records.jobs.read(records.first.job.id, known=records.first) is records.first

    def test_a_changed_record_is(self, records: Records) -> None:
        changed = records.jobs.update(records.first.job.id, bumped)
        assert records.jobs.read(records.first.job.id, known=records.first) == changed

    def test_a_record_that_was_deleted_is_not_found(self, records: Records) -> None:
        records.jobs.delete(records.first.job.id)
        with pytest.raises(JobNotFound):
            records.jobs.read(records.first.job.id, known=records.first)


class TestWriting:
    def test_an_id_is_taken_once(self, records: Records) -> None:
        with pytest.raises(JobConflict):
            records.jobs.create(replace(records.new(), id=records.first.job.id))

    def test_every_write_is_timed(self, records: Records) -> None:
        records.clock.move(60)
        changed = records.jobs.replace(records.first, bumped(records.first.job))
        assert changed.job.update_time == records.clock()
        assert records.jobs.get(changed.job.id) == changed

    def test_a_stale_writer_is_refused(self, records: Records) -> None:
        """The fence: who was overtaken writes nothing."""
        current = records.jobs.replace(records.first, bumped(records.first.job))
        with pytest.raises(PreconditionFailed):
            records.jobs.replace(records.first, records.first.job)
        assert records.jobs.get(current.job.id) == current

    def test_a_deleted_job_cannot_come_back_by_a_late_write(self, records: Records) -> None:
        records.jobs.delete(records.first.job.id)
        with pytest.raises(PreconditionFailed):
            records.jobs.replace(records.first, records.first.job)
        assert list(records.jobs.list()) == []

    def test_deleting_twice_is_no_error(self, records: Records) -> None:
        records.jobs.delete(records.first.job.id)
        records.jobs.delete(records.first.job.id)


class TestUpdate:
    def test_no_change_writes_nothing(self, records: Records) -> None:
        records.clock.move(60)
        assert records.jobs.update(records.first.job.id, lambda job: job) == records.first

    def test_it_starts_again_from_what_another_wrote(self, records: Records) -> None:
        """The change sees the other write, and both stand."""
        seen = []

        def change(job: Job) -> Job:
            seen.append(job.step)
            if len(seen) == 1:
                other = records.jobs.read(job.id)
                records.jobs.replace(other, replace(other.job, step=7))
            return bumped(job)

        updated = records.jobs.update(records.first.job.id, change).job
        assert (seen, updated.step, updated.attempts) == ([0, 7], 7, 1)

    def test_it_gives_up_where_others_win_every_race(self, records: Records) -> None:
        def change(job: Job) -> Job:
            other = records.jobs.read(job.id)
            records.jobs.replace(other, replace(other.job, step=other.job.step + 1))
            return bumped(job)

        with pytest.raises(JobConflict, match="changes too often"):
            records.jobs.update(records.first.job.id, change)

    def test_a_missing_job_is_not_found(self, records: Records) -> None:
        with pytest.raises(JobNotFound):
            records.jobs.update("nobody", bumped)

    def test_none_of_many_is_lost(self, records: Records) -> None:
        gate = threading.Barrier(8)

        def ten_times(_: int) -> None:
            gate.wait()
            for _ in range(10):
                while not _updated(records.jobs, records.first.job.id):
                    pass

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ten_times, range(8)))
        assert records.jobs.get(records.first.job.id).job.attempts == 80


class TestListing:
    def test_it_tells_of_each_job_without_reading_it(self, records: Records) -> None:
        """All that a list shows or the reconciler decides on comes from the listing itself."""
        job = records.first.job
        over = records.jobs.update(
            job.id, lambda job: ended(job, JobState.CANCELLED, now=records.clock(), retention=timedelta(days=3))
        )
        (summary,) = list(records.jobs.list())
        assert (summary.id, summary.state, summary.source_url) == (job.id, JobState.CANCELLED, job.spec.source_url)
        assert (summary.create_time, summary.expire_time) == (job.create_time, over.job.expire_time)
        assert not summary.delete_requested

    def test_it_is_in_order_of_id(self, records: Records) -> None:
        for _ in range(5):
            records.jobs.create(records.new())
        ids = [summary.id for summary in records.jobs.list()]
        assert len(ids) == 6
        assert ids == sorted(ids)

    def test_a_deletion_that_was_asked_for_is_told(self, records: Records) -> None:
        records.jobs.update(records.first.job.id, lambda job: replace(job, delete_requested=True))
        assert [summary.delete_requested for summary in records.jobs.list()] == [True]

    def test_a_jobs_data_is_not_among_them(self, records: Records) -> None:
        records.store.put(f"data/{records.first.job.id}/blobs/abc", b"")
        assert len(list(records.jobs.list())) == 1

    def test_an_object_that_is_no_record_is_left_out(self, records: Records) -> None:
        """Somebody's file among the records must not hide all jobs."""
        records.store.put("jobs/README.txt", b"")
        assert [summary.id for summary in records.jobs.list()] == [records.first.job.id]


def _updated(jobs: JobRepository, job_id: str) -> Stored | None:
    try:
        return jobs.update(job_id, bumped)
    except JobConflict:
        return None
