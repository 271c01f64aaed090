"""The dead-letter handler's routes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sitebookify.bootstrap import Services
from sitebookify.errors import TransientError
from sitebookify.push import Delivery
from sitebookify.runner.deadletter import bury
from sitebookify.web.context import RequestContext
from sitebookify.web.guard import guarded, internal_guard, push_guard
from sitebookify.web.push import push_endpoint


def create_app(services: Services) -> Starlette:
    """The dead-letter handler over wired services.

    Raises:
        SettingsError: push tokens are to be verified, but it is not said whose.
    """
    settings = services.settings
    pushed = push_guard(settings, audience=settings.deadletter_url)
    internal = internal_guard(settings, audience=settings.deadletter_url)

    async def handle(delivery: Delivery) -> None:
        await asyncio.to_thread(
            bury,
            services.jobs,
            delivery.message.job_id,
            delivery.message.step,
            deliveries=delivery.deliveries,
            max_deliveries=min(settings.max_delivery_attempts, settings.max_attempts),
            retention=settings.retention,
        )
        await services.webhooks.announce(delivery.message.job_id)

    async def reconcile(_request: Request) -> Response:
        try:
            result = await services.reconciler.run()
        except TransientError as error:
            return JSONResponse({"message": str(error)}, status_code=503)
        return JSONResponse(dataclasses.asdict(result))

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with services.running():
            yield

    return Starlette(
        routes=[
            Route("/pubsub/push", guarded(pushed, push_endpoint(handle, services.store)), methods=["POST"]),
            Route("/internal/reconcile", guarded(internal, reconcile), methods=["POST"]),
            Route("/healthz", healthz),
        ],
        middleware=[Middleware(RequestContext)],
        lifespan=lifespan,
    )
