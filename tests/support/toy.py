"""A pipeline of toy stages, for tests of the runner: they count instead of making a book."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sitebookify.book.stage import Done, Paused, StageFunction, State, Workbench
from sitebookify.jobs import Artifact, Stage


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Counting:
    """A stage that counts to ``total``, a unit at a time, and notes every unit it did."""

    total: int
    each: Callable[[int], Awaitable[None] | None] = lambda _n: None
    heeds_stopping: bool = True
    done_units: list[int] = field(default_factory=list)

    async def __call__(self, bench: Workbench, state: State | None) -> Done | Paused:
        n = state["n"] if state else 0
        while n < self.total:
            await asyncio.sleep(0.01)
            if (wait := self.each(n)) is not None:
                await wait
            self.done_units.append(n)
            n += 1
            await bench.save(lambda n=n: {"n": n})  # type: ignore[misc]  # a default binds the loop's value
            if bench.stopping and self.heeds_stopping and n < self.total:
                return Paused({"n": n})
        return Done({"counted": n})


async def packaged(bench: Workbench, _state: State | None) -> Done | Paused:
    """A last stage that writes one artifact."""
    name = bench.private("book.md")
    data = str(bench.inputs["crawl"]["counted"]).encode()
    await asyncio.to_thread(bench.store.put, name, data)
    artifact = Artifact(name="book.md", object_name=name, content_type="text/markdown", size=len(data))
    return Done({}, artifacts=(artifact,))


def toy_pipeline(crawl: StageFunction) -> Mapping[Stage, StageFunction]:
    """``crawl``, then a package."""
    return {Stage.CRAWL: crawl, Stage.PACKAGE: packaged}
