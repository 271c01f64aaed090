"""The second net: what is sent again, what is deleted, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

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


class ObservedStore(MemoryObjectStore):
    on_delete: Callable[[str], None] | None = None

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        super().delete(name, if_generation=if_generation)
        if self.on_delete:
            self.on_delete(name)


class ObservedDispatcher(RecordingDispatcher):
    """Has a bug where ``broken`` jobs are concerned."""

    on_send: Callable[[str], None] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.broken: set[str] = set()

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        if job_id in self.broken:
            raise KeyError(job_id)
        await super().dispatch(job_id, step, traceparent=traceparent)
        if self.on_send:
            self.on_send(job_id)


class Yard:
    """A reconciler over one job; the store's own times follow the manual clock."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = ObservedStore(clock=self.clock)
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = ObservedDispatcher()
        self.queued: set[str] = set()
        parts: dict[str, Any] = {
            "jobs": self.jobs,
            "store": self.store,
            "dispatcher": self.dispatcher,
            "webhooks": WebhookSender(
                jobs=self.jobs, egress=Egress(allow_private=False, user_agent="test"), secrets=(), clock=self.clock
            ),
            "unsent": timedelta(seconds=60),
            "silence": timedelta(seconds=1220),
            "retention": DAY,
            "clock": self.clock,
        }
        self.reconciler = Reconciler(**parts)
        self.local = Reconciler(**parts, queued=lambda job_id: job_id in self.queued)
        self.job_id = self.other()

    def other(self) -> str:
        return self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=self.clock())).job.id

    def hold(self, job_id: str) -> None:
        """A worker has just taken the job."""
        lease = Lease(holder="w", expires_at=self.clock() + timedelta(seconds=20))
        self.jobs.update(job_id, lambda job: replace(job.moved(JobState.RUNNING, self.clock()), lease=lease))

    def sent(self) -> None:
        def marked(job: Job) -> Job:
            assert job.dispatch
            return replace(job, dispatch=replace(job.dispatch, sent=True))

        self.jobs.update(self.job_id, marked)

    def leased(self, seconds: float) -> None:
        lease = Lease(holder="w", expires_at=self.clock() + timedelta(seconds=seconds))
        self.jobs.update(self.job_id, lambda job: replace(job.moved(JobState.RUNNING, self.clock()), lease=lease))

    @property
    def names(self) -> list[str]:
        """All objects but the state of the scan."""
        return [info.name for info in self.store.list("") if info.name != "server/indexes.json"]

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


async def test_a_held_job_is_left_alone_while_its_holder_writes(yard: Yard) -> None:
    """A holder that was silent for so long is dead, though its clock was ahead and its lease seems to go on."""
    yard.leased(10_000)
    yard.clock.move(1219)
    await yard.reconciler.run(silence=timedelta(0))
    assert yard.dispatcher.sent == []
    yard.clock.move(1)
    await yard.reconciler.run()
    assert yard.dispatcher.sent == [(yard.job_id, 0)]


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
    assert {f"jobs/{yard.job_id}.json", data_prefix(yard.job_id) + "book.md"} <= set(yard.names)
    yard.clock.move(1)
    assert await yard.reconciler.run() == Reconciled(seen=1, deleted=1)
    assert yard.names == []


async def test_a_purge_that_was_broken_off_is_finished(yard: Yard) -> None:
    yard.store.put(data_prefix(yard.job_id) + "book.md", b"x")
    yard.end(deleted=True)
    await yard.reconciler.run()
    assert yard.names == []


async def test_a_deleted_job_goes_once_its_worker_has_stopped(yard: Yard) -> None:
    yard.leased(20)
    yard.jobs.update(yard.job_id, lambda job: replace(job, delete_requested=True, cancel_requested=True))
    await yard.reconciler.run()
    assert len(list(yard.store.list("jobs/"))) == 1
    yard.jobs.update(yard.job_id, lambda job: ended(job, JobState.CANCELLED, now=yard.clock(), retention=DAY))
    await yard.reconciler.run()
    assert yard.names == []


async def test_what_a_frozen_worker_writes_into_a_deleted_job_goes_too(yard: Yard) -> None:
    """Its lease is over, so the data go; the record stays for as long as the worker may wake up and write."""
    yard.leased(20)
    yard.store.put(data_prefix(yard.job_id) + "page", b"x")
    yard.jobs.update(yard.job_id, lambda job: replace(job, delete_requested=True, cancel_requested=True))
    yard.clock.move(21)
    await yard.reconciler.run()
    assert list(yard.store.list("data/")) == []
    assert f"jobs/{yard.job_id}.json" in yard.names
    yard.store.put(data_prefix(yard.job_id) + "late", b"x")
    yard.clock.move(1219)
    await yard.reconciler.run()
    assert yard.names == []


async def test_a_message_that_waits_its_turn_is_not_sent_again(yard: Yard) -> None:
    """Workers are at jobs whose messages were sent before, or not much later."""
    yard.sent()
    yard.clock.move(1000)
    other = yard.other()
    yard.clock.move(4000)
    yard.hold(other)
    assert await yard.reconciler.run() == Reconciled(seen=2)


async def test_a_message_that_was_overtaken_by_far_is_lost(yard: Yard) -> None:
    yard.sent()
    yard.clock.move(1220)
    other = yard.other()
    yard.clock.move(4000)
    yard.hold(other)
    assert await yard.reconciler.run() == Reconciled(seen=2, sent=1)
    assert yard.dispatcher.sent == [(yard.job_id, 0)]


async def test_a_job_in_the_queue_of_this_process_is_not_lost(yard: Yard) -> None:
    yard.sent()
    yard.clock.move(5000)
    yard.queued.add(yard.job_id)
    assert await yard.local.run() == Reconciled(seen=1)
    yard.queued.clear()
    assert await yard.local.run() == Reconciled(seen=1, sent=1)


async def test_a_rest_that_is_over_is_no_sign_of_trouble(yard: Yard) -> None:
    """The alert counts `reconcile.sent`."""

    def resting(job: Job) -> Job:
        assert job.dispatch
        return replace(job, dispatch=replace(job.dispatch, due=yard.clock() + timedelta(hours=2)))

    yard.jobs.update(yard.job_id, resting)
    yard.clock.move(7200)
    with capture_logs() as logs:
        await yard.reconciler.run()
    assert next((entry["event"], entry["log_level"]) for entry in logs) == ("reconcile.resumed", "info")


async def test_what_the_reconciler_sends_is_in_the_trace_of_the_job(yard: Yard) -> None:
    trace = "ab" * 16
    yard.jobs.update(yard.job_id, lambda job: replace(job, traceparent=f"00-{trace}-{'cd' * 8}-01"))
    yard.clock.move(60)
    with capture_logs(processors=[merge_contextvars]) as logs:
        await yard.reconciler.run()
    assert [entry["trace_id"] for entry in logs if entry["event"] == "reconcile.sent"] == [trace]


async def test_messages_come_before_removals(yard: Yard) -> None:
    """Though ten thousand books expired in the same minute, and the store answers late."""
    yard.end()
    yard.clock.move(86_400)
    waiting = yard.other()
    yard.clock.move(60)
    order: list[str] = []
    yard.store.on_delete = order.append
    yard.dispatcher.on_send = order.append
    await yard.reconciler.run()
    assert [name for name in order if name == waiting or name.startswith("jobs/")] == [
        waiting,
        f"jobs/{yard.job_id}.json",
    ]


async def test_a_bug_met_in_one_job_is_logged_and_spares_the_others(yard: Yard) -> None:
    other = yard.other()
    yard.clock.move(60)
    yard.dispatcher.broken.add(yard.job_id)
    with capture_logs() as logs:
        assert await yard.reconciler.run() == Reconciled(seen=2, sent=1, failed=1)
    assert yard.dispatcher.sent == [(other, 0)]
    assert [entry["log_level"] for entry in logs if entry["event"] == "reconcile.failed"] == ["error"]


async def test_at_a_start_nothing_is_waited_for(yard: Yard) -> None:
    yard.sent()
    await yard.reconciler.run(silence=timedelta(0))
    assert yard.dispatcher.sent == [(yard.job_id, 0)]
