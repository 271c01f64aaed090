"""Worker processes for what takes the processor, and for all that reads foreign bytes: each task has its limits.

They keep the event loop free for heartbeats and, since they are replaced after a number of tasks, keep a parser's
leaks from adding up. They are forked from a process of their own (multiprocessing's fork server), which has loaded
`preload` and nothing else: so what they need is loaded once, is in memory once, and no thread of ours is forked. They
end with their parent, also where it is killed.

A process has one task at a time. The kernel ends it when the task has used up its CPU time (`ITIMER_PROF`, which needs
no cooperation), the pool when its wall time is over or nobody waits for it any more; memory is limited by
``RLIMIT_DATA``. The other processes go on, and the next task gets a new one. concurrent.futures' pool fails as a whole
where one process dies.
"""

from __future__ import annotations

import asyncio
import atexit
import pickle
import signal
import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar
from weakref import WeakSet

import structlog

from sitebookify.book.limits import Limits, limits_of
from sitebookify.errors import TooComplex, TransientError
from sitebookify.memory import give_back
from sitebookify.memory_limit import data_size, own_size
from sitebookify.messages import Message
from sitebookify.runner.compute_process import LENGTH, end_with_group, serve
from sitebookify.runner.fork_server import PRELOAD, fork_context

log = structlog.get_logger()

T = TypeVar("T")
_Task = tuple[Limits, int | None, Callable[..., T], tuple[Any, ...]]
"""Its limits, what its process and children may have, a function and its arguments: see `compute_process.serve`."""
_TASKS_PER_PROCESS = 500
_NICENESS = 10
"""Answers and heartbeats come first: what is computed has minutes, who polls the API beside it has not."""
_DEATHS = 2
"""Of one task. The first may be another's fault: the kernel, short of memory, chooses by size."""
_LARGEST_RESULT = 256 * 2**20
_RESULT_SHARE = 0.1
"""Of the memory of a process that its result may have: our process holds it twice for a moment."""
_OWN_SHARE = 0.6
"""Of the memory of a process that is for the process itself; the rest is for what it keeps running, pandoc."""
LEAST_MEMORY = 96 * 2**20
"""Bytes that a process needs to do anything at all."""
_MOST_GROWTH = 96 * 2**20
"""Bytes that an idle process may keep: caches hold a number of entries, and a stranger's entries can be long."""
_OUT_OF_TIME = -signal.SIGPROF
_START_SECONDS = 120.0
_EXIT_SECONDS = 5.0


class Compute(Protocol):
    """Runs a top-level function elsewhere and answers its result."""

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """Arguments and result are pickled; the function's exceptions pass through.

        Raises:
            TooComplex: the function went beyond its limits (`book.limits`), or its process died twice.
            TransientError: no process could be started, or the pool was closed.
        """
        ...


class ComputePool:
    """A ``Compute`` on at most ``processes`` processes, for one event loop.

    Args:
        processes: tasks under way at a time; the others wait, first come, first served.
        tasks: after so many a process is replaced.
        preload: the module that is loaded before processes are forked; one for all pools of this process.
        niceness: of the processes.
        memory: bytes that each process may use beyond what it starts with, together with the processes that it
            starts. None: as much as its tasks' limits say.
        own: bytes that this process may use itself before the others get less; the lists of a site with many links
            are here. None: it does not count.
    """

    def __init__(
        self,
        processes: int,
        *,
        tasks: int = _TASKS_PER_PROCESS,
        preload: str = PRELOAD,
        niceness: int = _NICENESS,
        memory: int | None = None,
        own: int | None = None,
    ) -> None:
        self._memory = memory
        self._own = own
        self._longest = _LARGEST_RESULT if memory is None else min(_LARGEST_RESULT, int(memory * _RESULT_SHARE))
        self._processes = processes
        self._room = asyncio.Semaphore(processes)
        self._tasks = tasks
        self._preload = preload
        self._niceness = niceness
        self._idle: list[_Worker] = []
        self._working: set[_Worker] = set()
        self._closed = False

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """See `Compute`."""
        name = getattr(function, "__name__", repr(function))
        async with self._room:
            memory = self._memory_now()
            limits = _within(limits_of(function), memory)
            for death in range(1, _DEATHS + 1):
                try:
                    return await self._run(limits, (limits, memory, function, args))
                except _Died as died:
                    log.warning("compute.died", task=name, exit_code=died.exit_code, death=death)
                    if died.exit_code == _OUT_OF_TIME:
                        raise TooComplex(f"it took more than {limits.cpu:g} s of CPU time") from died
        raise TooComplex("its process died, possibly out of memory")

    def close(self) -> None:
        """End the processes; tasks under way fail, and so does every later one."""
        self._closed = True
        for worker in self._idle:
            worker.end()
        self._idle.clear()
        for worker in self._working:
            worker.kill()

    def _memory_now(self) -> int | None:
        """What a process may take now: what this one uses beyond its own share, the others cannot have."""
        if self._memory is None or self._own is None or own_size() <= self._own:
            return self._memory
        give_back()
        excess = max(0, own_size() - self._own)
        return max(min(LEAST_MEMORY, self._memory), self._memory - excess // self._processes)

    async def _run(self, limits: Limits, task: _Task[T]) -> T:
        """One try.

        Raises:
            _Died: the process ended first.
            TooComplex: the wall time is over, there was not enough memory, or the result is too large.
        """
        worker = await self._take()
        usable = False
        try:
            succeeded, result = await _answer(worker, limits, task, self._longest)
            usable = not isinstance(result, MemoryError)  # which leaves a heap in pieces
        except _Died:
            self._check_open()
            raise
        finally:  # one that was cancelled, is late or dead is not used again
            self._working.discard(worker)
            if usable and worker.tasks < self._tasks and not self._closed:
                self._idle.append(worker)
            else:
                worker.end()
        if isinstance(result, MemoryError):
            raise TooComplex("it took more memory than it may") from result
        if not succeeded:
            raise result
        answer: T = result
        return answer

    async def _take(self) -> _Worker:
        self._check_open()
        worker = self._lean() or await _Worker.started(self._preload, self._niceness)
        self._working.add(worker)
        return worker

    def _lean(self) -> _Worker | None:
        """An idle process, but none that a task has left much larger than it was."""
        while self._idle:
            worker = self._idle.pop()
            if worker.growth() < _MOST_GROWTH:
                return worker
            worker.end()
        return None

    def _check_open(self) -> None:
        if self._closed:
            raise TransientError("this process is ending")


def _within(limits: Limits, memory: int | None) -> Limits:
    """The limits, tightened to what a process may take: a part is left for what it starts."""
    if memory is None:
        return limits
    own = memory if limits.memory is None else min(limits.memory, int(memory * _OWN_SHARE))
    return replace(limits, memory=own)


async def _answer(worker: _Worker, limits: Limits, task: _Task[T], longest: int) -> tuple[bool, Any]:
    """What the worker answers, see `compute_process.serve`."""
    request = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
    try:
        async with asyncio.timeout(limits.wall):
            answer = await worker.ask(request, longest)
    except TimeoutError as error:
        raise TooComplex(f"it took more than {limits.wall:g} s") from error
    succeeded, result = pickle.loads(answer)  # noqa: S301 - from our own process
    return succeeded, result


class _Died(Exception):
    """A process ended under its task; ``exit_code`` is negative for a signal."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"the process ended with code {exit_code}")
        self.exit_code = exit_code


class _Worker:
    """One process, and our end of the line to it."""

    def __init__(self, preload: str, niceness: int) -> None:
        ours, theirs = socket.socketpair()
        self._process = fork_context(preload).Process(target=serve, args=(theirs, niceness), daemon=True)
        try:
            self._process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.settimeout(0)  # asyncio's own reads and writes want it so
        self._line = ours
        self._start = 0
        self.tasks = 0
        _workers.add(self)

    @classmethod
    async def started(cls, preload: str, niceness: int) -> _Worker:
        """A new process that is ready; it may have to wait for the fork server, so not in the event loop's thread.

        Raises:
            TransientError: it ended, or hangs, before any task could be to blame.
        """
        starting = asyncio.ensure_future(asyncio.to_thread(cls, preload, niceness))
        try:
            worker = await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(_end_unused)
            raise
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._read(LENGTH.size)  # noqa: SLF001 - its own class
            worker._start = data_size(worker._process.pid or 0)  # noqa: SLF001 - neither is this
        except BaseException as error:
            worker.end()
            if isinstance(error, OSError | EOFError):  # as TimeoutError is
                raise TransientError(Message("job.no_process")) from error
            raise
        return worker

    def growth(self) -> int:
        """Bytes that the process has grown by since it began."""
        return data_size(self._process.pid or 0) - self._start

    async def ask(self, task: bytes, longest: int) -> bytearray:
        """The process's answer to a task.

        Raises:
            _Died: it has none, and never will.
            TooComplex: the answer is larger than any that makes sense.
        """
        loop = asyncio.get_running_loop()
        self.tasks += 1
        try:
            await loop.sock_sendall(self._line, LENGTH.pack(len(task)))
            await loop.sock_sendall(self._line, task)
            (length,) = LENGTH.unpack(await self._read(LENGTH.size))
            if length > longest:
                raise TooComplex(f"its result has {length:,} bytes")
            return await self._read(length)
        except (OSError, EOFError, struct.error) as error:
            raise _Died(await self._exit_code()) from error

    async def _read(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        data = bytearray(length)
        view = memoryview(data)
        at = 0
        while at < length:
            got = await loop.sock_recv_into(self._line, view[at:])
            if not got:
                raise EOFError
            at += got
        return data

    async def _exit_code(self) -> int | None:
        await asyncio.to_thread(self._process.join, _EXIT_SECONDS)
        return self._process.exitcode

    def kill(self) -> None:
        """Kill the process and those it started; who waits for its answer learns that it died."""
        end_with_group(self._process)

    def end(self) -> None:
        """Kill the process, and close the line to it; nobody may wait for its answer any more."""
        self.kill()
        self._line.close()


_workers: WeakSet[_Worker] = WeakSet()


@atexit.register
def _end_all() -> None:
    """Before multiprocessing waits for them: they ignore the signal that it asks them to end by."""
    for worker in _workers:
        worker.kill()


def _end_unused(starting: asyncio.Future[_Worker]) -> None:
    if not starting.cancelled() and not starting.exception():
        starting.result().end()
