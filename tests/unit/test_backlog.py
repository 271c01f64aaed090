"""More work than workers: jobs wait, and none of them fails or is taken for lost because of that."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from structlog.testing import capture_logs

from sitebookify.egress import Egress
from sitebookify.errors import TransientError
from sitebookify.jobs import JobState, new_job
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.deadletter import bury
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore
from support.toy import Counting, toy_pipeline
from support.virtual_time import VIRTUAL_TIME, Backend

T = TypeVar("T")

DAY = timedelta(days=1)
JOBS = 20
WORKERS = 2
MAX_DELIVERIES = 5
BACKOFFS = (30, 60, 120, 240)
LIMITS = SliceLimits(
    lease=timedelta(seconds=20),
    heartbeat=timedelta(seconds=5),
    budget=timedelta(seconds=300),
    overrun=timedelta(seconds=240),
    grace=timedelta(seconds=8),
    checkpoint=timedelta(seconds=2),
    max_attempts=15,
    retention=DAY,
)


@pytest.fixture
def anyio_backend() -> Backend:
    return VIRTUAL_TIME


async def at_once(function: Callable[..., T], /, *args: Any) -> T:
    return function(*args)


class Clock:
    """The time of the loop that runs, also for other threads."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def __call__(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._loop.time())


class Store(MemoryObjectStore):
    """Away while ``away``."""

    away = False

    def come_back(self) -> None:
        self.away = False

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        if self.away:
            raise TransientError("the store is away")
        return super().get(name, unless_generation=unless_generation)


class Broker:
    """A topic with its push subscription and its dead letters, two workers, and the reconciler every minute.

    Args:
        pushes: deliveries under way at a time.
    """

    def __init__(self, pushes: int) -> None:
        self.pushes = pushes
        self.now = now = Clock()
        self.store = Store(clock=now)
        self.jobs = JobRepository(self.store, clock=now)
        self.messages: deque[tuple[JobMessage, int]] = deque()
        self.busy = 0
        self.dead_letters = 0
        egress = Egress(allow_private=False, user_agent="test")
        self.runner = SliceRunner(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self,
            egress=egress,
            compute=at_once,
            pipeline=toy_pipeline(Counting(3, each=lambda _n: asyncio.sleep(20))),
            limits=LIMITS,
            clock=now,
        )
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self,
            webhooks=WebhookSender(jobs=self.jobs, egress=egress, secrets=(), clock=now),
            unsent=timedelta(seconds=60),
            silence=timedelta(seconds=300),
            retention=DAY,
            clock=now,
        )

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        del traceparent
        self.messages.append((JobMessage(job_id=job_id, step=step), 1))

    async def push(self) -> None:
        """Deliver one message after the other."""
        while True:
            if not self.messages:
                await asyncio.sleep(1)
                continue
            message, delivery = self.messages.popleft()
            if await self._deliver(message):
                continue
            if delivery < MAX_DELIVERIES:
                await asyncio.sleep(BACKOFFS[delivery - 1] / self.pushes)
                self.messages.append((message, delivery + 1))
            else:
                await self._dead_letter(message)

    async def _deliver(self, message: JobMessage) -> bool:
        if self.busy == WORKERS:
            return False
        self.busy += 1
        try:
            await self.runner.run(message)
        except TransientError:
            return False
        finally:
            self.busy -= 1
        return True

    async def _dead_letter(self, message: JobMessage) -> None:
        self.dead_letters += 1
        while True:
            try:
                bury(self.jobs, message.job_id, message.step, deliveries=5, max_deliveries=5, retention=DAY)
            except TransientError:
                await asyncio.sleep(30)
            else:
                return

    async def reconcile(self) -> None:
        while True:
            await asyncio.sleep(60)
            with contextlib.suppress(TransientError):  # the next round comes, as in the services
                await self.reconciler.run()

    def add(self) -> None:
        self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=self.now()))

    @property
    def states(self) -> set[JobState]:
        return {summary.state for summary in self.jobs.list()}


async def until_all_ended(broker: Broker) -> None:
    tasks = [
        asyncio.create_task(broker.reconcile()),
        *(asyncio.create_task(broker.push()) for _ in range(broker.pushes)),
    ]
    while any(not state.terminal for state in broker.states):  # noqa: ASYNC110 - several tasks end them
        await asyncio.sleep(30)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    ("pushes", "refused"),
    [pytest.param(12, True, id="pushes find no worker free, as where Cloud Run answers 429"), (WORKERS, False)],
)
async def test_no_job_of_a_backlog_fails_or_is_taken_for_lost(pushes: int, *, refused: bool) -> None:
    broker = Broker(pushes)
    for _ in range(JOBS):
        broker.add()
    with capture_logs() as logs:
        await broker.reconciler.run()
        await asyncio.sleep(60)
        await broker.reconciler.run()
        first = sum(entry["event"] == "reconcile.sent" for entry in logs)
        await until_all_ended(broker)
    assert broker.states == {JobState.DONE}
    assert (broker.dead_letters > JOBS / 2) is refused
    assert (first, sum(entry["event"] == "reconcile.sent" for entry in logs)) == (JOBS, JOBS)


async def test_a_store_that_is_away_for_long_fails_no_job() -> None:
    broker = Broker(pushes=12)
    for _ in range(6):
        broker.add()
    await asyncio.sleep(60)
    await broker.reconciler.run()
    broker.store.away = True
    asyncio.get_running_loop().call_later(1800, broker.store.come_back)
    await until_all_ended(broker)
    assert broker.states == {JobState.DONE}
    assert broker.dead_letters
