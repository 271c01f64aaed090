"""What to do with a message, given the job's record: a pure decision, the protocol's first step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import structlog

from sitebookify.errors import SitebookifyError
from sitebookify.jobs import Job, Lease
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository

log = structlog.get_logger()


class Admission(StrEnum):
    """What to do with a message."""

    RUN = "run"
    ENDED = "ended"
    """The job has ended: acknowledge."""
    BEHIND = "behind"
    """The step is committed and its continuation was sent, or is not due yet: acknowledge."""
    CONTINUE = "continue"
    """The step is committed, but its continuation may not have been published: publish it, then acknowledge."""
    HELD = "held"
    """Another holder has the lease: wait for its next heartbeat, and acknowledge if one comes."""
    EXHAUSTED = "exhausted"
    """The step was started as often as allowed: the job ends in error."""


def admit(job: Job, step: int, *, now: datetime, max_attempts: int, dead: Lease | None = None) -> Admission:
    """Decide about a message by the record; the holder of the lease ``dead`` was seen to be silent."""
    if job.state.terminal:
        return Admission.ENDED
    if step != job.step:
        unsent = job.dispatch is not None and not job.dispatch.sent and not job.dispatch.resting(now)
        return Admission.CONTINUE if unsent else Admission.BEHIND
    if job.leased(now) and job.lease != dead:
        return Admission.HELD
    if job.attempts >= max_attempts:
        return Admission.EXHAUSTED
    return Admission.RUN


def mark_postponed(jobs: JobRepository, message: JobMessage) -> None:
    """Note that the message was sent anew, behind all others: the reconciler tells by it who waits and who is lost.

    Without the mark the reconciler may send the message once more, so what goes wrong is no matter.
    """

    def marked(job: Job) -> Job:
        if job.state.terminal or job.step != message.step or job.dispatch is None:
            return job
        return replace(job, dispatch=job.dispatch.sent_again(jobs.now()))

    try:
        jobs.update(message.job_id, marked)
    except SitebookifyError as error:
        log.debug("slice.postponed_mark_lost", why=str(error))
