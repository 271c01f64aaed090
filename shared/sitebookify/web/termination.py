"""Knowing of SIGTERM before the server has waited for the requests that are running."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import types
from collections.abc import Iterator


@contextlib.contextmanager
def never() -> Iterator[asyncio.Event]:
    """An event that no signal sets: for an application outside a process of its own."""
    yield asyncio.Event()


@contextlib.contextmanager
def termination() -> Iterator[asyncio.Event]:
    """An event set by SIGTERM or SIGINT, inside a server's lifespan.

    uvicorn finishes running requests before it ends the lifespan, so a slice would learn of the end when it is
    over. The handler that stood before (the server's) is called too.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def told(number: int, frame: types.FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in before:
        signal.signal(number, told)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
