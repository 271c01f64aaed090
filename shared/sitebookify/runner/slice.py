"""One delivery, one slice: take the lease, work from the checkpoint, commit, hand over.

The commit order is data, then the record with its continuation unsent, then the message, then the mark that
it was sent. A crash between any two of them leaves a record that says what is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from sitebookify.book.failures import read_failures
from sitebookify.book.objects import read, unpack
from sitebookify.book.stage import AtCancel, Done, StageFunction
from sitebookify.egress import Fetcher
from sitebookify.errors import (
    JobNotFound,
    JobUnreadable,
    PermanentError,
    PreconditionFailed,
    StoreError,
    TransientError,
    incomplete_installation,
)
from sitebookify.jobs import Dispatch, Job, JobError, JobState, Lease, Stage, ended
from sitebookify.log import child_traceparent
from sitebookify.messages import NOTHING, Message
from sitebookify.ports import JobDispatcher, ObjectStore
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository, Stored
from sitebookify.runner.admission import Admission, admit
from sitebookify.runner.checkpoint import load_checkpoint
from sitebookify.runner.compute import Compute
from sitebookify.runner.interruption import Interruption
from sitebookify.runner.lease import Fenced, LeasedJob, take
from sitebookify.runner.outcome import Outcome
from sitebookify.runner.purge import purge_intermediate
from sitebookify.runner.shown_error import shown_error
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.runner.workbench import SliceBench

log = structlog.get_logger()

_TRIES = 10
_CANCEL_SECONDS = 10.0
"""That a stage has to clean up when it is cut off. One that takes longer must not keep the delivery from its answer."""
_TICK = 0.25  # seconds between two looks at the clock, the stop signal and the record's cancel flag


class SliceRunner:
    """Runs deliveries against the records. Several may run at once, in one process or in many."""

    def __init__(
        self,
        *,
        jobs: JobRepository,
        store: ObjectStore,
        dispatcher: JobDispatcher,
        egress: Fetcher,
        compute: Compute,
        pipeline: Mapping[Stage, StageFunction],
        limits: SliceLimits,
        at_cancel: AtCancel | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._dispatcher = dispatcher
        self._egress = egress
        self._compute = compute
        self._pipeline = pipeline
        self._order = list(pipeline)
        self._limits = limits
        self._at_cancel = at_cancel
        self._clock = clock or jobs.now

    async def run(
        self, message: JobMessage, *, stop: asyncio.Event | None = None, make_way: asyncio.Event | None = None
    ) -> Outcome:
        """Do what ``message`` asks; return once the delivery may be acknowledged.

        Once ``stop`` is set (the process must end) the slice commits early; once ``make_way`` is (another job waits),
        it commits as soon as it has got on, so that taking turns costs no job an attempt.

        Raises:
            TransientError: refuse the delivery; it comes again.
        """
        told = Interruption(stop or asyncio.Event(), make_way or asyncio.Event())
        dead: Lease | None = None
        for _ in range(_TRIES):
            try:
                stored = await asyncio.to_thread(self._jobs.read, message.job_id)
            except JobNotFound:
                log.warning("slice.job_missing", step=message.step)
                await self._let_go(message.job_id)
                return Outcome.MISSING
            except JobUnreadable as error:
                log.error("record.unreadable", why=error.why, step=message.step)  # noqa: TRY400 - `why` says it
                return Outcome.UNREADABLE
            now, most = self._clock(), self._limits.max_attempts
            match admit(stored.job, message.step, now=now, max_attempts=most, dead=dead):
                case Admission.RUN:
                    if leased := await take(self._jobs, stored, term=self._limits.lease, clock=self._clock):
                        return await self._work(leased, told)
                    # Whoever was faster may have only marked a message as sent: acknowledging now could lose the job.
                case Admission.CONTINUE:
                    await self.publish(stored)
                    return Outcome.CONTINUED
                case Admission.EXHAUSTED:
                    return await self._exhausted(stored)
                case Admission.HELD if await self._abandoned(stored, told.stop):
                    dead = stored.job.lease
                case admission:
                    if stored.job.left_batches:
                        await self._let_go(stored.job.id)
                    log.info("slice.ignored", step=message.step, why=admission.value, at_step=stored.job.step)
                    return Outcome(admission.value)
        raise TransientError(f"job {message.job_id} changes too often to be taken")

    async def _abandoned(self, stored: Stored, stop: asyncio.Event) -> bool:
        """Wait for the holder's next sign of life: False where there is one; True: judge the record again.

        A redelivery can come at once after its worker died, whatever the retry policy says. To acknowledge it because
        of the dead worker's lease would lose the job until the reconciler finds it; to refuse it would use up one of
        its delivery attempts. When the lease ends is the holder's word, and its clock may be ahead: a holder that was
        not seen to renew it for as long as a lease lasts is dead, whatever it wrote.
        """
        held = stored.job.lease
        end = self._clock() + self._limits.lease
        while held and self._clock() < min(held.expires_at, end):
            if stop.is_set():
                raise TransientError("this process is ending")
            left = min(held.expires_at, end) - self._clock()
            await asyncio.sleep(min(self._limits.heartbeat, left).total_seconds() + _TICK)
            try:
                stored = await asyncio.to_thread(self._jobs.read, stored.job.id, known=stored)
            except (JobNotFound, JobUnreadable):
                return True
            if stored.job.lease != held:
                return not stored.job.leased(self._clock())
        return True

    async def publish(self, stored: Stored) -> None:
        """Send the continuation in the record's outbox and mark it sent; the reconciler sends what is due later.

        Raises:
            TransientError: it may not have been published; the outbox still holds it.
        """
        job = stored.job
        if job.dispatch is None or job.dispatch.resting(self._clock()):
            return
        await self._dispatcher.dispatch(job.id, job.dispatch.step, traceparent=child_traceparent(job.traceparent))
        try:
            sent = replace(job, dispatch=replace(job.dispatch, sent=True, at=self._clock()))
            await asyncio.to_thread(self._jobs.replace, stored, sent)
        except (PreconditionFailed, TransientError):
            # The next holder was faster, or the mark is lost: then the message is sent twice, which is harmless.
            log.debug("slice.sent_mark_lost", step=job.dispatch.step)

    async def _work(self, leased: LeasedJob, told: Interruption) -> Outcome:
        job, begun = leased.job, self._clock()
        queued_at = job.dispatch.waiting_since if job.dispatch else job.create_time
        waited = round((begun - queued_at).total_seconds(), 3)
        log.info("slice.started", step=job.step, attempt=job.attempts, stage=job.stage.value, waited_seconds=waited)
        outcome: str = "refused"
        try:
            return (outcome := await self._settle(leased, told))
        finally:
            seconds = round((self._clock() - begun).total_seconds(), 3)
            log.info("slice.ended", step=job.step, stage=job.stage.value, outcome=outcome, seconds=seconds)

    async def _settle(self, leased: LeasedJob, told: Interruption) -> Outcome:
        try:
            outcome = await self._attempt(leased, told)
        except Fenced as error:
            log.warning("slice.fenced", step=leased.job.step, why=str(error))
            return Outcome.FENCED
        except PermanentError as error:
            return await self._fail(leased, error, logging.WARNING)
        except ImportError as error:
            log.exception("slice.failed", step=leased.job.step, why=str(error))
            return await self._fail(leased, incomplete_installation(error), logging.ERROR)
        except Exception as error:
            await self._release(leased, error)
            raise TransientError(f"step {leased.job.step} failed: {error}") from error
        if outcome is Outcome.COMMITTED:
            await self.publish(leased.stored)
        return outcome

    async def _attempt(self, leased: LeasedJob, told: Interruption) -> Outcome:
        start = await asyncio.to_thread(load_checkpoint, self._store, leased.job)
        bench = SliceBench(
            leased,
            start,
            await asyncio.to_thread(read_failures, self._store, leased.job.failures),
            store=self._store,
            egress=self._egress,
            compute=self._compute,
            interval=self._limits.checkpoint,
            allowance=self._limits.allowance,
        )
        for stage, name in start.outputs.items():
            bench.inputs[stage] = unpack(await asyncio.to_thread(read, self._store, name))
        try:
            done = await self._stages_until_told(leased, bench, told)
        except PermanentError:
            if bench.checkpoint.outputs:  # stages that were too quick for a checkpoint: a retry goes on after them
                with contextlib.suppress(StoreError, TransientError):  # what goes on is the error that led here
                    await bench.advance(bench.checkpoint)
            failures = await bench.keep_failures()
            await leased.write(lambda job: replace(job, failures=failures, spent=bench.meter.spent))
            raise
        except Exception:
            with contextlib.suppress(Fenced, StoreError, TransientError):  # what goes on is the error that led here
                await leased.write(lambda job: replace(job, spent=bench.meter.spent))
            raise
        if done is not None:
            return await self._finish(leased, bench, done)
        if leased.job.cancel_requested:
            return await self._cancel(leased)
        if not bench.headway:
            await leased.write(lambda job: replace(job, spent=bench.meter.spent))
            raise TransientError(Message("job.no_progress", stage=start.stage.message))
        return await self._commit(leased, bench)

    async def _stages_until_told(self, leased: LeasedJob, bench: SliceBench, told: Interruption) -> Done | None:
        """The last stage's result; None where the slice ends before, its work kept in the checkpoint."""
        stages = asyncio.create_task(self._stages(bench))
        watch = asyncio.create_task(self._watch(leased, bench, told))
        try:
            await asyncio.wait({stages, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stages, watch):
                task.cancel()
            await asyncio.wait({stages, watch}, timeout=_CANCEL_SECONDS)
        if not (stages.done() and watch.done()):
            leased.give_up()
            # How they end now concerns nobody; asyncio would report the exception as forgotten.
            stages.add_done_callback(lambda task: task.cancelled() or task.exception())
            raise TransientError(Message("job.stage_hangs", stage=bench.checkpoint.stage.message))
        if not watch.cancelled() and (lost := watch.exception()):
            raise lost
        return None if stages.cancelled() else stages.result()

    async def _stages(self, bench: SliceBench) -> Done | None:
        """Run stages from the bench's checkpoint on; None where one paused."""
        while True:
            checkpoint = bench.checkpoint
            result = await self._pipeline[checkpoint.stage](bench, checkpoint.state)
            if not isinstance(result, Done):
                bench.rest = result.wait
                await bench.advance(replace(checkpoint, state=result.state))
                return None
            following = self._after(checkpoint.stage)
            if following is None:
                return result
            await bench.finish_stage(result.output, following)
            log.info("stage.done", stage=checkpoint.stage.value)
            if bench.stopping:
                await bench.advance(bench.checkpoint)
                return None

    async def _watch(self, leased: LeasedJob, bench: SliceBench, told: Interruption) -> None:
        """Keep the lease and tell the stages when to stop; return where they must be cut off.

        Raises:
            PermanentError: the job has taken more time than any may.
            Fenced: another holds the job, or the lease ran out while the store was away.
        """
        limits = self._limits
        begun = self._clock()
        spent_at = begun + limits.budget
        cut_at = spent_at + limits.overrun
        ending = False
        tick = min(_TICK, limits.heartbeat.total_seconds() / 4)
        while not leased.job.cancel_requested and (now := self._clock()) < cut_at:
            if now - leased.written_at >= limits.heartbeat:
                await self._renew(leased, bench)
            if told.stop.is_set() and not ending:
                ending, cut_at = True, min(cut_at, now + limits.grace)
            bench.meter.check_end()
            makes_way = told.makes_way(worked=now - begun, budget=limits.budget, headway=bench.headway)
            bench.stopping = ending or now >= spent_at or makes_way
            await asyncio.sleep(tick)

    async def _renew(self, leased: LeasedJob, bench: SliceBench) -> None:
        try:
            await leased.write(lambda job: replace(job, **bench.shown))
        except TransientError as error:
            log.warning("slice.heartbeat_failed", why=str(error))
            if leased.expired:
                raise Fenced("the lease ran out while the object store was away") from error

    async def _commit(self, leased: LeasedJob, bench: SliceBench) -> Outcome:
        following = leased.job.step + 1

        def committed(job: Job) -> Job:
            now = self._clock()
            due = now + timedelta(seconds=bench.rest) if bench.rest else None
            outbox = Dispatch(step=following, sent=False, at=now, due=due)
            job = replace(job, step=following, lease=None, attempts=0, last_error=NOTHING, dispatch=outbox)
            return replace(job, spent=bench.meter.spent)

        job = await leased.write(committed)
        log.info("slice.committed", step=job.step - 1, stage=job.stage.value, percent=job.progress.percent)
        return Outcome.COMMITTED

    async def _finish(self, leased: LeasedJob, bench: SliceBench, done: Done) -> Outcome:
        failures = await bench.keep_failures()
        retry_from = await bench.keep_retry(done.retry)

        def finished(job: Job) -> Job:
            job = ended(job, JobState.DONE, now=self._clock(), retention=self._limits.retention)
            step, stage = job.step + 1, self._order[-1]
            progress = replace(bench.progress, stage=stage, percent=100, message=done.message, pages_queued=0)
            progress = replace(progress, pages_failed=len(bench.failures))
            job = replace(job, step=step, stage=stage, title=bench.book_title, progress=progress, last_error=NOTHING)
            checkpoint = job.checkpoint if retry_from else ""  # without a retry, nothing goes on from it
            job = replace(job, checkpoint=checkpoint, retry_from=retry_from, failures=failures)
            return replace(job, artifacts=done.artifacts, spent=bench.meter.spent)

        job = await leased.write(finished)
        log.info("job.done", step=job.step - 1, pages=job.progress.pages_fetched)
        if not retry_from:
            with contextlib.suppress(StoreError, TransientError):  # what stays behind goes with the job
                await asyncio.to_thread(purge_intermediate, self._store, job)
        return Outcome.DONE

    async def _fail(self, leased: LeasedJob, error: PermanentError, level: int) -> Outcome:
        """End the job in error; ``level`` of the log is WARNING for the site's fault, ERROR for ours."""
        if not await self._end(leased, JobState.ERROR, JobError(message=error.message, reason=error.reason)):
            return Outcome.FENCED
        log.log(level, "job.failed", step=leased.job.step, reason=error.reason, why=str(error))
        return Outcome.FAILED

    async def _cancel(self, leased: LeasedJob) -> Outcome:
        if not await self._end(leased, JobState.CANCELLED, None):
            return Outcome.FENCED
        log.info("job.cancelled", step=leased.job.step)
        if leased.job.left_batches:
            await self._let_go(leased.job.id)
        return Outcome.CANCELLED

    async def _let_go(self, job_id: str) -> None:
        """Stop what services still do for a cancelled job between its slices.

        Raises:
            TransientError: one of them is away.
        """
        if self._at_cancel is not None:
            await self._at_cancel(job_id)

    async def _end(self, leased: LeasedJob, state: JobState, error: JobError | None) -> bool:
        """Write the job's end; False where another holds the job by now."""

        def stopped(job: Job) -> Job:
            return ended(job, state, now=self._clock(), retention=self._limits.retention, error=error)

        try:
            await leased.write(stopped)
        except Fenced:
            return False
        return True

    async def _exhausted(self, stored: Stored) -> Outcome:
        job = stored.job
        message = Message("job.exhausted", count=job.attempts, what=job.last_error or Message("job.silent"))
        error = JobError(message=message, reason="ATTEMPTS_EXHAUSTED")
        end = ended(job, JobState.ERROR, now=self._clock(), retention=self._limits.retention, error=error)
        try:
            await asyncio.to_thread(self._jobs.replace, stored, end)
        except PreconditionFailed as raced:
            raise TransientError("the job changed while it was given up") from raced
        log.error("job.failed", step=job.step, reason=error.reason, why=str(message))
        return Outcome.FAILED

    async def _release(self, leased: LeasedJob, error: Exception) -> None:
        """Record what went wrong and give the lease back, so that the redelivery need not wait for its end."""
        expected = isinstance(error, (TransientError, StoreError))
        log.log(
            logging.WARNING if expected else logging.ERROR,
            "slice.failed",
            step=leased.job.step,
            why=str(error),
            exc_info=error,
        )
        with contextlib.suppress(Fenced, TransientError, StoreError):
            await leased.write(lambda job: replace(job, lease=None, last_error=shown_error(error)))

    def _after(self, stage: Stage) -> Stage | None:
        place = self._order.index(stage) + 1
        return self._order[place] if place < len(self._order) else None
