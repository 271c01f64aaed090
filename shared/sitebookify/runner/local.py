"""Running a job to its end in this process, slice by slice, without a broker."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

import structlog

from sitebookify.errors import JobNotFound, JobUnreadable, TransientError
from sitebookify.jobs import Job
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.deadletter import bury
from sitebookify.runner.slice import SliceRunner

log = structlog.get_logger()

_FIRST_RETRY = 2.0
"""Seconds before the first retry; each further one waits twice as long, as Pub/Sub's backoff grows."""
_MARGIN = 0.5
"""Seconds after a dead holder's lease has run out."""


class QueueDispatcher:
    """A ``JobDispatcher`` whose messages wait in a queue for `run_to_end` to take them."""

    def __init__(self) -> None:
        self.messages: deque[JobMessage] = deque()

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """Queue the message."""
        del traceparent  # the whole job runs under the trace it was started with
        self.messages.append(JobMessage(job_id=job_id, step=step))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """What a broker would do after a refused delivery: deliver again with backoff, then dead-letter."""

    jobs: JobRepository
    max_deliveries: int
    max_backoff: timedelta
    retention: timedelta

    async def following(self, job_id: str) -> int | None:
        """The step that an unfinished job goes on with; None where it has ended.

        Raises:
            TransientError: the store is away.
        """
        job = await self._unfinished(job_id)
        return job.step if job else None

    async def resting(self, job_id: str) -> tuple[int, float] | None:
        """The step of a job that rests, and the seconds until it goes on; None where it does not rest.

        Raises:
            TransientError: the store is away.
        """
        job = await self._unfinished(job_id)
        out = job.dispatch if job else None
        if job is None or out is None or out.sent or out.due is None:
            return None
        return job.step, max(0.0, (out.due - self.jobs.now()).total_seconds())

    async def after_failure(self, job_id: str) -> tuple[int, float] | None:
        """The step to run again and the seconds to wait first; None where the job has ended or is given up.

        Raises:
            TransientError: the store is away.
        """
        job = await self._unfinished(job_id)
        if job is None:
            return None
        if job.attempts >= self.max_deliveries and not job.leased(self.jobs.now()):
            await asyncio.to_thread(
                bury,
                self.jobs,
                job_id,
                job.step,
                deliveries=job.attempts,
                max_deliveries=self.max_deliveries,
                retention=self.retention,
            )
            return None
        backoff = min(self.max_backoff.total_seconds(), _FIRST_RETRY * 2 ** max(0, job.attempts - 1))
        held = (job.lease.expires_at - self.jobs.now()).total_seconds() + _MARGIN if job.lease else 0.0
        return job.step, max(backoff, held)

    async def _unfinished(self, job_id: str) -> Job | None:
        try:
            job = (await asyncio.to_thread(self.jobs.read, job_id)).job
        except JobNotFound:
            return None
        except JobUnreadable as error:
            log.error("record.unreadable", why=error.why)  # noqa: TRY400 - `why` says it
            return None
        return None if job.state.terminal else job


async def _pause(seconds: float, *events: asyncio.Event) -> None:
    """Let time pass until one of the events is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def run_to_end(
    slices: SliceRunner,
    queue: QueueDispatcher,
    retry: RetryPolicy,
    message: JobMessage,
    *,
    stop: asyncio.Event,
    make_way: asyncio.Event | None = None,
) -> None:
    """Run the message's job, and the continuations it sends, until it ends or ``stop`` is set.

    Once ``make_way`` is set (another job waits), it ends with a commit as soon as the job has got on.

    Raises:
        TransientError: a slice failed, and another job waits for the place meanwhile.
    """
    make_way = make_way or asyncio.Event()
    queue.messages.append(message)
    while queue.messages and not stop.is_set() and not make_way.is_set():
        try:
            await slices.run(queue.messages.popleft(), stop=stop, make_way=make_way)
        except TransientError as error:
            if make_way.is_set():
                raise
            again = await retry.after_failure(message.job_id)
            if again is None:
                return
            step, delay = again
            log.info("job.retrying", step=step, seconds=round(delay, 1), why=str(error))
            await _pause(delay, stop, make_way)
            if make_way.is_set():
                raise
            queue.messages.append(JobMessage(job_id=message.job_id, step=step))


async def run_through_rests(
    slices: SliceRunner, queue: QueueDispatcher, retry: RetryPolicy, message: JobMessage, *, stop: asyncio.Event
) -> None:
    """`run_to_end`, and again after each rest of the job: nothing else could use the time."""
    while True:
        await run_to_end(slices, queue, retry, message, stop=stop)
        resting = None if stop.is_set() else await retry.resting(message.job_id)
        if resting is None:
            return
        step, seconds = resting
        await _pause(seconds, stop)
        message = JobMessage(job_id=message.job_id, step=step)
