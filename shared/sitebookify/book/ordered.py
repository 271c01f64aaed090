"""Concurrent work on a sequence of items, with the results in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(items: Iterable[T], work: Callable[[T], Awaitable[R]], *, ahead: int) -> AsyncGenerator[tuple[T, R]]:
    """Each item with its result, in order; at most ``ahead`` are in progress or finished and not yet taken.

    Close the generator (``contextlib.aclosing``), which cancels what is in progress.
    """
    tasks: deque[tuple[T, asyncio.Task[R]]] = deque()
    try:
        for item in items:
            tasks.append((item, asyncio.ensure_future(work(item))))
            if len(tasks) >= ahead:
                first, task = tasks.popleft()
                yield first, await task
        while tasks:
            first, task = tasks.popleft()
            yield first, await task
    finally:
        for _, task in tasks:
            task.cancel()
        await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)
