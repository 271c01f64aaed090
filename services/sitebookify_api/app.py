"""The API's composition: collaborators in, a Starlette application out."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from starlette.applications import Starlette
from starlette.middleware import Middleware

from sitebookify.book.preview import TokenPrices
from sitebookify.book.preview.alone import PRELOAD, PROCESSES
from sitebookify.book.preview.estimate import PreviewOrder
from sitebookify.egress import user_agent
from sitebookify.messages import Message
from sitebookify.model_orders import ModelOrders
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.compute import ComputePool
from sitebookify.settings import Settings
from sitebookify.web.context import RequestContext
from sitebookify.web.hosts import AllowedHosts
from sitebookify.web.termination import never
from sitebookify_api.access import Guard, parse_keys
from sitebookify_api.endpoint import Endpoint, routes
from sitebookify_api.error_answers import EXCEPTION_HANDLERS
from sitebookify_api.job_cache import JobCache
from sitebookify_api.listing import JobListing
from sitebookify_api.order_rules import OrderRules
from sitebookify_api.quota import ConcurrencyQuota, JobQuota
from sitebookify_api.resources import Presenter
from sitebookify_api.routes.about import AboutRoutes
from sitebookify_api.routes.downloads import DownloadRoutes
from sitebookify_api.routes.jobs import JobRoutes
from sitebookify_api.routes.operations import OperationRoutes
from sitebookify_api.routes.preview import PreviewRoutes
from sitebookify_api.routes.watch import WatchRoutes
from sitebookify_api.sample import Samples
from sitebookify_api.security import Cors, SecurityHeaders
from sitebookify_api.signing import UrlSigner
from sitebookify_api.web import WebRoutes

_STORE_CALLS = 32
"""Store calls under way at once; asyncio's own default of five on one CPU would be 100 reads a second on a bucket."""


_NICENESS = 5
"""Of previews: somebody waits for them, but for everything else too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """What the API works with.

    ``background`` is entered while the application runs; ``termination`` gives an event that is set as soon as the
    process is told to end, which is before the server has waited for its streams.
    """

    settings: Settings
    jobs: JobRepository
    commands: JobCommands
    store: ObjectStore
    background: Sequence[Callable[[], AbstractAsyncContextManager[None]]] = ()
    termination: Callable[[], AbstractContextManager[asyncio.Event]] = never
    clock: Callable[[], float] = time.monotonic


def create_app(deps: Dependencies) -> Starlette:
    """The API over its collaborators."""
    parts = _parts(deps)
    watchers = ConcurrencyQuota(
        total=deps.settings.max_watchers, reason="TOO_MANY_WATCHERS", message=Message("api.too_many_watchers")
    )
    watch = WatchRoutes(cache=parts.cache, guard=parts.guard, quota=watchers, clock=deps.clock)
    api = [*_job_endpoints(deps, parts, watchers), *watch.endpoints()]
    files = _file_endpoints(deps, parts)
    web = WebRoutes(
        cache=parts.cache,
        jobs=deps.jobs,
        store=deps.store,
        guard=parts.guard,
        private=deps.settings.server_private,
        https=_https(deps.settings),
        models=ModelOrders.of(deps.settings),
        max_pages=deps.settings.max_pages_per_job,
        searches=ConcurrencyQuota(
            total=deps.settings.max_searches, reason="TOO_MANY_SEARCHES", message=Message("api.too_many_searches")
        ),
    )
    about = AboutRoutes([*api, *files], web.pages)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_STORE_CALLS, thread_name_prefix="store"))
        async with contextlib.AsyncExitStack() as stack:
            watch.stop = stack.enter_context(deps.termination())
            for enter in deps.background:
                await stack.enter_async_context(enter())
            yield

    # What is asked for most comes first; the pages come before the files, since both are under /jobs/{id}/.
    endpoints = [*api, *web.endpoints(), *files, *about.endpoints()]
    app = Starlette(
        routes=routes(endpoints, parts.guard),
        middleware=_middleware(deps.settings),
        exception_handlers={**EXCEPTION_HANDLERS, 404: web.nowhere},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What several groups of endpoints share."""

    signer: UrlSigner
    guard: Guard
    presenter: Presenter
    cache: JobCache


def _parts(deps: Dependencies) -> _Parts:
    settings = deps.settings
    signer = UrlSigner(settings.signing_key.get_secret_value())
    guard = Guard(
        keys=parse_keys(settings.api_keys),
        private=settings.server_private,
        proxies=settings.proxy_hops,
        signer=signer,
        hosts=AllowedHosts.of(settings),
    )
    presenter = Presenter(lambda name: deps.store.uri(name))  # noqa: PLW0108 - looked up here, it would be loaded here
    samples = Samples(deps.store, ComputePool(1, tasks=1, preload=PRELOAD, niceness=_NICENESS))
    cache = JobCache(deps.jobs, deps.store, presenter, clock=deps.clock, samples=samples)
    return _Parts(signer=signer, guard=guard, presenter=presenter, cache=cache)


def _job_endpoints(deps: Dependencies, parts: _Parts, watchers: ConcurrencyQuota) -> list[Endpoint]:
    settings = deps.settings
    listing = JobListing(deps.jobs, parts.cache)
    quota = JobQuota(
        deps.jobs, per_client=settings.max_active_jobs_per_client, total=settings.max_active_jobs, clock=deps.clock
    )
    jobs = JobRoutes(
        commands=deps.commands,
        cache=parts.cache,
        listing=listing,
        presenter=parts.presenter,
        guard=parts.guard,
        quota=quota,
        signs_webhooks=bool(settings.webhook_secrets),
        models=ModelOrders.of(settings),
        rules=OrderRules.of(settings),
    )
    operations = OperationRoutes(
        commands=deps.commands,
        cache=parts.cache,
        listing=listing,
        presenter=parts.presenter,
        guard=parts.guard,
        quota=watchers,
        clock=deps.clock,
    )
    return [*jobs.endpoints(), *operations.endpoints()]


def _file_endpoints(deps: Dependencies, parts: _Parts) -> list[Endpoint]:
    settings = deps.settings
    downloads = DownloadRoutes(
        cache=parts.cache,
        store=deps.store,
        signer=parts.signer,
        public_url=settings.public_url,
        lifetime=timedelta(seconds=settings.download_url_seconds),
    )
    prices = settings.token_prices
    preview = PreviewRoutes(
        compute=ComputePool(min(PROCESSES, settings.max_previews), tasks=1, preload=PRELOAD, niceness=_NICENESS),
        guard=parts.guard,
        quota=ConcurrencyQuota(
            total=settings.max_previews, reason="TOO_MANY_PREVIEWS", message=Message("api.too_many_previews")
        ),
        order=PreviewOrder(
            url="",
            allow_private=settings.allow_private_networks,
            user_agent=user_agent(settings.contact, settings.user_agent),
            ignore_robots=settings.ignore_robots,
            prices=TokenPrices(input=prices[0], output=prices[1]) if prices else None,
        ),
    )
    return [*downloads.endpoints(), *preview.endpoints()]


def _https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _middleware(settings: Settings) -> list[Middleware]:
    stack = [
        Middleware(RequestContext),
        Middleware(SecurityHeaders, https=_https(settings)),
    ]
    if settings.cors_origins:
        stack.append(Middleware(Cors, origins=settings.cors_origins))
    return stack
