"""What happens to a job whose message could not be delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from sitebookify.errors import JobNotFound
from sitebookify.jobs import Job, JobError, JobState, ended
from sitebookify.messages import Message
from sitebookify.repository import JobRepository, utcnow

log = structlog.get_logger()


class Burial(StrEnum):
    """What became of a dead letter; every one of them is acknowledged."""

    FAILED = "failed"
    MISSING = "missing"
    ENDED = "ended"
    MOVED_ON = "moved_on"
    HELD = "held"


def bury(
    jobs: JobRepository,
    job_id: str,
    step: int,
    *,
    deliveries: int,
    retention: timedelta,
    clock: Callable[[], datetime] = utcnow,
) -> Burial:
    """End the job in error, unless it has ended, has moved past ``step``, or is being worked on.

    The same dead letter may come many times; ``deliveries`` (0: unknown) is for the message.

    Raises:
        TransientError: the store is away.
        JobConflict: the record changes too often; deliver the dead letter again.
    """
    seen = Burial.FAILED

    def buried(job: Job) -> Job:
        nonlocal seen
        now = clock()
        seen = _verdict(job, step, now)
        if seen is not Burial.FAILED:
            return job
        error = JobError(message=_message(job, deliveries), reason="DEAD_LETTERED")
        return ended(job, JobState.ERROR, now=now, retention=retention, error=error)

    try:
        job = jobs.update(job_id, buried).job
    except JobNotFound:
        seen = Burial.MISSING
        log.warning("deadletter.ignored", why=seen.value, step=step)
        return seen
    if seen is Burial.FAILED:
        log.error("job.failed", step=step, reason="DEAD_LETTERED", why=str(job.error.message if job.error else ""))
    else:
        log.info("deadletter.ignored", why=seen.value, step=step, at_step=job.step, state=job.state.value)
    return seen


def _verdict(job: Job, step: int, now: datetime) -> Burial:
    if job.state.terminal:
        return Burial.ENDED
    if job.step != step:
        return Burial.MOVED_ON
    return Burial.HELD if job.leased(now) else Burial.FAILED


def _message(job: Job, deliveries: int) -> Message:
    what = job.last_error or Message("job.silent")
    return Message("job.dead_lettered", count=max(1, deliveries or job.attempts), what=what)
