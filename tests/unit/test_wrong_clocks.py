"""A machine whose clock was wrong wrote a record: once clocks are right again, the job goes on as any other does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sitebookify.egress import Egress
from sitebookify.jobs import Dispatch, Job, JobState, Lease, WebhookDelivery, ended, new_job
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

YEARS = timedelta(days=1500)
DAY = timedelta(days=1)
SILENCE = timedelta(seconds=1220)
SPEC = JobSpec(source_url="https://example.com/")
TOLD = replace(SPEC, webhook_url="https://receiver.example/", webhook_secret="whsec_" + "A" * 32)


class Receiver(Egress):
    """Counts what it is told."""

    told = 0

    async def post(self, *_: object, **__: object) -> int:
        self.told += 1
        return 200


class World:
    """A store and its reconciler."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = MemoryObjectStore(clock=self.clock)
        self.jobs = JobRepository(self.store)
        self.dispatcher = RecordingDispatcher()
        self.receiver = Receiver(allow_private=False, user_agent="test")
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            webhooks=WebhookSender(jobs=self.jobs, egress=self.receiver, secrets=()),
            unsent=timedelta(seconds=60),
            silence=SILENCE,
            retention=DAY,
        )

    def written_ahead(self, change: Callable[[Job, datetime], Job], spec: JobSpec = SPEC) -> Job:
        """A job that a clock years ahead wrote last."""
        self.clock.move(YEARS.total_seconds())
        now = self.clock()
        job = self.jobs.create(change(new_job(spec, now=now), now)).job
        self.store.put(f"{data_prefix(job.id)}page", b"x")
        self.clock.move(-YEARS.total_seconds())
        return job


def sent(job: Job, now: datetime) -> Job:
    return replace(job, dispatch=Dispatch(step=0, sent=True, at=now))


def held(job: Job, now: datetime) -> Job:
    return replace(
        sent(job, now).moved(JobState.RUNNING, now), lease=Lease(holder="w", expires_at=now + timedelta(seconds=20))
    )


def resting(job: Job, now: datetime) -> Job:
    return replace(job, dispatch=Dispatch(step=0, sent=False, at=now, due=now + timedelta(minutes=15)))


def unsent(job: Job, now: datetime) -> Job:
    del now
    return job


@pytest.mark.parametrize("written", [unsent, sent, held, resting])
@pytest.mark.parametrize("at_start", [True, False])
async def test_a_job_that_the_future_wrote_is_sent_again(
    written: Callable[[Job, datetime], Job],
    at_start: bool,  # noqa: FBT001 - a column of the table
) -> None:
    world = World()
    job = world.written_ahead(written)
    await world.reconciler.run(silence=timedelta(0) if at_start else None)
    assert world.dispatcher.sent == [(job.id, 0)]
    await world.reconciler.run()
    assert world.dispatcher.sent == [(job.id, 0)], "once noted by a clock that is right, it has time"


async def test_a_job_that_others_wrote_a_little_ahead_is_left_alone() -> None:
    """Clocks of machines differ by seconds."""
    world = World()
    world.clock.move(20)
    world.jobs.create(sent(new_job(SPEC, now=world.clock()), world.clock()))
    world.clock.move(-20)
    await world.reconciler.run()
    assert world.dispatcher.sent == []


async def test_what_a_dead_worker_of_the_future_holds_is_removed_when_its_owner_asks() -> None:
    world = World()
    job = world.written_ahead(held)
    world.jobs.update(job.id, lambda job: replace(job, delete_requested=True, cancel_requested=True))
    await world.reconciler.run()
    assert list(world.store.list(data_prefix(job.id))), "the worker may still be there"
    world.clock.move(2 * SILENCE.total_seconds())
    await world.reconciler.run()
    assert not list(world.store.list(f"jobs/{job.id}"))
    assert not list(world.store.list(data_prefix(job.id)))


async def test_a_notification_that_the_future_put_off_is_sent() -> None:
    def end(job: Job, now: datetime) -> Job:
        job = ended(job, JobState.CANCELLED, now=now, retention=DAY)
        return replace(job, webhook=WebhookDelivery(due=now + timedelta(minutes=1), attempts=1))

    world = World()
    world.written_ahead(end, TOLD)
    await world.reconciler.run()
    assert world.receiver.told == 1
