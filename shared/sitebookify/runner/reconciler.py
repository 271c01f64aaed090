"""The second net: sends again what was never sent or went silent, webhooks too, and removes what has expired.

It looks at the jobs that have a marker (see `job_index`), and now and then at all records (see `runner.job_scan`).

It runs every minute beside the dead-letter handler (Cloud Scheduler), as a background task in-process, and by
``sitebookify reconcile``. Any number of them may run at once. What somebody waits for comes first: messages, then
webhooks, then removals. A job that fails in whatever way is logged and left for the next round, and harms no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from sitebookify.errors import JobNotFound, JobUnreadable, PreconditionFailed, TransientError
from sitebookify.job_index import Marker, Scan
from sitebookify.job_summary import Care, JobSummary, UnreadableEntry, care_for
from sitebookify.jobs import Dispatch, Job, JobState, ended
from sitebookify.log import bound, child_traceparent
from sitebookify.ports import JobDispatcher, ObjectStore
from sitebookify.repository import JobRepository, Stored
from sitebookify.runner.job_scan import JobScan, unfinished
from sitebookify.runner.purge import purge, purge_data
from sitebookify.runner.webhooks import WebhookSender, is_due

log = structlog.get_logger()

_MOST_NEWS = 200
"""Webhooks that one round sends: where every receiver is silent, a round still ends after two or three minutes."""
_SENT_AT_ONCE = 16
_REMOVED_AT_ONCE = 4
"""Jobs; each is removed by several threads, see `runner.purge`."""
_REMOVAL_SECONDS = 40.0
"""After which a round begins no more removals: the next one may be due, and others wait for its messages."""
_MOST_OVER = 1000
"""Jobs to be removed that a round looks for: more than it can remove."""
_SETTLED_AFTER = timedelta(minutes=1)
"""Age of a marker that is removed because its job needs nobody: who wrote it may be about to write the record."""
_ORPHANED_AFTER = timedelta(hours=1)
"""The same where there is no record."""
_AHEAD = timedelta(minutes=5)
"""By how much a time that was written may lie in the future: beyond it, the writer's clock was wrong."""


@dataclass(slots=True)
class Reconciled:
    """What one round did, in jobs."""

    seen: int = 0
    sent: int = 0
    deleted: int = 0
    failed: int = 0
    unreadable: int = 0


@dataclass(slots=True)
class _Round:
    """What the listing shows: ids of jobs that need a look, by what for."""

    silence: timedelta
    at_start: bool = False
    result: Reconciled = field(default_factory=Reconciled)
    quiet: list[JobSummary] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    over: list[JobSummary] = field(default_factory=list)
    odd: list[UnreadableEntry] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)
    """Generations of markers that say more than the record."""
    left: list[str] = field(default_factory=list)
    """Ids of jobs that there was no time to remove."""
    scan: Scan | None = None
    front: datetime | None = None
    """When the message was sent that came last among those that are being worked on; None where nobody works."""


class Reconciler:
    """Looks over all jobs.

    Args:
        unsent: age at which an outbox that was not sent is sent.
        silence: time without any write after which a job that nobody holds is sent again; longer than any
            redelivery could take, since a message may still be on its way.
        queued: whether a job's message waits in a queue of this process, so that it is not lost.
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
        queued: Callable[[str], bool] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._dispatcher = dispatcher
        self._webhooks = webhooks
        self._unsent = unsent
        self._silence = silence
        self._retention = retention
        self._queued = queued
        self._clock = clock or jobs.now
        self._scan = JobScan(jobs)

    async def run(self, *, silence: timedelta | None = None) -> Reconciled:
        """One round over all jobs.

        ``silence`` overrides the usual one: zero at a start, where no message can be on its way.

        Raises:
            TransientError: the jobs cannot be listed.
        """
        turn = _Round(self._silence if silence is None else silence, at_start=silence is not None)
        await asyncio.to_thread(self._sift, turn)
        result = turn.result
        lost = [summary.id for summary in turn.quiet if self._lost(summary, turn)]
        await self._each(lost, lambda job_id: self._resend(job_id, turn), result, at_once=_SENT_AT_ONCE)
        await self._each((entry.id for entry in turn.odd), self._repair, result, at_once=_SENT_AT_ONCE)
        await self._webhooks.announce_all(turn.news[:_MOST_NEWS])
        await self._each(turn.settled, lambda job_id: self._settle(job_id, turn), result, at_once=_SENT_AT_ONCE)
        await self._remove_all(turn)
        await asyncio.to_thread(self._keep_scan, turn)
        if result.sent or result.deleted or result.failed or result.unreadable:
            log.info(
                "reconcile.done",
                seen=result.seen,
                sent=result.sent,
                deleted=result.deleted,
                failed=result.failed,
                unreadable=result.unreadable,
            )
        return result

    def _sift(self, turn: _Round) -> None:
        """Keep what is worth a look: the listing of all jobs, of which there may be millions, is never held."""
        now = self._clock()
        markers = {marker.id: marker for marker in self._jobs.index.markers()}
        for marker, entry in zip(markers.values(), self._jobs.summaries(markers), strict=True):
            if entry is None:
                if now - marker.updated >= _ORPHANED_AFTER:
                    self._jobs.index.unmark(marker.id, marker.generation)
                continue
            self._see(entry, turn, now)
            if isinstance(entry, JobSummary) and _says_more(marker, entry) and now - marker.updated >= _SETTLED_AFTER:
                turn.settled[marker.id] = marker.generation

        def see(entry: JobSummary | UnreadableEntry) -> bool:
            if entry.id not in markers:
                self._see(entry, turn, now)
            return len(turn.over) < _MOST_OVER

        turn.scan = self._scan.part(markers, see, anew=turn.at_start)

    def _see(self, entry: JobSummary | UnreadableEntry, turn: _Round, now: datetime) -> None:
        turn.result.seen += 1
        if isinstance(entry, UnreadableEntry):
            turn.odd.append(entry)
            return
        alive = entry.held_until and entry.held_until > now and _age(entry.updated, now) < self._silence
        if alive and entry.dispatched_at:
            turn.front = max(turn.front or entry.dispatched_at, entry.dispatched_at)
        if entry.delete_requested or (entry.expire_time and entry.expire_time <= now):
            turn.over.append(entry)
        elif entry.state.terminal:
            if entry.webhook_due and is_due(entry.webhook_due, now):
                turn.news.append(entry.id)
        elif self._quiet(entry, turn.silence, now):
            turn.quiet.append(entry)

    def _keep_scan(self, turn: _Round) -> None:
        """Note how far the scan came, now that what it found is taken care of."""
        if turn.scan is not None:
            self._jobs.index.keep(unfinished(turn.scan, min(turn.left)) if turn.left else turn.scan)

    def _quiet(self, summary: JobSummary, silence: timedelta, now: datetime) -> bool:
        """False where the listing alone shows that nothing is to be sent."""
        age = _age(summary.updated, now)
        if summary.dispatched_at is None or silence < self._unsent:
            return age >= min(self._unsent, silence)
        if summary.unsent and summary.due:
            return _rested(summary.due, summary.dispatched_at, now)
        return age >= (self._unsent if summary.unsent else silence)

    def _lost(self, summary: JobSummary, turn: _Round) -> bool:
        """False where the job's message probably still waits for a worker.

        Messages are worked on roughly in the order in which they were sent. So a message is lost only if nobody works
        at all, or if one that was sent much later has been worked on before it.
        """
        if summary.unsent or summary.dispatched_at is None or not turn.silence:
            return True
        if self._queued is not None:
            return not self._queued(summary.id)
        return turn.front is None or turn.front - summary.dispatched_at >= turn.silence

    async def _each(
        self, ids: Iterable[str], act: Callable[[str], Awaitable[None]], result: Reconciled, *, at_once: int
    ) -> None:
        """Do the same to each job, a bounded number at a time; what goes wrong stays with the job."""
        waiting = iter(ids)

        async def several() -> None:
            for job_id in waiting:
                with bound(job_id=job_id):
                    await self._guarded(job_id, act, result)

        await asyncio.gather(*(several() for _ in range(at_once)))

    async def _guarded(self, job_id: str, act: Callable[[str], Awaitable[None]], result: Reconciled) -> None:
        try:
            await act(job_id)
        except JobNotFound:
            return
        except JobUnreadable as error:
            result.unreadable += 1
            log.error("record.unreadable", why=error.why)  # noqa: TRY400 - `why` says it
        except (TransientError, PreconditionFailed) as error:
            result.failed += 1
            log.warning("reconcile.failed", why=str(error))
        except Exception:  # a bug that one job meets must not end the round for all others
            result.failed += 1
            log.exception("reconcile.failed")

    async def _resend(self, job_id: str, turn: _Round) -> None:
        stored = await asyncio.to_thread(self._jobs.read, job_id)
        if stored.job.state.terminal:
            await self._agree(stored)
        elif self._stuck(stored.job, turn.silence, self._clock()):
            await self._send(stored)
            turn.result.sent += 1

    def _stuck(self, job: Job, silence: timedelta, now: datetime) -> bool:
        age = _age(job.update_time or job.create_time, now)
        if job.leased(now) and age < self._silence:  # silent for longer, a holder is dead, whatever its lease says
            return False
        out = job.dispatch
        if out and not out.sent:
            if out.due:
                return _rested(out.due, out.at, now)
            if _age(out.at, now) >= self._unsent:
                return True
        return age >= silence

    async def _send(self, stored: Stored) -> None:
        """Publish, then note it in the record, so that the next round waits its time."""
        job = stored.job
        rested = job.dispatch is not None and job.dispatch.due is not None
        with bound(traceparent=job.traceparent):
            await self._dispatcher.dispatch(job.id, job.step, traceparent=child_traceparent(job.traceparent))
            if rested:
                log.info("reconcile.resumed", step=job.step, state=job.state.value)
            else:
                log.warning("reconcile.sent", step=job.step, state=job.state.value)
        out = job.dispatch or Dispatch(step=job.step, sent=False, at=self._clock())
        noted = replace(job, dispatch=replace(out, step=job.step).sent_again(self._clock()))
        try:
            await asyncio.to_thread(self._jobs.replace, stored, noted)
        except PreconditionFailed:
            log.debug("reconcile.sent_mark_lost")  # a worker took it meanwhile

    async def _settle(self, job_id: str, turn: _Round) -> None:
        stored = await asyncio.to_thread(self._jobs.read, job_id)
        if care_for(stored.job) is not Care.UNDER_WAY:
            await asyncio.to_thread(self._jobs.settle, stored.job, turn.settled[job_id])
        else:
            await self._agree(stored)

    async def _agree(self, stored: Stored) -> None:
        """Write the record again if what the listing shows of it is another job's life: the record is what counts."""
        entry, job = await asyncio.to_thread(self._jobs.summary, stored.job.id), stored.job
        if not isinstance(entry, JobSummary):
            return
        listed = entry.state, entry.delete_requested, entry.expire_time
        if listed != (job.state, job.delete_requested, job.expire_time):
            await asyncio.to_thread(self._jobs.replace, stored, job)
            log.warning("record.repaired")

    async def _repair(self, job_id: str) -> None:
        """Write the record again, and with it what the listing shows. A holder's next heartbeat does that anyway.

        Raises:
            JobUnreadable: the record is damaged too.
        """
        stored = await asyncio.to_thread(self._jobs.read, job_id)
        if not stored.job.leased(self._clock()):
            await asyncio.to_thread(self._jobs.replace, stored, stored.job)
            log.warning("record.repaired")

    async def _remove_all(self, turn: _Round) -> None:
        """Remove jobs that are over for as long as a round may take; the next one goes on."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _REMOVAL_SECONDS

        async def remove(job_id: str) -> None:
            if loop.time() < end:
                await self._remove(job_id, turn.result)
            else:
                turn.left.append(job_id)

        await self._each((summary.id for summary in turn.over), remove, turn.result, at_once=_REMOVED_AT_ONCE)

    async def _remove(self, job_id: str, result: Reconciled) -> None:
        try:
            stored = await asyncio.to_thread(self._jobs.read, job_id)
        except JobUnreadable:  # its listing says that it is over, which is all there is to know
            await self._purge(job_id, result)
            return
        job, now = stored.job, self._clock()
        if job.delete_requested and self._may_be_held(job, now):
            if not job.leased(now):
                # The worker died, or is frozen and will write more: the record stays until that cannot happen any more.
                await asyncio.to_thread(purge_data, self._store, job_id)
            return
        if job.delete_requested or (job.state.terminal and job.expire_time is not None and job.expire_time <= now):
            await self._condemn(stored)
            await self._purge(job_id, result)
        else:
            await self._agree(stored)

    def _may_be_held(self, job: Job, now: datetime) -> bool:
        """False where no delivery can last any longer, whatever the lease says of its end."""
        if job.lease is None or _age(job.update_time or job.create_time, now) >= 2 * self._silence:
            return False
        return now < job.lease.expires_at + self._silence

    async def _condemn(self, stored: Stored) -> None:
        """Mark the record first, so that nobody revives the job while its objects go."""
        job = stored.job
        if not job.state.terminal:
            job = ended(job, JobState.CANCELLED, now=self._clock(), retention=self._retention)
        condemned = replace(job, delete_requested=True)
        if condemned != stored.job:
            await asyncio.to_thread(self._jobs.replace, stored, condemned)

    async def _purge(self, job_id: str, result: Reconciled) -> None:
        await asyncio.to_thread(purge, self._jobs, self._store, job_id)
        result.deleted += 1


def _age(written: datetime, now: datetime) -> timedelta:
    """How long ago that was; a time in the future says nothing, so it may be as old as any."""
    return now - written if written <= now + _AHEAD else timedelta.max


def _rested(due: datetime, noted: datetime, now: datetime) -> bool:
    """True where a rest that was ``noted`` then is over."""
    return now >= due or noted > now + _AHEAD


def _says_more(marker: Marker, entry: JobSummary) -> bool:
    """True where the marker says that the job needs more than it does."""
    return entry.care < (Care.OWED if marker.owed else Care.UNDER_WAY)
