"""Work on several things at a time, results in the order of the things."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    things: Iterable[T], work: Callable[[T], Awaitable[R]], *, ahead: int
) -> AsyncGenerator[tuple[T, R]]:
    """Each thing with its result; at most ``ahead`` are under way or wait to be taken.

    Close the generator (``contextlib.aclosing``): what is under way then is cancelled.
    """
    under_way: deque[tuple[T, asyncio.Task[R]]] = deque()
    try:
        for thing in things:
            under_way.append((thing, asyncio.ensure_future(_awaited(work, thing))))
            if len(under_way) >= ahead:
                done, task = under_way.popleft()
                yield done, await task
        while under_way:
            done, task = under_way.popleft()
            yield done, await task
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)


async def _awaited(work: Callable[[T], Awaitable[R]], thing: T) -> R:
    return await work(thing)
