"""What clients may do to a job, and what it leaves behind."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from sitebookify.errors import FailedPrecondition, JobConflict, JobNotFound, Unavailable
from sitebookify.jobs import Job, JobError, JobState, Lease, Progress, Stage, ended
from sitebookify.messages import literal
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.purge import purge
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

SPEC = JobSpec(source_url="https://example.com/")
DAY = timedelta(days=1)


class Desk:
    """Commands over an empty store."""

    def __init__(self, *, ignore_robots: bool = False) -> None:
        self.clock = ManualClock()
        self.store = MemoryObjectStore()
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = RecordingDispatcher()
        self.commands = JobCommands(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            retention=DAY,
            ignore_robots=ignore_robots,
            clock=self.clock,
        )

    def lease(self, job_id: str) -> Job:
        """Let a worker hold the job."""
        lease = Lease(holder="worker", expires_at=self.clock() + timedelta(seconds=20))
        return self.jobs.update(job_id, lambda job: replace(job.moved(JobState.RUNNING, self.clock()), lease=lease)).job

    def fail(self, job_id: str) -> Job:
        error = JobError(message=literal("no"), reason="NO")
        return self.jobs.update(
            job_id, lambda job: ended(job, JobState.ERROR, now=self.clock(), retention=DAY, error=error)
        ).job


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("server", [False, True])
@pytest.mark.parametrize("client", [False, True])
async def test_robots_are_ignored_where_the_server_or_the_job_says_so(server: bool, client: bool) -> None:  # noqa: FBT001 - columns of the table
    job = await Desk(ignore_robots=server).commands.create(replace(SPEC, ignore_robots=client))
    assert job.spec.ignore_robots == (server or client)


async def test_create_stores_the_job_and_sends_its_first_message(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    stored = desk.jobs.get(job.id).job
    assert stored.state is JobState.QUEUED
    assert stored.dispatch
    assert stored.dispatch.sent
    assert desk.dispatcher.sent == [(job.id, 0)]


async def test_an_order_that_could_not_be_queued_stays_in_the_outbox_due_at_once(desk: Desk) -> None:
    """The client is asked to send it again: nothing failed yet, so nobody is notified of an end either."""
    desk.dispatcher.failures = 1
    spec = replace(SPEC, webhook_url="https://example.com/done")
    with capture_logs() as logs, pytest.raises(Unavailable):
        await desk.commands.create(spec, job_id=(job_id := str(uuid.uuid4())))
    job = desk.jobs.get(job_id).job
    assert (job.state, job.webhook) == (JobState.QUEUED, None)
    assert job.dispatch
    assert (job.dispatch.sent, job.dispatch.due) == (False, desk.clock())
    told = next(entry for entry in logs if entry["event"] == "job.not_queued")
    assert (told["log_level"], told["reason"]) == ("warning", "DISPATCH_FAILED")


async def test_the_id_of_a_job_that_is_being_deleted_is_a_conflict(desk: Desk) -> None:
    job = await desk.commands.create(SPEC, request_id="r1")
    desk.lease(job.id)
    await desk.commands.delete(job.id)
    with pytest.raises(JobConflict, match="being deleted"):
        await desk.commands.create(SPEC, request_id="r1")


async def test_a_cancel_that_is_repeated_is_one_event(desk: Desk) -> None:
    queued, held = await desk.commands.create(SPEC), await desk.commands.create(SPEC)
    desk.lease(held.id)
    with capture_logs() as logs:
        for job in (queued, held) * 2:
            await desk.commands.cancel(job.id)
    states = [entry["state"] for entry in logs if entry["event"] == "job.cancel_requested"]
    assert states == ["cancelled", "running"]


async def test_a_taken_job_id_is_a_conflict(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    with pytest.raises(JobConflict, match=job.id):
        await desk.commands.create(SPEC, job_id=job.id)


async def test_many_creates_with_one_request_id_make_one_job(desk: Desk) -> None:
    jobs = await asyncio.gather(*(desk.commands.create(SPEC, request_id="r1") for _ in range(50)))
    assert len({job.id for job in jobs}) == 1
    assert desk.dispatcher.sent == [(jobs[0].id, 0)]


async def test_a_request_id_with_another_spec_is_a_conflict(desk: Desk) -> None:
    await desk.commands.create(SPEC, request_id="r1")
    with pytest.raises(JobConflict, match="r1"):
        await desk.commands.create(replace(SPEC, max_pages=1), request_id="r1")


async def test_a_repeated_request_queues_the_job_that_could_not_be_queued_before(desk: Desk) -> None:
    desk.dispatcher.failures = 1
    with pytest.raises(Unavailable):
        await desk.commands.create(SPEC, request_id="r1")
    job = await desk.commands.create(SPEC, request_id="r1")
    assert job.state is JobState.QUEUED
    assert desk.dispatcher.sent == [(job.id, 0)]
    await desk.commands.create(SPEC, request_id="r1")
    assert desk.dispatcher.sent == [(job.id, 0)]


async def test_cancel_ends_a_queued_job_at_once(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    assert (await desk.commands.cancel(job.id)).state is JobState.CANCELLED
    assert (await desk.commands.cancel(job.id)).state is JobState.CANCELLED


async def test_cancel_asks_the_worker_that_holds_the_job(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.lease(job.id)
    job = await desk.commands.cancel(job.id)
    assert (job.state, job.cancel_requested) == (JobState.RUNNING, True)


async def test_cancel_ends_a_job_whose_worker_is_gone(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.lease(job.id)
    desk.clock.move(60)
    assert (await desk.commands.cancel(job.id)).state is JobState.CANCELLED


async def test_a_finished_job_cannot_be_cancelled(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.fail(job.id)
    with pytest.raises(FailedPrecondition):
        await desk.commands.cancel(job.id)


async def test_retry_goes_on_from_the_last_checkpoint_under_a_new_step(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.jobs.update(job.id, lambda job: replace(job, checkpoint="data/x", attempts=4, last_error=literal("no")))
    desk.fail(job.id)
    await desk.commands.retry(job.id)
    job = desk.jobs.get(job.id).job
    assert (job.state, job.step, job.attempts, job.error, job.checkpoint) == (JobState.QUEUED, 1, 0, None, "data/x")
    assert (job.expire_time, job.completion_time) == (None, None)
    assert desk.dispatcher.sent[-1] == (job.id, 1)


async def test_a_done_job_whose_book_lacks_pages_fetches_them_at_a_retry(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)

    def done(job: Job) -> Job:
        job = ended(job.moved(JobState.RUNNING, desk.clock()), JobState.DONE, now=desk.clock(), retention=DAY)
        progress = Progress(stage=Stage.PACKAGE, percent=100, message=literal("incomplete"), pages_fetched=7)
        return replace(job, stage=Stage.PACKAGE, checkpoint="data/last", retry_from="data/crawl", progress=progress)

    desk.jobs.update(job.id, done)
    await desk.commands.retry(job.id)
    job = desk.jobs.get(job.id).job
    assert (job.state, job.stage, job.checkpoint, job.retry_from) == (JobState.QUEUED, Stage.CRAWL, "data/crawl", "")
    assert (job.progress.percent, job.progress.pages_fetched) == (0, 7)
    assert desk.dispatcher.sent[-1] == (job.id, 1)
    whole = await desk.commands.create(SPEC)
    desk.jobs.update(whole.id, lambda job: replace(done(job), retry_from=""))
    with pytest.raises(FailedPrecondition):
        await desk.commands.retry(whole.id)


async def test_only_a_failed_or_cancelled_job_can_be_retried(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    with pytest.raises(FailedPrecondition):
        await desk.commands.retry(job.id)


async def test_delete_removes_record_and_objects(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.store.put(data_prefix(job.id) + "blobs/a", b"a")
    await desk.commands.delete(job.id)
    assert list(desk.store.list("")) == []
    with pytest.raises(JobNotFound):
        await desk.commands.delete(job.id)


async def test_deleting_a_job_with_many_objects_is_answered_before_all_of_them_are_gone(desk: Desk) -> None:
    """A book may have ten thousand; the reconciler removes the rest, and the record last."""
    job = await desk.commands.create(SPEC)
    for n in range(250):
        desk.store.put(data_prefix(job.id) + f"blobs/{n}", b"a")
    await desk.commands.delete(job.id)
    with pytest.raises(JobNotFound):
        desk.jobs.get(job.id)
    assert len(list(desk.store.list(data_prefix(job.id)))) == 50
    assert purge(desk.jobs, desk.store, job.id)
    assert list(desk.store.list("")) == []


async def test_a_deleted_job_is_gone_for_clients_while_its_worker_stops(desk: Desk) -> None:
    job = await desk.commands.create(SPEC)
    desk.lease(job.id)
    await desk.commands.delete(job.id)
    with pytest.raises(JobNotFound):
        desk.jobs.get(job.id)
    left = desk.jobs.read(job.id).job
    assert (left.cancel_requested, left.delete_requested) == (True, True)
    for command in (desk.commands.cancel, desk.commands.retry, desk.commands.delete):
        with pytest.raises(JobNotFound):
            await command(job.id)
