"""The second net: sends again what was never sent or went silent, webhooks too, and removes what has expired.

It runs every minute beside the dead-letter handler (Cloud Scheduler), as a background task in-process, and by
``sitebookify reconcile``. Any number of them may run at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from sitebookify.errors import JobNotFound, PreconditionFailed, TransientError
from sitebookify.jobs import Dispatch, Job, JobState, ended
from sitebookify.log import bound, child_traceparent
from sitebookify.ports import JobDispatcher, ObjectStore
from sitebookify.repository import JobRepository, JobSummary, Stored, utcnow
from sitebookify.runner.commands import purge
from sitebookify.runner.webhooks import WebhookSender

log = structlog.get_logger()

_MOST_NEWS = 200
"""Webhooks that one round sends: where every receiver is silent, a round still ends after two or three minutes."""


@dataclass(slots=True)
class Reconciled:
    """What one round did, in jobs."""

    seen: int = 0
    sent: int = 0
    deleted: int = 0
    failed: int = 0


class Reconciler:
    """Looks over all jobs.

    Args:
        unsent: age at which an outbox that was not sent is sent.
        silence: time without any write after which a job that nobody holds is sent again; longer than any
            redelivery could take, since a message may still be on its way.
    """

    def __init__(
        self,
        *,
        jobs: JobRepository,
        store: ObjectStore,
        dispatcher: JobDispatcher,
        webhooks: WebhookSender,
        unsent: timedelta,
        silence: timedelta,
        retention: timedelta,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._dispatcher = dispatcher
        self._webhooks = webhooks
        self._unsent = unsent
        self._silence = silence
        self._retention = retention
        self._clock = clock

    async def run(self, *, silence: timedelta | None = None) -> Reconciled:
        """One round over all jobs; a job that fails is logged and left for the next round.

        ``silence`` overrides the usual one: zero at a start, where no message can be on its way.

        Raises:
            TransientError: the jobs cannot be listed.
        """
        quiet = self._silence if silence is None else silence
        result = Reconciled()
        suspects = await asyncio.to_thread(self._suspects, quiet, result)
        for summary in suspects:
            with bound(job_id=summary.id):
                try:
                    await self._look(summary.id, quiet, result)
                except JobNotFound:
                    continue
                except (TransientError, PreconditionFailed) as error:
                    result.failed += 1
                    log.warning("reconcile.failed", why=str(error))
        await self._webhooks.announce_all([summary.id for summary in suspects if self._news(summary)][:_MOST_NEWS])
        if result.sent or result.deleted or result.failed:
            log.info("reconcile.done", seen=result.seen, sent=result.sent, deleted=result.deleted, failed=result.failed)
        return result

    def _suspects(self, silence: timedelta, result: Reconciled) -> list[JobSummary]:
        """Those worth a look: the listing of all jobs, of which there may be millions, is never held."""
        suspects = []
        for summary in self._jobs.list():
            result.seen += 1
            if self._suspect(summary, silence):
                suspects.append(summary)
        return suspects

    def _suspect(self, summary: JobSummary, silence: timedelta) -> bool:
        """False where the listing alone shows that nothing is to be done."""
        if summary.delete_requested:
            return True
        if summary.state.terminal:
            return self._news(summary) or (summary.expire_time is not None and summary.expire_time <= self._clock())
        return self._clock() - summary.updated >= min(self._unsent, silence)

    def _news(self, summary: JobSummary) -> bool:
        return summary.webhook_due is not None and summary.webhook_due <= self._clock()

    async def _look(self, job_id: str, silence: timedelta, result: Reconciled) -> None:
        stored = await asyncio.to_thread(self._jobs.read, job_id)
        job, now = stored.job, self._clock()
        if self._over(job, now):
            await self._delete(stored)
            result.deleted += 1
        elif not job.state.terminal and self._stuck(job, silence, now):
            await self._send(stored)
            result.sent += 1

    def _over(self, job: Job, now: datetime) -> bool:
        if job.delete_requested:
            return not job.leased(now)
        return job.state.terminal and job.expire_time is not None and job.expire_time <= now

    async def _delete(self, stored: Stored) -> None:
        """Condemn the record first, so that nobody revives the job while its objects go."""
        job = stored.job
        if not job.state.terminal:
            job = ended(job, JobState.CANCELLED, now=self._clock(), retention=self._retention)
        if (condemned := replace(job, delete_requested=True)) != stored.job:
            await asyncio.to_thread(self._jobs.replace, stored, condemned)
        await asyncio.to_thread(purge, self._jobs, self._store, job.id)

    def _stuck(self, job: Job, silence: timedelta, now: datetime) -> bool:
        if job.leased(now):
            return False
        out = job.dispatch
        if out and not out.sent:
            if out.due:
                return now >= out.due
            if now - out.at >= self._unsent:
                return True
        return now - (job.update_time or job.create_time) >= silence

    async def _send(self, stored: Stored) -> None:
        """Publish, then note it in the record, so that the next round waits its time."""
        job = stored.job
        await self._dispatcher.dispatch(job.id, job.step, traceparent=child_traceparent(job.traceparent))
        log.warning("reconcile.sent", step=job.step, state=job.state.value)
        noted = replace(job, dispatch=Dispatch(step=job.step, sent=True, at=self._clock()))
        try:
            await asyncio.to_thread(self._jobs.replace, stored, noted)
        except PreconditionFailed:
            log.debug("reconcile.sent_mark_lost")  # a worker took it meanwhile
