"""Markers of jobs that need somebody: whatever is cut off, and wherever, the reconciler finds the job by them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from sitebookify.egress import Egress
from sitebookify.errors import JobNotFound
from sitebookify.job_index import Scan
from sitebookify.jobs import Job, JobState, Lease, ended, new_job
from sitebookify.ports import ObjectInfo
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.job_scan import JobScan, unfinished
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.secret_key import SecretKey
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.toy import Counting, ManualClock, toy_pipeline
from support.virtual_time import VirtualTimeLoop

DAY = timedelta(days=1)
HOUR = 3600.0
LIMITS = SliceLimits(
    lease=timedelta(seconds=20),
    heartbeat=timedelta(hours=8),
    budget=timedelta(hours=1),
    overrun=timedelta(hours=8),
    grace=timedelta(hours=8),
    checkpoint=timedelta(0),
    max_attempts=15,
    retention=DAY,
)


class Died(Exception):
    """The process was killed: nothing that it does reaches the store any more."""


class MortalStore(MemoryObjectStore):
    """Lets so many writes and deletes through; with the one after them the process dies, until it is `revive`d."""

    left = 1_000_000

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        self.use()
        return super().put(name, data, if_generation=if_generation, content_type=content_type, metadata=metadata)

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        self.use()
        super().delete(name, if_generation=if_generation)

    def use(self) -> None:
        """Count one write.

        Raises:
            Died: it was one too many.
        """
        self.left -= 1
        if self.left < 0:
            raise Died


class MortalDispatcher(RecordingDispatcher):
    """Belongs to the process too."""

    def __init__(self, store: MortalStore) -> None:
        super().__init__()
        self._store = store

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        self._store.use()
        await super().dispatch(job_id, step, traceparent=traceparent)


class Receiver(Egress):
    """Takes whatever it is told."""

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str], timeout: float) -> int:  # noqa: ASYNC109 - as the one it stands for
        del url, body, headers, timeout
        return 200


class World:
    """API, worker and reconciler over one store; all records were scanned a moment ago, and are not again for a day."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = MortalStore(clock=self.clock)
        self.jobs = JobRepository(self.store)
        self.dispatcher = MortalDispatcher(self.store)
        self.commands = JobCommands(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            retention=DAY,
            key=SecretKey("key", self.store),
        )
        egress = Receiver(allow_private=False, user_agent="test")
        self.webhooks = WebhookSender(jobs=self.jobs, egress=egress, secrets=())
        self.runner = SliceRunner(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            egress=egress,
            compute=_at_once,
            pipeline=toy_pipeline(Counting(2)),
            limits=LIMITS,
        )
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            webhooks=self.webhooks,
            unsent=timedelta(seconds=60),
            silence=timedelta(seconds=1220),
            retention=DAY,
        )
        self.no_scan()

    def no_scan(self) -> None:
        self.jobs.index.keep(Scan(complete=True, ended=self.clock(), seen=10**9))

    async def work(self) -> None:
        """Deliver what was sent, and what that sends."""
        while self.dispatcher.sent:
            job_id, step = self.dispatcher.sent.pop(0)
            await self.runner.run(JobMessage(job_id=job_id, step=step))
            await self.webhooks.announce(job_id)

    async def recover(self) -> None:
        """Some hours of rounds, as another process makes them; messages on their way at the death are lost."""
        self.store.left = 1_000_000
        self.dispatcher.sent.clear()
        for _ in range(5):
            self.clock.move(HOUR)
            await self.reconciler.run()
            await self.work()

    @property
    def ids(self) -> set[str]:
        return {summary.id for summary in self.jobs.list()}

    @property
    def marked(self) -> set[str]:
        return {marker.id for marker in self.jobs.index.markers()}

    @property
    def listed(self) -> list[str]:
        return [entry.id for entry, _ in self.jobs.recent()]

    def states(self) -> set[JobState]:
        return {summary.state for summary in self.jobs.list()}


async def _at_once(function: Callable[..., Any], /, *args: Any) -> Any:
    return function(*args)


SPEC = JobSpec(source_url="https://example.com/")
TOLD = replace(SPEC, webhook_url="https://receiver.example/", webhook_secret="whsec_" + "A" * 32)


async def made(world: World) -> None:
    await world.commands.create(SPEC)
    await world.work()


async def told(world: World) -> None:
    await world.commands.create(TOLD)
    await world.work()


async def ordered_twice(world: World) -> None:
    for _ in range(2):
        await world.commands.create(SPEC, request_id="3f1d9a4e-58bb-4e0e-bb8b-0e4f0d4a1a11")
        world.clock.move(1)
    await world.work()


async def cancelled_and_retried(world: World) -> None:
    job = await world.commands.create(SPEC)
    await world.commands.cancel(job.id)
    await world.commands.retry(job.id)
    await world.work()


async def deleted(world: World) -> None:
    job = await world.commands.create(SPEC)
    await world.work()
    await world.commands.delete(job.id)


async def deleted_unread(world: World) -> None:
    job = await world.commands.create(TOLD)
    await world.commands.delete(job.id)


@pytest.mark.parametrize("life", [made, told, ordered_twice, cancelled_and_retried, deleted, deleted_unread])
def test_a_process_that_dies_at_any_write_leaves_no_job_behind(life: Callable[[World], Awaitable[None]]) -> None:
    async def lived(writes: int) -> tuple[World, bool]:
        world = World()
        world.store.left = writes
        with contextlib.suppress(Died):
            await life(world)
        return world, world.store.left >= 0

    async def scenario(writes: int) -> bool:
        world, whole = await lived(writes)
        if whole:
            world.store.left = 1_000_000
            assert not world.marked & world.ids, "a job that needs nobody has no marker"
            assert set(world.listed) == world.ids
        await world.recover()
        assert world.states() <= {JobState.DONE, JobState.CANCELLED}
        assert not any(summary.delete_requested for summary in world.jobs.list())
        assert not world.marked
        assert world.ids <= set(world.listed)
        ended_jobs = [summary for _, summary in world.jobs.recent() if summary]
        assert {summary.id for summary in ended_jobs} >= world.ids
        return whole

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner, capture_logs():  # drawing tracebacks takes minutes
        writes = 0
        while not runner.run(scenario(writes)):
            writes += 1
    assert writes > 5


def job(world: World, **changes: Any) -> Job:
    return replace(new_job(SPEC, now=world.clock()), **changes)


async def test_jobs_of_an_earlier_version_get_into_the_indexes_with_the_first_scan() -> None:
    world = World()
    waiting = world.jobs.create(job(world)).job
    done = world.jobs.create(ended(job(world), JobState.CANCELLED, now=world.clock(), retention=DAY)).job
    for name in [info.name for prefix in ("active/", "recent/", "server/") for info in world.store.list(prefix)]:
        world.store.delete(name)
    jobs = JobRepository(world.store)  # another process, which has not seen that the indexes were complete
    assert not jobs.index.complete
    assert jobs.active() == {waiting.id}
    await Reconciler(**{**vars_of(world), "jobs": jobs}).run()
    assert jobs.index.complete
    assert world.marked == jobs.active() == {waiting.id}
    assert set(world.listed) == {waiting.id, done.id}
    assert [summary.id for _, summary in jobs.recent() if summary] == [done.id]


def vars_of(world: World) -> dict[str, Any]:
    return {
        "store": world.store,
        "dispatcher": world.dispatcher,
        "webhooks": world.webhooks,
        "unsent": timedelta(seconds=60),
        "silence": timedelta(seconds=1220),
        "retention": DAY,
    }


async def test_a_job_that_lost_its_marker_is_found_by_the_next_scan() -> None:
    world = World()
    lost = world.jobs.create(job(world)).job
    world.jobs.index.unmark(lost.id, world.jobs.index.generation(lost.id))
    world.clock.move(HOUR)
    await world.reconciler.run()
    assert not world.dispatcher.sent
    world.jobs.index.keep(Scan(complete=True))
    await world.reconciler.run()
    assert world.dispatcher.sent == [(lost.id, 0)]
    assert world.marked == {lost.id}


async def test_a_marker_that_was_written_anew_is_not_removed_by_who_saw_the_one_before() -> None:
    """A retry comes between a job's end and the removal of the marker."""
    world = World()
    stored = world.jobs.create(job(world))
    seen = world.jobs.index.generation(stored.job.id)
    end = world.jobs.update(
        stored.job.id, lambda job: ended(job, JobState.CANCELLED, now=world.clock(), retention=DAY)
    ).job
    await world.commands.retry(stored.job.id)
    world.jobs.settle(end, seen)
    assert world.marked == {stored.job.id}


class InterruptedStore(MemoryObjectStore):
    """Does something else first before it deletes a record."""

    meanwhile: Callable[[], None] | None = None

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        super().delete(name, if_generation=if_generation)


@pytest.mark.parametrize("is_new", [False, True])
def test_a_job_that_ends_while_it_is_removed_leaves_no_marker(is_new: bool) -> None:  # noqa: FBT001 - a parameter
    """Its worker notes the end between the reconciler's look at the marker and its removal."""
    store = InterruptedStore()
    jobs = JobRepository(store)
    created = jobs.create(new_job(SPEC, now=store.now())).job
    seen = jobs.index.generation(created.id)
    end = replace(ended(created, JobState.CANCELLED, now=store.now(), retention=DAY), delete_requested=True)
    store.meanwhile = lambda: jobs.index.mark(created.id) if is_new else jobs.settle(end, seen)
    jobs.delete(created.id)
    assert [marker.id for marker in jobs.index.markers()] == ([created.id] if is_new else [])


async def test_a_job_whose_end_is_still_to_be_told_is_not_active_but_has_a_marker() -> None:
    world = World()
    told = world.jobs.create(job(world, spec=TOLD)).job
    world.jobs.update(told.id, lambda job: ended(job, JobState.CANCELLED, now=world.clock(), retention=DAY))
    assert world.marked == {told.id}
    assert world.jobs.active() == frozenset()


async def test_a_marker_without_a_record_goes_after_an_hour() -> None:
    world = World()
    world.jobs.index.mark(job(world).id)
    world.clock.move(HOUR - 1)
    await world.reconciler.run()
    assert world.marked
    world.clock.move(1)
    await world.reconciler.run()
    assert not world.marked


def test_a_scan_goes_on_where_it_stopped_and_rests_the_longer_the_more_it_saw() -> None:
    world = World()
    ids = sorted(world.jobs.create(job(world)).job.id for _ in range(600))
    scan = JobScan(world.jobs)
    world.jobs.index.keep(Scan())
    looked: list[str] = []

    def part() -> Scan | None:
        def see(entry: Any) -> bool:
            looked.append(entry.id)
            return len(looked) % 256 != 200  # stops within the first batch

        result = scan.part(ids, see, anew=False)
        if result:
            world.jobs.index.keep(result)
        return result

    first = part()
    assert first
    assert (first.complete, first.after, first.seen) == (False, looked[-1], len(looked))
    assert first.counted == {"queued": len(looked)}
    while (last := part()) and last.after:
        pass
    assert looked == ids
    assert last
    assert (last.complete, last.seen, last.totals) == (True, 600, {"queued": 600})
    world.jobs.index.keep(replace(last, seen=30_000))
    world.clock.move(3599)
    assert part() is None
    world.clock.move(1)
    assert part() is not None


async def test_a_scan_that_goes_back_counts_no_job_twice() -> None:
    """It goes back to the first job that there was no time to remove."""
    world = World()
    ids = sorted(world.jobs.create(job(world)).job.id for _ in range(600))
    scan = JobScan(world.jobs, seconds=-1)  # a batch at a time
    world.jobs.index.keep(Scan())
    first = scan.part(ids, lambda _entry: True, anew=False)
    assert first
    world.jobs.index.keep(unfinished(first, ids[100]))
    while (last := scan.part(ids, lambda _entry: True, anew=False)) and last.after:
        world.jobs.index.keep(last)
    assert last
    assert last.totals == {"queued": 600}


async def test_a_scan_that_ended_in_the_future_is_no_reason_to_wait() -> None:
    """The machine's clock was years ahead when it ended."""
    world = World()
    lost = world.jobs.create(job(world)).job
    world.jobs.index.unmark(lost.id, world.jobs.index.generation(lost.id))
    world.jobs.index.keep(Scan(complete=True, ended=world.clock() + 900 * DAY))
    world.clock.move(HOUR)
    await world.reconciler.run()
    assert world.dispatcher.sent == [(lost.id, 0)]


async def test_what_there_was_no_time_to_remove_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for _ in range(20):
        world.jobs.create(ended(job(world), JobState.CANCELLED, now=world.clock() - 2 * DAY, retention=DAY))
    world.jobs.index.keep(Scan(complete=True))
    monkeypatch.setattr("sitebookify.runner.reconciler._REMOVAL_SECONDS", -1.0)
    assert (await world.reconciler.run()).deleted == 0
    monkeypatch.undo()
    assert (await world.reconciler.run()).deleted == 20
    assert not world.ids


def test_the_lease_of_a_dead_worker_does_not_matter_to_the_marker() -> None:
    world = World()
    held = world.jobs.create(job(world)).job
    lease = Lease(holder="w", expires_at=world.clock() + timedelta(seconds=20))
    world.jobs.update(held.id, lambda job: replace(job.moved(JobState.RUNNING, world.clock()), lease=lease))
    assert world.jobs.active() == {held.id}
    world.jobs.delete(held.id)
    assert world.jobs.active() == frozenset()
    with pytest.raises(JobNotFound):
        world.jobs.read(held.id)
