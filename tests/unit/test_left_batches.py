"""A job that is cancelled while a language model works at its batches: a worker has them cancelled, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sitebookify.egress import Egress
from sitebookify.errors import ModelBusy
from sitebookify.jobs import JobState, Stage, new_job
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.outcome import Outcome
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.secret_key import SecretKey
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.toy import Counting, ManualClock, packaged

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
LIMITS = SliceLimits(
    lease=timedelta(seconds=20),
    heartbeat=timedelta(seconds=5),
    budget=timedelta(seconds=300),
    overrun=timedelta(seconds=60),
    grace=timedelta(seconds=8),
    checkpoint=timedelta(0),
    max_attempts=3,
    retention=DAY,
)


class World:
    """A job at the edit stage that nobody holds, the commands that clients give, and a worker."""

    def __init__(self, *, batch: bool = True, edit: Any = None) -> None:
        self.clock = ManualClock()
        self.store = MemoryObjectStore()
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = RecordingDispatcher()
        self.let_go: list[str] = []
        self.busy = 0
        key = SecretKey("k" * 64, self.store)
        parts: dict[str, Any] = {"jobs": self.jobs, "store": self.store, "dispatcher": self.dispatcher}
        self.commands = JobCommands(**parts, retention=DAY, key=key, clock=self.clock)
        self.runner = SliceRunner(
            **parts,
            egress=Egress(allow_private=False, user_agent="test"),
            compute=_at_once,
            pipeline={Stage.CRAWL: Counting(0), Stage.EDIT: edit or Counting(3), Stage.PACKAGE: packaged},
            limits=LIMITS,
            at_cancel=self._cancelled,
            clock=self.clock,
        )
        job = new_job(JobSpec(source_url="https://example.com/", batch=batch), now=self.clock())
        self.id = self.jobs.create(replace(job, stage=Stage.EDIT, state=JobState.RUNNING, step=4)).job.id

    async def _cancelled(self, job_id: str) -> None:
        if self.busy:
            self.busy -= 1
            raise ModelBusy("the service is away")
        self.let_go.append(job_id)

    async def deliver_all(self) -> list[Outcome]:
        """What the worker makes of every message."""
        messages, self.dispatcher.sent = self.dispatcher.sent, []
        return [await self.runner.run(JobMessage(job_id=job, step=step)) for job, step in messages]


async def _at_once(function: Callable[..., Any], /, *args: Any) -> Any:
    return function(*args)


async def test_a_cancel_reaches_the_batches_of_a_job_that_rests() -> None:
    world = World()
    assert (await world.commands.cancel(world.id)).state is JobState.CANCELLED
    assert await world.deliver_all() == [Outcome.ENDED]
    assert world.let_go == [world.id]


async def test_the_message_comes_again_while_the_service_is_away_and_so_does_the_cancel() -> None:
    world = World()
    world.dispatcher.failures = world.busy = 1
    await world.commands.cancel(world.id)
    assert world.dispatcher.sent == []
    await world.commands.cancel(world.id)
    (message,) = world.dispatcher.sent
    with pytest.raises(ModelBusy):
        await world.deliver_all()
    world.dispatcher.sent = [message]
    assert await world.deliver_all() == [Outcome.ENDED]
    assert world.let_go == [world.id]


async def test_so_does_a_delete() -> None:
    world = World()
    await world.commands.delete(world.id)
    assert await world.deliver_all() == [Outcome.MISSING]
    assert world.let_go == [world.id]


async def test_a_worker_that_is_at_the_job_does_it_itself() -> None:
    def asked(number: int) -> None:
        if number == 5:
            world.jobs.update(world.id, lambda job: replace(job, cancel_requested=True))
        world.clock.move(1)

    world = World(edit=Counting(1000, each=asked))
    assert await world.runner.run(JobMessage(job_id=world.id, step=4)) is Outcome.CANCELLED
    assert world.let_go == [world.id]


async def test_a_job_without_batches_wakes_nobody_up() -> None:
    world = World(batch=False)
    await world.commands.cancel(world.id)
    assert world.dispatcher.sent == []
