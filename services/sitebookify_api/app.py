"""The API's composition: collaborators in, a Starlette application out."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify.egress import Egress
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.settings import Settings
from sitebookify.web.context import RequestContext
from sitebookify_api.endpoint import Endpoint, routes
from sitebookify_api.error_answers import EXCEPTION_HANDLERS
from sitebookify_api.job_cache import JobCache
from sitebookify_api.listing import JobListing
from sitebookify_api.resources import Presenter
from sitebookify_api.routes.downloads import DownloadRoutes
from sitebookify_api.routes.jobs import JobRoutes
from sitebookify_api.routes.operations import OperationRoutes
from sitebookify_api.signing import UrlSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What the API works with. ``background`` is entered while the application runs."""

    settings: Settings
    jobs: JobRepository
    commands: JobCommands
    store: ObjectStore
    egress: Egress
    background: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = ()


def create_app(deps: Dependencies) -> Starlette:
    """The API over its collaborators."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for enter in deps.background:
                await stack.enter_async_context(enter())
            yield

    app = Starlette(
        routes=routes(endpoints(deps)),
        middleware=[Middleware(RequestContext)],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def endpoints(deps: Dependencies) -> list[Endpoint]:
    """Everything the API serves, the most asked for first."""
    settings = deps.settings
    presenter = Presenter(deps.store.uri)
    cache = JobCache(deps.jobs, presenter)
    listing = JobListing(deps.jobs, cache)
    downloads = DownloadRoutes(
        cache=cache,
        store=deps.store,
        signer=UrlSigner(settings.signing_key.get_secret_value()),
        public_url=settings.public_url,
        lifetime=timedelta(seconds=settings.download_url_seconds),
    )
    return [
        *JobRoutes(commands=deps.commands, cache=cache, listing=listing, presenter=presenter).endpoints(),
        *OperationRoutes(commands=deps.commands, cache=cache, listing=listing, presenter=presenter).endpoints(),
        *downloads.endpoints(),
        Endpoint(
            method="GET",
            path="/healthz",
            name="Healthz",
            summary="The process is up",
            handle=healthz,
            answer="application/json",
        ),
    ]


async def healthz(_request: Request) -> Response:
    """Answer that the process is up."""
    return JSONResponse({"status": "ok"})
