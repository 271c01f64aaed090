"""The dispatcher without a broker: each job runs in a child process of its own.

A child runs its job's slices until the job ends, so polling stays fast while a job works, and a child that
dies costs one attempt. Where jobs wait, those that run take turns with them: a child that had its turn is sent a line
on its standard input, commits when it has got on, and its job goes to the end of the queue. The queue is in memory
only: what is in it is in the records too, and the reconciler sends it again after a restart. A child ends, with a
commit, when its standard input is closed; that also happens when this process is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog

from sitebookify.log import bound

log = structlog.get_logger()

MAKE_WAY = b"make way\n"
"""What a child is sent when a job waits for its place."""
_LOOK_SECONDS = 0.5
_CHILD_GRACE = 15.0
"""Seconds a child has to commit and end."""


async def _nothing_follows(_job_id: str) -> int | None:
    return None


class InProcessDispatcher:
    """A ``JobDispatcher`` on child processes.

    Args:
        command: the command line that runs a job from a step on.
        jobs: how many children may run at a time.
        retry: called after a child failed; answers the step to run again and the seconds to wait first, or
            None where the job has ended or been given up.
        following: called after a child made way; answers the step to go on with, or None where the job has ended.
        turn: seconds after which a child makes way for a job that waits.
    """

    def __init__(
        self,
        *,
        command: Callable[[str, int, str], Sequence[str]],
        jobs: int,
        retry: Callable[[str], Awaitable[tuple[int, float] | None]],
        following: Callable[[str], Awaitable[int | None]] = _nothing_follows,
        turn: float = 30.0,
    ) -> None:
        self._command = command
        self._jobs = jobs
        self._retry = retry
        self._following = following
        self._turn = turn
        self._making_way = 0
        self._queue: asyncio.Queue[tuple[str, int, str]] = asyncio.Queue()
        self._active: set[str] = set()
        self._later: dict[str, asyncio.Task[None]] = {}

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """Queue the job; one that is queued or running here already is left as it is."""
        if later := self._later.pop(job_id, None):
            later.cancel()
        if job_id not in self._active:
            self._active.add(job_id)
            self._queue.put_nowait((job_id, step, traceparent))

    def holds(self, job_id: str) -> bool:
        """True where the job runs here, or waits for a place or for its next attempt."""
        return job_id in self._active or job_id in self._later

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run children inside the block; on its end every child commits and ends."""
        runners = [asyncio.create_task(self._run()) for _ in range(self._jobs)]
        try:
            yield
        finally:
            tasks = [*runners, *self._later.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            job_id, step, traceparent = await self._queue.get()
            following: int | None = None
            with bound(job_id=job_id, traceparent=traceparent):
                try:
                    code, made_way = await self._child(job_id, step, traceparent)
                    if code:
                        log.warning("child.failed", code=code)
                        await self._again(job_id, traceparent)
                    elif made_way:
                        following = await self._following(job_id)
                except Exception:
                    log.exception("child.not_run")
                finally:
                    if following is None:
                        self._active.discard(job_id)
                    else:
                        self._queue.put_nowait((job_id, following, traceparent))

    async def _child(self, job_id: str, step: int, traceparent: str) -> tuple[int, bool]:
        """Run the job in a child; its exit code, and whether it was asked to make way."""
        asked = asyncio.Event()
        child = await asyncio.create_subprocess_exec(
            *self._command(job_id, step, traceparent), stdin=asyncio.subprocess.PIPE
        )
        turns = asyncio.create_task(self._take_turns(child, asked))
        try:
            return await child.wait(), asked.is_set()
        finally:
            turns.cancel()
            await asyncio.gather(turns, return_exceptions=True)
            if child.returncode is None:
                await _end(child)

    async def _take_turns(self, child: asyncio.subprocess.Process, asked: asyncio.Event) -> None:
        """Ask the child to make way once it had its turn, if a job waits for which no other child makes way."""
        await asyncio.sleep(self._turn)
        while self._queue.qsize() <= self._making_way:  # noqa: ASYNC110 - two numbers of several tasks
            await asyncio.sleep(_LOOK_SECONDS)
        self._making_way += 1
        asked.set()
        try:
            if child.stdin:
                child.stdin.write(MAKE_WAY)
                await child.stdin.drain()
            await child.wait()
        finally:
            self._making_way -= 1

    async def _again(self, job_id: str, traceparent: str) -> None:
        if (retry := await self._retry(job_id)) is None:
            return
        step, delay = retry
        self._later[job_id] = asyncio.create_task(self._dispatch_later(job_id, step, traceparent, delay))

    async def _dispatch_later(self, job_id: str, step: int, traceparent: str, delay: float) -> None:
        await asyncio.sleep(delay)
        self._later.pop(job_id, None)
        await self.dispatch(job_id, step, traceparent=traceparent)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), _CHILD_GRACE)
    except TimeoutError:
        log.warning("child.killed", pid=child.pid)
        child.kill()
        await child.wait()
