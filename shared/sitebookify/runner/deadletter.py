"""What happens to a job whose message could not be delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from sitebookify.errors import JobNotFound, JobUnreadable
from sitebookify.jobs import Dispatch, Job, JobError, JobState, ended
from sitebookify.messages import Message
from sitebookify.repository import JobRepository

log = structlog.get_logger()


POSTPONEMENT = timedelta(minutes=5)
"""Until a job whose deliveries were refused is sent again: the backlog or the outage behind it takes minutes."""


class Burial(StrEnum):
    """What became of a dead letter; every one of them is acknowledged."""

    FAILED = "failed"
    POSTPONED = "postponed"
    """Its deliveries were refused before they were started, so the job is sent again later."""
    MISSING = "missing"
    UNREADABLE = "unreadable"
    ENDED = "ended"
    MOVED_ON = "moved_on"
    HELD = "held"


def bury(
    jobs: JobRepository,
    job_id: str,
    step: int,
    *,
    deliveries: int,
    max_deliveries: int,
    retention: timedelta,
) -> Burial:
    """End the job in error, unless it has ended, has moved past ``step``, or is being worked on.

    If the job was started less often than ``max_deliveries``, some deliveries were refused, because no place was free
    or a backend was away. The job has not failed: its message goes back to the outbox, and the reconciler sends it
    after `POSTPONEMENT`. The number of starts is limited all the same; see `admission.admit`.

    The same dead letter may come many times; ``deliveries`` (0: unknown) is for the log.

    Raises:
        TransientError: the store is away.
        JobConflict: the record changes too often; deliver the dead letter again.
    """
    seen = Burial.FAILED

    def buried(job: Job) -> Job:
        nonlocal seen
        now = jobs.now()
        seen = _verdict(job, step, now, max_deliveries)
        if seen is Burial.POSTPONED and not _resting(job, now):
            since = job.dispatch.waiting_since if job.dispatch else now
            later = Dispatch(step=job.step, sent=False, at=now, due=now + POSTPONEMENT, since=since)
            return replace(job, dispatch=later)
        if seen is not Burial.FAILED:
            return job
        error = JobError(message=_message(job), reason="DEAD_LETTERED")
        return ended(job, JobState.ERROR, now=now, retention=retention, error=error)

    try:
        job = jobs.update(job_id, buried).job
    except JobNotFound:
        seen = Burial.MISSING
        log.warning("deadletter.ignored", why=seen.value, step=step)
        return seen
    except JobUnreadable as error:
        log.error("record.unreadable", why=error.why, step=step)  # noqa: TRY400 - `why` says it
        return Burial.UNREADABLE
    if seen is Burial.POSTPONED:
        log.warning("deadletter.postponed", step=step, attempts=job.attempts, deliveries=deliveries)
    elif seen is Burial.FAILED:
        log.error("job.failed", step=step, reason="DEAD_LETTERED", why=str(job.error.message if job.error else ""))
    else:
        log.info("deadletter.ignored", why=seen.value, step=step, at_step=job.step, state=job.state.value)
    return seen


def _resting(job: Job, now: datetime) -> bool:
    """True where the job's message is in the outbox and due later: an earlier copy of the dead letter put it there."""
    return job.dispatch is not None and not job.dispatch.sent and job.dispatch.resting(now)


def _verdict(job: Job, step: int, now: datetime, max_deliveries: int) -> Burial:
    if job.state.terminal:
        return Burial.ENDED
    if job.step != step:
        return Burial.MOVED_ON
    if job.leased(now):
        return Burial.HELD
    return Burial.FAILED if job.attempts >= max_deliveries else Burial.POSTPONED


def _message(job: Job) -> Message:
    return Message("job.dead_lettered", count=job.attempts, what=job.last_error or Message("job.silent"))
