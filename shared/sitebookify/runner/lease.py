"""The right to work on a job: taken, renewed and given up by compare-and-swap on the job's record.

While a slice runs, its ``LeasedJob`` is the only writer of the record in this process: heartbeats,
checkpoints and the commit go one after the other through it. Whoever else writes (a cancel, the next
holder) makes the next write fail; then the record is read again and compared, because the write that failed
may have been our own, answered too late.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sitebookify.errors import JobNotFound, PreconditionFailed, SitebookifyError
from sitebookify.jobs import Dispatch, Job, JobState, Lease
from sitebookify.repository import JobRepository, Stored


class Fenced(SitebookifyError):
    """The lease is another's, or the job is gone: stop, and write nothing more."""


class LeasedJob:
    """A job under this process's lease, and its one writer."""

    def __init__(self, jobs: JobRepository, stored: Stored, *, term: timedelta, clock: Callable[[], datetime]) -> None:
        assert stored.job.lease is not None  # noqa: S101 - `take` is the only maker
        self._jobs = jobs
        self._stored = stored
        self._term = term
        self._clock = clock
        self._holder = stored.job.lease.holder
        self._turn = asyncio.Lock()
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
        """True once the term is over by this process's clock: another may be at the job already."""
        lease = self.job.lease
        return lease is None or not lease.live(self._clock())

    async def write(self, change: Callable[[Job], Job]) -> Job:
        """Write ``change`` of the job and renew the lease where the result still has one.

        A write by another that left our lease in place (a cancel was asked) is taken over and ``change``
        applied again; ``change`` must be pure.

        Raises:
            Fenced: the lease is no longer ours.
            TransientError: the store is away; nothing is known of the write.
        """
        async with self._turn:
            while True:
                now = self._clock()
                wanted = self._renewed(change(self.job), now)
                try:
                    self._stored = await asyncio.to_thread(self._jobs.replace, self._stored, wanted)
                except PreconditionFailed:
                    if await self._reread(wanted):
                        return self.job
                    continue
                self.written_at = now
                return self.job

    def _renewed(self, job: Job, now: datetime) -> Job:
        if job.lease is None:
            return job
        return replace(job, lease=Lease(holder=self._holder, expires_at=now + self._term))

    async def _reread(self, wanted: Job) -> bool:
        """True where ``wanted`` stands after all; False where another's harmless write does."""
        try:
            found = await asyncio.to_thread(self._jobs.read, self.job.id)
        except JobNotFound as error:
            raise Fenced(f"job {self.job.id} was deleted") from error
        if replace(found.job, update_time=None) == replace(wanted, update_time=None):
            self._stored = found
            return True
        if found.job.lease is None or found.job.lease.holder != self._holder:
            raise Fenced(f"job {self.job.id} is at step {found.job.step} under another lease")
        self._stored = found
        return False


async def take(
    jobs: JobRepository, stored: Stored, *, term: timedelta, clock: Callable[[], datetime]
) -> LeasedJob | None:
    """Take the lease on the job as read, counting the attempt; None where another was faster.

    A message for the step has evidently arrived, so the outbox is marked sent.
    """
    now = clock()
    job = stored.job if stored.job.state is JobState.RUNNING else stored.job.moved(JobState.RUNNING, now)
    holder = secrets.token_hex(8)
    job = replace(
        job,
        lease=Lease(holder=holder, expires_at=now + term),
        attempts=job.attempts + 1,
        dispatch=Dispatch(step=job.step, sent=True, at=job.dispatch.at if job.dispatch else now),
    )
    try:
        taken = await asyncio.to_thread(jobs.replace, stored, job)
    except PreconditionFailed:
        try:
            taken = await asyncio.to_thread(jobs.read, job.id)
        except JobNotFound:
            return None
        if taken.job.lease is None or taken.job.lease.holder != holder:
            return None
    return LeasedJob(jobs, taken, term=term, clock=clock)
