"""The right to work on a job: taken, renewed and released by compare-and-swap on the job's record.

While a slice runs, its ``LeasedJob`` is the only writer of the record in this process; heartbeats, checkpoints and the
commit go through it one at a time. If anyone else writes (a cancel, the next holder), our next write fails. Then the
record is read again and compared, because a write of ours that was answered too late fails in the same way.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sitebookify.errors import JobNotFound, JobUnreadable, PreconditionFailed, SitebookifyError
from sitebookify.jobs import Dispatch, Job, JobState, Lease
from sitebookify.messages import NOTHING
from sitebookify.repository import JobRepository, Stored


class Fenced(SitebookifyError):
    """The lease belongs to another, or the job is gone: stop, and write nothing more."""


class LeasedJob:
    """A job under this process's lease, and its only writer."""

    def __init__(
        self,
        jobs: JobRepository,
        stored: Stored,
        *,
        term: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        assert stored.job.lease is not None  # noqa: S101 - only `take` makes one
        self._jobs = jobs
        self._stored = stored
        self._term = term
        self._clock = clock
        self._holder = stored.job.lease.holder
        self._turn = asyncio.Lock()
        self._given_up = False
        self.written_at = clock()

    @property
    def job(self) -> Job:
        """The record as last written or read by this holder."""
        return self._stored.job

    @property
    def stored(self) -> Stored:
        """The same with its generation."""
        return self._stored

    @property
    def holder(self) -> str:
        """The nonce of this attempt."""
        return self._holder

    @property
    def expired(self) -> bool:
        """True once the term is over by this process's clock: another may hold the job already."""
        lease = self.job.lease
        return lease is None or not lease.live(self._clock())

    def give_up(self) -> None:
        """Write nothing more, whoever asks: the lease runs out, and then another may work on the job."""
        self._given_up = True

    async def write(self, change: Callable[[Job], Job]) -> Job:
        """Write ``change`` of the job, and renew the lease if the result still has one.

        If another's write left our lease in place (such as the request to cancel), ``change`` is applied again to
        what it wrote; so ``change`` must be pure.

        Raises:
            Fenced: the lease is no longer ours.
            TransientError: the store is unavailable; the write may have succeeded.
        """
        async with self._turn:
            while True:
                if self._given_up:
                    raise Fenced(f"this attempt at job {self.job.id} was given up")
                now = self._clock()
                job = self._renewed(change(self.job), now)
                try:
                    self._stored = await asyncio.to_thread(self._jobs.replace, self._stored, job)
                except PreconditionFailed:
                    if await self._reread(job):
                        return self.job
                    continue
                self.written_at = now
                return self.job

    def _renewed(self, job: Job, now: datetime) -> Job:
        if job.lease is None:
            return job
        return replace(job, lease=Lease(holder=self._holder, expires_at=now + self._term))

    async def _reread(self, job: Job) -> bool:
        """True if the record is ``job`` after all; False if another wrote it and left us the lease."""
        try:
            current = await asyncio.to_thread(self._jobs.read, self.job.id)
        except JobNotFound as error:
            raise Fenced(f"job {self.job.id} was deleted") from error
        except JobUnreadable as error:
            raise Fenced(f"the record of job {self.job.id} cannot be read any more: {error.why}") from error
        if replace(current.job, update_time=None) == replace(job, update_time=None):
            self._stored = current
            return True
        if not _held_by(self._holder, current.job):
            raise Fenced(f"job {self.job.id} is at step {current.job.step} under another lease")
        self._stored = current
        return False


async def take(
    jobs: JobRepository, stored: Stored, *, term: timedelta, clock: Callable[[], datetime]
) -> LeasedJob | None:
    """Take the lease on the job as read, and count the attempt; None if another was faster.

    A message for the step has evidently arrived, so the outbox is marked sent.
    """
    now = clock()
    job = stored.job
    if job.state is not JobState.RUNNING:
        job = job.moved(JobState.RUNNING, now)
    holder = secrets.token_hex(8)
    sent = Dispatch(step=job.step, sent=True, at=now)
    if job.dispatch:
        sent = replace(sent, at=job.dispatch.at, since=job.dispatch.since)
    job = replace(
        job,
        lease=Lease(holder=holder, expires_at=now + term),
        attempts=job.attempts + 1,
        last_error=NOTHING,  # what is said of this attempt, should it end without a word, is not the error of another
        dispatch=sent,
    )
    try:
        taken = await asyncio.to_thread(jobs.replace, stored, job)
    except PreconditionFailed:
        try:
            taken = await asyncio.to_thread(jobs.read, job.id)
        except (JobNotFound, JobUnreadable):
            return None
        if not _held_by(holder, taken.job):
            return None
    return LeasedJob(jobs, taken, term=term, clock=clock)


def _held_by(holder: str, job: Job) -> bool:
    return job.lease is not None and job.lease.holder == holder
