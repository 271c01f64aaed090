"""Telling a job's receiver that the job has ended: at least once, and never in the way of the job's end.

The end itself leaves the news in the record's outbox, ``webhook``. Whoever sends it first claims the attempt by
compare-and-swap, which counts it and sets the time of the next one; so a process that dies while it sends leaves
nothing to be found but an outbox that is due again. The reconciler sends what is due.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from sitebookify.egress import Egress, FetchError, Reason
from sitebookify.errors import JobConflict, JobNotFound, StoreError, TransientError
from sitebookify.jobs import Job
from sitebookify.log import bound
from sitebookify.messages import NOTHING, Message
from sitebookify.repository import JobRepository
from sitebookify.runner.webhook_message import message
from sitebookify.standard_webhooks import signed_headers

log = structlog.get_logger()

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60))
"""From the n-th attempt to the next; after one more than these the news is given up."""
_LONGEST = max(WAITS) + timedelta(minutes=5)
"""Beyond it, what is due was put off by a clock that was wrong."""
_SECONDS = 15.0  # the least that the specification recommends
_AT_ONCE = 20
_HOPELESS = frozenset({Reason.ADDRESS_REFUSED, Reason.BAD_URL})
_GONE = 410  # the specification's answer of a receiver that wants no more


def is_due(due: datetime, now: datetime) -> bool:
    """True where a notification that is ``due`` then is to be sent."""
    return due <= now or due > now + _LONGEST


class WebhookSender:
    """Sends what is in the outboxes of ended jobs.

    Args:
        secrets: sign for jobs that brought no secret of their own; several while one replaces another.
        timeout: seconds that a receiver has to answer.
    """

    def __init__(
        self,
        *,
        jobs: JobRepository,
        egress: Egress,
        secrets: Sequence[str],
        timeout: float = _SECONDS,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._jobs = jobs
        self._egress = egress
        self._secrets = secrets
        self._timeout = timeout
        self._clock = clock or jobs.now

    async def announce(self, job_id: str) -> None:
        """Send the news of the job's end where it is due; what goes wrong is in the record and in the log."""
        with bound(job_id=job_id):
            try:
                if (job := await asyncio.to_thread(self._claim, job_id)) is not None:
                    await self._send(job)
            except (JobNotFound, JobConflict, StoreError, TransientError) as error:
                log.warning("webhook.postponed", why=str(error))
            except Exception:
                log.exception("webhook.broken")  # a bug of ours must not refuse the delivery of a job that has ended

    async def announce_all(self, job_ids: Sequence[str]) -> None:
        """`announce` each of the jobs, a bounded number at a time."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(job_id: str) -> None:
            async with places:
                await self.announce(job_id)

        await asyncio.gather(*map(one, job_ids))

    def _claim(self, job_id: str) -> Job | None:
        """The job with one more attempt counted; None where nothing is due."""
        claimed = False

        def claim(job: Job) -> Job:
            nonlocal claimed
            news, now = job.webhook, self._clock()
            due = news is not None and news.due is not None and is_due(news.due, now)
            claimed = due and not job.delete_requested
            if news is None or not claimed:
                return job
            wait = WAITS[min(news.attempts, len(WAITS) - 1)]
            return replace(job, webhook=replace(news, attempts=news.attempts + 1, due=now + wait))

        job = self._jobs.update(job_id, claim).job
        return job if claimed else None

    async def _send(self, job: Job) -> None:
        assert job.webhook is not None  # noqa: S101 - it was claimed
        begun = time.monotonic()
        why, hopeless = await self._post(job)
        attempt, seconds = job.webhook.attempts, round(time.monotonic() - begun, 3)
        if not why:
            log.info("webhook.delivered", attempt=attempt, seconds=seconds)
        elif hopeless or attempt > len(WAITS):
            hopeless = True
            log.error("webhook.given_up", attempt=attempt, seconds=seconds, why=str(why))
        else:
            log.warning("webhook.failed", attempt=attempt, seconds=seconds, why=str(why))
        await asyncio.to_thread(self._jobs.update, job.id, lambda now: self._noted(now, job, why, over=hopeless))

    async def _post(self, job: Job) -> tuple[Message, bool]:
        """Why the receiver did not take the news (nothing: it did), and whether asking again is hopeless."""
        secrets = [job.spec.webhook_secret] if job.spec.webhook_secret else self._secrets
        if not secrets:
            return Message("webhook.no_secret"), False
        body = json.dumps(message(job), ensure_ascii=False, separators=(",", ":")).encode()
        # Every end of a job is at a step of its own: a retry goes on under a new one.
        signed = signed_headers(
            secrets, message_id=f"{job.id}-{job.step}", timestamp=int(self._clock().timestamp()), body=body
        )
        headers = {**signed, "Content-Type": "application/json"}
        try:
            status = await self._egress.post(job.spec.webhook_url, body, headers=headers, timeout=self._timeout)
        except FetchError as error:
            return error.message, error.reason in _HOPELESS
        if 200 <= status < 300:
            return NOTHING, False
        return Message("webhook.status", status=status), status == _GONE

    def _noted(self, job: Job, sent: Job, why: Message, *, over: bool) -> Job:
        """The job as it stands now with the outcome of what was sent, unless that is of an earlier end or attempt."""
        news = job.webhook
        if news is None or sent.webhook is None or job.step != sent.step or news.delivered_at:
            return job
        if not why:
            return replace(job, webhook=replace(news, due=None, delivered_at=self._clock(), last_error=NOTHING))
        if news.attempts != sent.webhook.attempts:
            return job
        return replace(job, webhook=replace(news, last_error=why, due=None if over else news.due))
