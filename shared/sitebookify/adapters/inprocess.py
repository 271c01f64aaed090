"""The dispatcher without a broker: each job runs in a child process of its own.

A child runs its job's slices until the job ends, so polling stays fast while a job works, and a child that
dies costs one attempt. The queue is in memory only: what is in it is in the records too, and the reconciler
sends it again after a restart. A child ends, with a commit, when its standard input is closed; that also
happens when this process is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog

from sitebookify.log import bound

log = structlog.get_logger()

_CHILD_GRACE = 15.0
"""Seconds a child has to commit and end."""


class InProcessDispatcher:
    """A ``JobDispatcher`` on child processes.

    Args:
        command: the command line that runs a job from a step on.
        jobs: how many children may run at a time.
        retry: called after a child failed; answers the step to run again and the seconds to wait first, or
            None where the job has ended or been given up.
    """

    def __init__(
        self,
        *,
        command: Callable[[str, int, str], Sequence[str]],
        jobs: int,
        retry: Callable[[str], Awaitable[tuple[int, float] | None]],
    ) -> None:
        self._command = command
        self._jobs = jobs
        self._retry = retry
        self._queue: asyncio.Queue[tuple[str, int, str]] = asyncio.Queue()
        self._active: set[str] = set()
        self._later: set[asyncio.Task[None]] = set()

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """Queue the job; one that is queued or running here already is left as it is."""
        if job_id not in self._active:
            self._active.add(job_id)
            self._queue.put_nowait((job_id, step, traceparent))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run children inside the block; on its end every child commits and ends."""
        runners = [asyncio.create_task(self._run()) for _ in range(self._jobs)]
        try:
            yield
        finally:
            tasks = [*runners, *self._later]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            job_id, step, traceparent = await self._queue.get()
            with bound(job_id=job_id, traceparent=traceparent):
                try:
                    code = await self._child(job_id, step, traceparent)
                    if code:
                        log.warning("child.failed", code=code)
                        await self._again(job_id, traceparent)
                except Exception:
                    log.exception("child.not_run")
                finally:
                    self._active.discard(job_id)

    async def _child(self, job_id: str, step: int, traceparent: str) -> int:
        child = await asyncio.create_subprocess_exec(
            *self._command(job_id, step, traceparent), stdin=asyncio.subprocess.PIPE
        )
        try:
            return await child.wait()
        finally:
            if child.returncode is None:
                await _end(child)

    async def _again(self, job_id: str, traceparent: str) -> None:
        if (retry := await self._retry(job_id)) is None:
            return
        step, delay = retry
        task = asyncio.create_task(self._dispatch_later(job_id, step, traceparent, delay))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _dispatch_later(self, job_id: str, step: int, traceparent: str, delay: float) -> None:
        await asyncio.sleep(delay)
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
