"""Worker processes for what takes the processor: extraction and rendering.

They keep the event loop free for heartbeats and, since they are replaced after a number of tasks, keep a parser's
leaks from adding up. They are forked from a process of their own (multiprocessing's fork server), which has loaded
`preload` and nothing else: so what they need is loaded once, is in memory once, and no thread of ours is forked. They
end with their parent, also where it is killed.
"""

from __future__ import annotations

import asyncio
import multiprocessing.context
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from typing import Any, Protocol, TypeVar

from sitebookify.errors import TransientError
from sitebookify.memory import give_back
from sitebookify.messages import Message

T = TypeVar("T")
_TASKS_PER_PROCESS = 500
_NICENESS = 10
"""Answers and heartbeats come first: what is computed has minutes, who polls the API beside it has not."""


def warm_up() -> None:
    """Begin to load what the processes need, without waiting for it; cheap where that was done before.

    It takes about as long as loading the rest of a service: whoever begins with it has both at once.
    """
    _context()
    forkserver.ensure_running()


class Compute(Protocol):
    """Runs a top-level function elsewhere and answers its result."""

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """Arguments and result are pickled; the function's exceptions pass through.

        Raises:
            TransientError: the process died under the function.
        """
        ...


class ComputePool:
    """A ``Compute`` on ``processes`` processes, started when first needed, replaced after so many tasks each."""

    def __init__(self, processes: int, *, tasks: int = _TASKS_PER_PROCESS) -> None:
        self._processes = processes
        self._most = processes * tasks
        self._pool: ProcessPoolExecutor | None = None
        self._taken = self._under_way = 0
        self._idle = asyncio.Event()

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """See `Compute`."""
        pool = await self._take()
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _done, function, *args)
        except BrokenProcessPool as error:
            if self._pool is pool:
                self.close()
            raise TransientError(Message("job.process_died")) from error
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    def close(self) -> None:
        """End the processes; tasks that have not started are dropped."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def _take(self) -> ProcessPoolExecutor:
        """The pool for one more task: a new one once the old is used up and nothing in it is under way.

        The pool's own ``max_tasks_per_child`` can leave it without a process and hanging for ever
        (https://github.com/python/cpython/issues/115634).
        """
        while self._pool and self._taken >= self._most:
            if self._under_way:
                self._idle.clear()
                await self._idle.wait()
            else:
                self.close()
        if self._pool is None:
            self._pool, self._taken = self._start(), 0
        self._taken += 1
        self._under_way += 1
        return self._pool

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._processes, mp_context=_context(), initializer=_end_with_parent)


def _done(function: Callable[..., T], *args: Any) -> T:
    """The function's result; what it needed for a large page is not kept."""
    try:
        return function(*args)
    finally:
        give_back()


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sitebookify.runner.preload"])
    return context


def _end_with_parent() -> None:
    """Its end, however it comes, is ours too."""
    os.nice(_NICENESS)
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only processes of the pool get here

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
