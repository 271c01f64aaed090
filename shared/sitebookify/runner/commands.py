"""What clients may do to a job: create, cancel, retry, delete. Used by the API and the command line."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from sitebookify.errors import (
    FailedPrecondition,
    JobConflict,
    JobNotFound,
    JobUnreadable,
    PreconditionFailed,
    StoreFull,
    TransientError,
    Unavailable,
)
from sitebookify.jobs import Dispatch, Job, JobState, Spent, Stage, ended, new_job
from sitebookify.log import bound, child_traceparent, shown_url
from sitebookify.messages import NOTHING, Message
from sitebookify.ports import JobDispatcher, ObjectStore
from sitebookify.repository import JobRepository, Stored
from sitebookify.runner.purge import purge
from sitebookify.secret_key import SecretKey
from sitebookify.spec import JobSpec

log = structlog.get_logger()

_REQUESTS = uuid.UUID("6f0a8f0c-6a53-5c0e-9a1e-5b5f5d5c7a11")
"""Namespace of the job ids that earlier versions made from request ids, which anyone can compute."""
_NOT_QUEUED = "DISPATCH_FAILED"
_REMOVED_AT_ONCE = 200
"""Objects that a request to delete a job removes before it is answered: half a second's worth on a bucket."""


class JobCommands:
    """Every command changes the record first and then sends what follows from it.

    Args:
        key: makes job ids from request ids; by default the one in the store.
        ignore_robots: every job of this server ignores robots.txt, and its record says so.
    """

    def __init__(
        self,
        *,
        jobs: JobRepository,
        store: ObjectStore,
        dispatcher: JobDispatcher,
        retention: timedelta,
        key: SecretKey | None = None,
        ignore_robots: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._dispatcher = dispatcher
        self._retention = retention
        self._key = key or SecretKey("", store)
        self._ignore_robots = ignore_robots
        self._clock = clock or jobs.now

    async def create(self, spec: JobSpec, *, job_id: str = "", request_id: str = "", traceparent: str = "") -> Job:
        """Store a job and send its first message.

        A ``request_id`` seen before answers the job it made, if that has the same spec.

        Raises:
            JobConflict: another job has this id, or this request id with another spec.
            Unavailable: the message could not be sent yet. It stays in the outbox; the same request sends it again, and
                so does the reconciler.
        """
        if request_id and not job_id:
            job_id = await asyncio.to_thread(self._id_of, request_id)
        spec = replace(spec, ignore_robots=spec.ignore_robots or self._ignore_robots)
        job = new_job(spec, now=self._clock(), job_id=job_id, traceparent=traceparent, request_id=request_id)
        with bound(job_id=job.id):
            try:
                stored = await asyncio.to_thread(self._jobs.create, job)
            except JobConflict:
                return await self._repeated(job)
            log.info("job.created", source_url=shown_url(spec.source_url), max_pages=spec.max_pages)
            return await self._send(stored)

    async def cancel(self, job_id: str) -> Job:
        """End the job: at once where nobody works on it, else within the worker's next heartbeat.

        Raises:
            JobNotFound: no such job.
            FailedPrecondition: it has ended already, other than by a cancel.
        """
        repeated = False

        def cancelled(job: Job) -> Job:
            nonlocal repeated
            if job.delete_requested:
                raise JobNotFound(job_id)
            repeated = job.state is JobState.CANCELLED or (job.cancel_requested and job.leased(self._clock()))
            if job.state is JobState.CANCELLED:
                return job
            if job.state.terminal:
                raise FailedPrecondition(Message("job.not_cancellable", job=job_id, state=job.state.message))
            return self._cancelled(job)

        with bound(job_id=job_id):
            job = (await asyncio.to_thread(self._jobs.update, job_id, cancelled)).job
            if not repeated:
                log.info("job.cancel_requested", state=job.state.value)
            if job.left_batches:
                await self._let_go(job)
            return job

    async def retry(self, job_id: str, *, max_cost: float = 0.0, max_tokens: int = 0) -> Job:
        """Send a failed or cancelled job on its way again, from its last checkpoint, with new limits if any are given.

        A job that is done, but whose book lacks pages of a site that failed, fetches those and makes the book anew.

        Raises:
            JobNotFound: no such job.
            FailedPrecondition: the job has not failed, and its book lacks nothing that could be fetched.
            Unavailable: as for `create`.
        """

        def requeued(job: Job) -> Job:
            if job.delete_requested:
                raise JobNotFound(job_id)
            if not job.retryable:
                raise FailedPrecondition(Message("job.not_retryable", job=job_id, state=job.state.message))
            spec = job.spec
            spec = replace(spec, max_cost=max_cost or spec.max_cost, max_tokens=max_tokens or spec.max_tokens)
            return self._requeued(replace(job, spec=spec))

        with bound(job_id=job_id):
            stored = await asyncio.to_thread(self._jobs.update, job_id, requeued)
            log.info("job.retried", step=stored.job.step, stage=stored.job.stage.value)
            return await self._send(stored)

    async def delete(self, job_id: str) -> None:
        """Remove the job and everything of it, also where its record cannot be read.

        From the answer on clients find no such job. The reconciler removes what is left: where a worker is still at
        it, once the worker has stopped, and of a job with many objects what there was no time for.

        Raises:
            JobNotFound: no such job.
        """

        def condemned(job: Job) -> Job:
            if job.delete_requested:
                raise JobNotFound(job_id)
            if not job.state.terminal:
                # A lease that was not given back may be that of a frozen worker, which still writes when it wakes up.
                job = replace(job, cancel_requested=True) if job.lease else self._cancelled(job)
            return replace(job, delete_requested=True)

        with bound(job_id=job_id):
            try:
                job = (await asyncio.to_thread(self._jobs.update, job_id, condemned)).job
            except JobUnreadable as error:
                log.error("record.unreadable", why=error.why)  # noqa: TRY400 - `why` says it
                terminal = True
            except StoreFull:
                log.warning("job.deleted_unmarked")  # no space for the mark: what is removed makes some
                terminal = True
            else:
                log.info("job.delete_requested", state=job.state.value)
                terminal = job.state.terminal
                if job.left_batches:
                    await self._let_go(job)
            if terminal:
                await asyncio.to_thread(purge, self._jobs, self._store, job_id, most=_REMOVED_AT_ONCE)

    def _id_of(self, request_id: str) -> str:
        """The id that the request id makes, or the one it made before ids were made with a key.

        Such a job counts only where its record is that old too: others could have been planted there since.
        """
        old = str(uuid.uuid5(_REQUESTS, request_id))
        try:
            job = self._jobs.read(old).job
        except (JobNotFound, JobUnreadable):
            return self._key.job_id(request_id)
        return old if job.request_id == request_id and not job.keyed else self._key.job_id(request_id)

    def _cancelled(self, job: Job) -> Job:
        now = self._clock()
        if job.leased(now):
            return replace(job, cancel_requested=True)
        return ended(job, JobState.CANCELLED, now=now, retention=self._retention)

    def _requeued(self, job: Job) -> Job:
        """A new step, so that messages of the old one are behind."""
        now = self._clock()
        if job.state is JobState.DONE:
            progress = replace(job.progress, stage=Stage.CRAWL, percent=0, message=NOTHING)
            job = replace(job, stage=Stage.CRAWL, checkpoint=job.retry_from, retry_from="", progress=progress)
        return replace(
            job.moved(JobState.QUEUED, now),
            step=job.step + 1,
            attempts=0,
            spent=Spent(),
            last_error=NOTHING,
            cancel_requested=False,
            dispatch=Dispatch(step=job.step + 1, sent=False, at=now),
        )

    async def _repeated(self, job: Job) -> Job:
        try:
            stored = await asyncio.to_thread(self._jobs.get, job.id)
        except JobNotFound as error:
            raise JobConflict(Message("job.being_deleted", id=job.request_id or job.id)) from error
        if not job.request_id or stored.job.request_id != job.request_id or stored.job.spec != job.spec:
            if job.request_id:
                raise JobConflict(Message("job.request_id_used", id=job.request_id))
            raise JobConflict(Message("job.id_used", id=job.id))
        if stored.job.error and stored.job.error.reason == _NOT_QUEUED:  # by an earlier version
            return await self.retry(job.id)
        if stored.job.state is JobState.QUEUED and stored.job.dispatch and stored.job.dispatch.due:
            return await self._send(stored)
        return stored.job

    async def _let_go(self, job: Job) -> None:
        """Have a worker cancel what a language model does for the job: only workers can reach it."""
        try:
            await self._dispatcher.dispatch(job.id, job.step, traceparent=child_traceparent(job.traceparent))
        except TransientError as error:
            log.warning("job.batches_left", why=str(error))  # a second cancel sends the message again

    async def _send(self, stored: Stored) -> Job:
        job = stored.job
        assert job.dispatch is not None  # noqa: S101 - the callers have just filled the outbox
        try:
            await self._dispatcher.dispatch(job.id, job.dispatch.step, traceparent=child_traceparent(job.traceparent))
        except TransientError as error:
            await self._not_sent(stored, error)
            raise Unavailable(f"job {job.id} is not queued yet: the queue is away; try again") from error
        sent = replace(job, dispatch=replace(job.dispatch, sent=True, due=None))
        try:
            await asyncio.to_thread(self._jobs.replace, stored, sent)
        except (PreconditionFailed, TransientError):
            log.debug("job.sent_mark_lost")  # a worker has it already, or the message is sent twice: both harmless
        log.info("job.queued", step=job.step)
        return job

    async def _not_sent(self, stored: Stored, cause: TransientError) -> None:
        """Note that the message is due at once, so that nobody waits for a sender that may still be at it."""
        job = stored.job
        assert job.dispatch is not None  # noqa: S101 - see `_send`
        log.warning("job.not_queued", reason=_NOT_QUEUED, why=str(cause))
        due = replace(job, dispatch=replace(job.dispatch, due=self._clock()))
        try:
            await asyncio.to_thread(self._jobs.replace, stored, due)
        except (PreconditionFailed, TransientError):
            log.warning("job.not_queued_mark_lost")  # the message arrived after all, or the reconciler sends it
