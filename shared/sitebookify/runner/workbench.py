"""The bench a stage works at: the runner's side of `book.stage.Workbench`."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar, cast

from sitebookify.book.allowance import Meter, PageAllowance
from sitebookify.book.failures import PageFailure, pack_failures
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.packs import Pack
from sitebookify.book.stage import State
from sitebookify.egress.fetcher import Fetcher
from sitebookify.errors import StoreError, TransientError
from sitebookify.jobs import Job, Progress, Stage
from sitebookify.memory import give_back
from sitebookify.ports import ObjectStore
from sitebookify.repository import data_prefix
from sitebookify.runner.checkpoint import Checkpoint
from sitebookify.runner.compute import Compute
from sitebookify.runner.lease import LeasedJob
from sitebookify.runner.metering import MeteredFetcher, MeteredStore
from sitebookify.spec import JobSpec

T = TypeVar("T")

_COST_FACTOR = 20
"""A checkpoint that took t seconds is followed by 20 t without one: they cost a twentieth of the time."""


class SliceBench:
    """One slice's bench: knows the job, its lease, and when to stop."""

    def __init__(
        self,
        leased: LeasedJob,
        start: Checkpoint,
        failures: list[PageFailure],
        *,
        store: ObjectStore,
        egress: Fetcher,
        compute: Compute,
        interval: timedelta,
        allowance: PageAllowance,
    ) -> None:
        self._time = asyncio.get_running_loop().time
        self.meter = Meter(allowance.of(leased.job.spec), leased.job.spent, clock=self._time)
        self.store: ObjectStore = cast("ObjectStore", MeteredStore(store, self.meter))
        self.egress: Fetcher = MeteredFetcher(egress, self.meter)
        self.inputs: dict[str, State] = {}
        self.stopping = False
        self.rest = 0.0
        self.progress = leased.job.progress
        self.book_title = leased.job.spec.title or leased.job.title
        self.failures = [failure for failure in failures if not _of_later(failure, start)]
        self._leased = leased
        self._compute = compute
        self._current = start
        self._packed = start.to_bytes()  # what stages do to the state they are given must not change what it is held to
        self._saves = 0
        self._published = [*failures]
        self._interval = interval.total_seconds()
        self._named_at = self._time()
        self._due_at = self._named_at + self._interval
        self._pack = Pack(self.store, lambda number: self.private(f"{number:04}.pack"))
        self._before_saving: list[Callable[[], Awaitable[None]]] = []

    @property
    def job_id(self) -> str:
        """The job's id."""
        return self._leased.job.id

    @property
    def spec(self) -> JobSpec:
        """What was ordered."""
        return self._leased.job.spec

    @property
    def checkpoint(self) -> Checkpoint:
        """Where the stages are; the record names this one or, where none was due since, one before it."""
        return self._current

    @property
    def headway(self) -> bool:
        """True once the record names another checkpoint than the slice began with."""
        return self._saves > 0

    def blob(self, data: bytes, suffix: str) -> str:
        """See `Workbench`."""
        return f"{data_prefix(self.job_id)}blobs/{hashlib.sha256(data).hexdigest()}{suffix}"

    def private(self, name: str) -> str:
        """See `Workbench`."""
        return f"{data_prefix(self.job_id)}{self._leased.job.step}-{self._leased.holder}/{name}"

    def shared(self, name: str) -> str:
        """See `Workbench`."""
        return f"{data_prefix(self.job_id)}{name}"

    async def keep(self, data: bytes, suffix: str) -> str:
        """See `Workbench`."""
        del suffix  # a pack holds pieces of all kinds
        name = self._pack.add(data)
        if self._pack.full:
            await self._pack.flush()
        return name

    async def flush(self) -> None:
        """See `Workbench`."""
        await self._pack.flush()
        for act in self._before_saving:
            await act()

    def before_saving(self, act: Callable[[], Awaitable[None]]) -> None:
        """See `Workbench`."""
        self._before_saving.append(act)

    def report(self, progress: Progress) -> None:
        """See `Workbench`; the percentage shown never falls, and pages are counted by the crawl."""
        before = self.progress
        progress = replace(progress, percent=max(progress.percent, before.percent))
        if progress.stage is not Stage.CRAWL:
            fetched, failed = before.pages_fetched, len(self.failures)
            progress = replace(progress, pages_fetched=fetched, pages_failed=failed, pages_queued=0)
        if progress.stage is not Stage.EDIT:
            progress = replace(progress, texts_edited=before.texts_edited, texts_kept=before.texts_kept)
        self.progress = progress

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        """See `Workbench`."""
        return await self._compute(function, *args)

    async def save(self, state: Callable[[], State]) -> None:
        """See `Workbench`."""
        started = self._time()
        if started < self._due_at:
            return
        await self.advance(replace(self._current, state=state()))
        now = self._time()
        self._due_at = now + max(self._interval, _COST_FACTOR * (now - started))

    async def finish_stage(self, output: State, following: Stage | None) -> None:
        """Keep a finished stage's output and go on to the next, at its beginning.

        Short stages follow each other faster than a record may be written: then one of the next writes names this.
        """
        await self.flush()
        self._before_saving.clear()
        data = pack(output)
        name = self.blob(data, ".json.gz")
        await asyncio.to_thread(self.store.put, name, data)
        stage = self._current.stage
        self.inputs[stage] = output
        give_back()
        outputs = {**self._current.outputs, stage: name}
        self._current = Checkpoint(stage=following or stage, outputs=outputs)
        if self._time() - self._named_at >= self._interval:
            await self.advance(self._current)

    async def advance(self, checkpoint: Checkpoint) -> None:
        """Make ``checkpoint`` the one the record names: the object first, then the record."""
        data = checkpoint.to_bytes()
        if data == self._packed:
            return
        await self.flush()
        self._saves += 1
        name = self.private(f"checkpoint-{self._saves}.json.gz")
        await asyncio.to_thread(self.store.put, name, data)
        failures = await self.keep_failures()
        before = self._leased.job

        def moved(job: Job) -> Job:
            return replace(job, checkpoint=name, failures=failures, stage=checkpoint.stage, **self.shown)

        await self._leased.write(moved)
        self._current, self._packed = checkpoint, data
        self._named_at = self._time()
        await self._remove(before.checkpoint)
        if before.failures != failures:
            await self._remove(before.failures)

    async def keep_failures(self) -> str:
        """Name of the object with the failures so far, for the record; "" where there are none."""
        if self.failures == self._published:
            return self._leased.job.failures
        self._published = [*self.failures]
        data = await asyncio.to_thread(pack_failures, self._published)
        name = self.private(f"failures-{len(self._published)}-{self._saves}.jsonl.gz")
        await asyncio.to_thread(self.store.put, name, data)
        return name

    async def keep_retry(self, name: str) -> str:
        """The checkpoint with the crawl's state that the object holds, for the record; "" where there is none."""
        if not name:
            return ""
        state = unpack(await asyncio.to_thread(read, self.store, name))
        data = Checkpoint(stage=Stage.CRAWL, state=state).to_bytes()
        place = self.private("retry.json.gz")
        await asyncio.to_thread(self.store.put, place, data)
        return place

    @property
    def shown(self) -> dict[str, Any]:
        """Fields of the record that go along with any write of it."""
        return {"title": self.book_title, "progress": self.progress, "spent": self.meter.spent}

    async def _remove(self, name: str) -> None:
        with contextlib.suppress(StoreError, TransientError):  # what stays behind goes with the job
            if name:
                await asyncio.to_thread(self.store.delete, name)


def _of_later(failure: PageFailure, start: Checkpoint) -> bool:
    """True for what a stage found that begins anew, or one after it."""
    order = list(Stage)
    place, begun = order.index(failure.stage), order.index(start.stage)
    return place > begun or (place == begun and start.state is None)
