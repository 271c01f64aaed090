"""The second net: what is sent again, what is deleted, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sitebookify.egress import Egress
from sitebookify.jobs import Job, JobState, Lease, ended, new_job
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.reconciler import Reconciled, Reconciler
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

DAY = timedelta(days=1)


class Yard:
    """A reconciler over one job; the store's own times follow the manual clock."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = MemoryObjectStore(clock=self.clock)
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = RecordingDispatcher()
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            webhooks=WebhookSender(
                jobs=self.jobs, egress=Egress(allow_private=False, user_agent="test"), secrets=(), clock=self.clock
            ),
            unsent=timedelta(seconds=60),
            silence=timedelta(seconds=1220),
            retention=DAY,
            clock=self.clock,
        )
        self.job_id = self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=self.clock())).job.id

    def sent(self) -> None:
        def marked(job: Job) -> Job:
            assert job.dispatch
            return replace(job, dispatch=replace(job.dispatch, sent=True))

        self.jobs.update(self.job_id, marked)

    def leased(self, seconds: float) -> None:
        lease = Lease(holder="w", expires_at=self.clock() + timedelta(seconds=seconds))
        self.jobs.update(self.job_id, lambda job: replace(job.moved(JobState.RUNNING, self.clock()), lease=lease))

    def end(self, *, deleted: bool = False) -> None:
        self.jobs.update(
            self.job_id,
            lambda job: replace(
                ended(job, JobState.CANCELLED, now=self.clock(), retention=DAY), delete_requested=deleted
            ),
        )


@pytest.fixture
def yard() -> Yard:
    return Yard()


async def test_a_message_that_was_never_sent_is_sent_after_its_time_and_once(yard: Yard) -> None:
    yard.clock.move(59)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == []
    yard.clock.move(1)
    assert await yard.reconciler.run() == Reconciled(seen=1, sent=1)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == [(yard.job_id, 0)]


async def test_a_silent_job_is_sent_again_only_after_any_redelivery(yard: Yard) -> None:
    yard.sent()
    yard.clock.move(1219)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == []
    yard.clock.move(1)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == [(yard.job_id, 0)]


async def test_a_job_that_rests_is_sent_when_its_rest_is_over_and_not_before(yard: Yard) -> None:
    """Even at a start, where nothing else is waited for."""

    def resting(job: Job) -> Job:
        assert job.dispatch
        return replace(job, dispatch=replace(job.dispatch, due=yard.clock() + timedelta(hours=2)))

    yard.jobs.update(yard.job_id, resting)
    yard.clock.move(7199)
    await yard.reconciler.run(silence=timedelta(0))
    assert yard.dispatcher.sent == []
    yard.clock.move(1)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == [(yard.job_id, 0)]


async def test_a_held_job_is_left_alone(yard: Yard) -> None:
    yard.leased(10_000)
    yard.clock.move(5_000)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == []


async def test_a_failed_publish_leaves_the_outbox_for_the_next_round(yard: Yard) -> None:
    yard.clock.move(60)
    yard.dispatcher.failures = 1
    assert await yard.reconciler.run() == Reconciled(seen=1, failed=1)
    assert await yard.reconciler.run() == Reconciled(seen=1, sent=1)


async def test_an_expired_job_goes_with_its_objects(yard: Yard) -> None:
    yard.store.put(data_prefix(yard.job_id) + "book.md", b"x")
    yard.end()
    yard.clock.move(86_399)
    await yard.reconciler.run()
    assert len(list(yard.store.list(""))) == 2
    yard.clock.move(1)
    assert await yard.reconciler.run() == Reconciled(seen=1, deleted=1)
    assert list(yard.store.list("")) == []


async def test_a_purge_that_was_broken_off_is_finished(yard: Yard) -> None:
    yard.store.put(data_prefix(yard.job_id) + "book.md", b"x")
    yard.end(deleted=True)
    await yard.reconciler.run()
    assert list(yard.store.list("")) == []


async def test_a_deleted_job_goes_once_its_worker_has_stopped(yard: Yard) -> None:
    yard.leased(20)
    yard.jobs.update(yard.job_id, lambda job: replace(job, delete_requested=True, cancel_requested=True))
    await yard.reconciler.run()
    assert len(list(yard.store.list("jobs/"))) == 1
    yard.clock.move(21)
    await yard.reconciler.run()
    assert list(yard.store.list("")) == []


async def test_at_a_start_nothing_is_waited_for(yard: Yard) -> None:
    yard.sent()
    await yard.reconciler.run(silence=timedelta(0))
    assert yard.dispatcher.sent == [(yard.job_id, 0)]
