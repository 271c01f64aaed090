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
from sitebookify.web.internal import refusal
from sitebookify.web.push import push_endpoint


def create_app(services: Services) -> Starlette:
    """The dead-letter handler over wired services."""
    settings = services.settings

    async def handle(delivery: Delivery) -> None:
        await asyncio.to_thread(
            bury,
            services.jobs,
            delivery.message.job_id,
            delivery.message.step,
            deliveries=delivery.deliveries,
            retention=settings.retention,
        )

    async def reconcile(request: Request) -> Response:
        if refused := refusal(request, settings.internal_token):
            return refused
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
            Route("/pubsub/push", push_endpoint(handle, services.store), methods=["POST"]),
            Route("/internal/reconcile", reconcile, methods=["POST"]),
            Route("/healthz", healthz),
        ],
        middleware=[Middleware(RequestContext)],
        lifespan=lifespan,
    )
