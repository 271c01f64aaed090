"""A window of visits: several run at once, their outcomes come out in the order they were started in."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.visit import Outcome

_AHEAD = 4


class Window:
    """At most ``concurrency`` visits at once; up to four times as many may be finished or waiting behind a slow one."""

    def __init__(self, visit: Callable[[Entry], Awaitable[Outcome]], *, concurrency: int) -> None:
        self._visit = visit
        self._slots = asyncio.Semaphore(concurrency)
        self._size = concurrency * _AHEAD
        self._tasks: deque[tuple[Entry, asyncio.Task[Outcome]]] = deque()

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def full(self) -> bool:
        """True if no visit may start until one is taken out."""
        return len(self._tasks) >= self._size

    @property
    def entries(self) -> list[Entry]:
        """What is inside, in order."""
        return [entry for entry, _ in self._tasks]

    def start(self, entry: Entry) -> None:
        """Visit the entry as soon as a slot is free."""
        self._tasks.append((entry, asyncio.create_task(self._run(entry))))

    async def next(self, *, patience: float) -> tuple[Entry, Outcome] | None:
        """The first entry with its outcome, or None where it takes longer than ``patience`` seconds."""
        entry, task = self._tasks[0]
        await asyncio.wait({task}, timeout=patience)
        if not task.done():
            return None
        self._tasks.popleft()
        return entry, task.result()

    async def close(self) -> None:
        """Cancel what runs and wait until it has ended."""
        tasks = [task for _, task in self._tasks]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, entry: Entry) -> Outcome:
        async with self._slots:
            return await self._visit(entry)
