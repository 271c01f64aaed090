"""The worker's routes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sitebookify import bootstrap
from sitebookify.bootstrap import Services
from sitebookify.errors import JobNotFound, TransientError
from sitebookify.log import bound
from sitebookify.push import Delivery, JobMessage
from sitebookify.runner.admission import mark_postponed
from sitebookify.runner.fork_server import warm_up
from sitebookify.runner.outcome import Outcome
from sitebookify.runner.slice import SliceRunner
from sitebookify.web.context import RequestContext
from sitebookify.web.guard import guarded, internal_guard, push_guard
from sitebookify.web.push import push_endpoint
from sitebookify.web.termination import never

log = structlog.get_logger()

_LONGEST_SLICE = 1.2
"""Ack deadlines: a slice, with the time it has to stop, fits into nine tenths of one."""


class Worker:
    """Runs slices, a bounded number at a time.

    A delivery that finds no free place within ``patience`` seconds is published anew and acknowledged: waiting
    longer would outlive the ack deadline, and a refusal would use up one of the message's delivery attempts.
    """

    def __init__(
        self,
        services: Services,
        slices: SliceRunner,
        *,
        places: int,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._slices = slices
        self._places = asyncio.Semaphore(places)
        self._patience = patience
        self._longest = services.settings.ack_deadline_seconds * _LONGEST_SLICE
        self._begun: list[float] = []
        self._clock = clock
        self.stop = asyncio.Event()

    async def handle(self, delivery: Delivery) -> None:
        """Run one slice.

        Raises:
            TransientError: the delivery is to be refused.
        """
        message = delivery.message
        if self.stop.is_set():
            raise TransientError("this worker is ending")
        try:
            await asyncio.wait_for(self._places.acquire(), self._patience)
        except TimeoutError:
            log.info("slice.postponed", step=message.step)
            await self._services.dispatcher.dispatch(message.job_id, message.step, traceparent=delivery.traceparent)
            await asyncio.to_thread(mark_postponed, self._services.jobs, message)
            return
        try:
            if self.stop.is_set():  # the place was freed by a slice that ends because the process does
                raise TransientError("this worker is ending")
            await self.run(message)
        finally:
            self._places.release()

    async def run(self, message: JobMessage) -> Outcome:
        """Run one slice now, whatever else runs; where the job has ended, tell its webhook."""
        warm_up()
        begun = self._clock()
        self._begun.append(begun)
        try:
            outcome = await self._slices.run(message, stop=self.stop)
        finally:
            self._begun.remove(begun)
        if outcome.final and not self.stop.is_set():
            await self._services.webhooks.announce(message.job_id)
        return outcome

    @property
    def wedged(self) -> bool:
        """True where a slice runs for longer than any may: only a new process gets its place back."""
        return bool(self._begun) and self._clock() - min(self._begun) > self._longest


def create_app(
    services: Services, *, termination: Callable[[], AbstractContextManager[asyncio.Event]] = never
) -> Starlette:
    """The worker over wired services; ``termination`` tells it of the process's end.

    Raises:
        SettingsError: push tokens are to be verified, but it is not said whose.
    """
    settings = services.settings
    pushed = push_guard(settings, audience=settings.worker_url)
    internal = internal_guard(settings, audience=settings.worker_url)
    slices, pool = bootstrap.open_slices(services, services.dispatcher)
    patience = settings.ack_deadline_seconds / 4
    worker = Worker(services, slices, places=settings.worker_slices, patience=patience)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with termination() as stop:
            worker.stop = stop
            async with services.running():
                yield
        pool.close()

    async def healthz(_request: Request) -> Response:
        if worker.wedged:
            return JSONResponse({"status": "wedged"}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def run_by_hand(request: Request) -> Response:
        job_id = request.path_params["job_id"]
        with bound(job_id=job_id):
            try:
                step = (await asyncio.to_thread(services.jobs.get, job_id)).job.step
                outcome = await worker.run(JobMessage(job_id=job_id, step=step))
            except JobNotFound:
                return JSONResponse({"outcome": Outcome.MISSING}, status_code=404)
            except TransientError as error:
                return JSONResponse({"outcome": "refused", "message": str(error)}, status_code=503)
        return JSONResponse({"outcome": outcome})

    return Starlette(
        routes=[
            Route("/pubsub/push", guarded(pushed, push_endpoint(worker.handle, services.store)), methods=["POST"]),
            Route("/internal/jobs/{job_id}/run", guarded(internal, run_by_hand), methods=["POST"]),
            Route("/healthz", healthz),
        ],
        middleware=[Middleware(RequestContext)],
        lifespan=lifespan,
    )
