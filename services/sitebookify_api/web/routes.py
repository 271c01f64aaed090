"""The pages, and the few answers that only they ask for."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify.book.failures import read_failures
from sitebookify.book.sample.sample_titles import TITLES
from sitebookify.errors import InvalidRequest, JobNotFound, SitebookifyError
from sitebookify.jobs import Job
from sitebookify.messages import Message, catalogue
from sitebookify.model_orders import ModelOrders
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from sitebookify.spec import OPTIONS
from sitebookify_api.access import KEY_COOKIE, Access, Guard
from sitebookify_api.endpoint import Endpoint, Handler
from sitebookify_api.error_answers import of_starlette
from sitebookify_api.job_cache import JobCache
from sitebookify_api.language import language_of
from sitebookify_api.proto_json import Input, Query
from sitebookify_api.quota import ConcurrencyQuota
from sitebookify_api.sample import SAMPLES, sample_id
from sitebookify_api.status import Code, Refused, status_of
from sitebookify_api.web.assets import Assets
from sitebookify_api.web.form import order_fields
from sitebookify_api.web.job_page import MOST_TITLE, files_for_people, job_values
from sitebookify_api.web.operator import figures
from sitebookify_api.web.pages import Html, Pages
from sitebookify_api.web.reader import Reader, SearchQuery

_KEPT = 30 * 24 * 3600
_MOST_FAILURES = 500
_BELOW = "/jobs/{job_id:uuid}/"
_URL_LENGTH = next(option.max_length for option in OPTIONS if option.name == "source_url")


class KeyInput(Input):
    """An API key that somebody entered."""

    key: str = Field(max_length=256)


class CoverQuery(Query):
    """Which book the cover is for."""

    title: str = Field(max_length=MOST_TITLE)
    url: str = Field("", max_length=_URL_LENGTH)
    colour: str = Field("", max_length=7, description="the site's colour as #rrggbb")


class WebRoutes:
    """``/``, ``/jobs/{id}``, ``/jobs/{id}/read`` and, on private servers, ``/status``.

    Args:
        https: the server is reached by https only.
        max_pages: most pages that a job may order.
        searches: how many may search at once.

    Attributes:
        pages: renders this server's pages.
    """

    def __init__(
        self,
        *,
        cache: JobCache,
        jobs: JobRepository,
        store: ObjectStore,
        guard: Guard,
        private: bool,
        https: bool,
        models: ModelOrders,
        max_pages: int,
        searches: ConcurrencyQuota,
    ) -> None:
        self._cache = cache
        self._jobs = jobs
        self._store = store
        self._guard = guard
        self._private = private
        self._https = https
        self._models = models
        self._max_pages = max_pages
        self._assets = Assets()
        self.pages = Pages(self._assets, operator=private)
        self._reader = Reader(
            cache=cache, store=store, pages=self.pages, assets=self._assets, guard=guard, searches=searches
        )

    async def home(self, request: Request) -> Response:
        """Answer the page that orders books."""
        words = catalogue(language_of(request))
        fields, of_models = order_fields(words, models=self._models, max_pages=self._max_pages)
        hidden = "" if of_models else Html(" hidden")
        values = {"fields": fields, "model": of_models, "no.model": hidden, "url.length": _URL_LENGTH}
        language = language_of(request)
        sample = {"id": sample_id(language), "title": TITLES.get(language, TITLES["en"])}
        return self.pages.page(request, "home", values, data={"listing": self._private, "sample": sample})

    async def cover(self, request: Request, *, query: CoverQuery) -> Response:
        """Answer the cover that a book of the title and the site would have."""
        from sitebookify.book.epub.content import BookInfo  # noqa: PLC0415 - loads Pillow, and only previews need it
        from sitebookify.book.epub.cover import cover_svg  # noqa: PLC0415 - as above

        language = language_of(request)
        info = BookInfo(title=query.title, language=language, source=query.url, generator="", colour=query.colour)
        return Response(cover_svg(info), media_type="image/svg+xml", headers={"cache-control": "private, max-age=3600"})

    async def job(self, request: Request) -> Response:
        """Answer the page of a job."""
        job_id = _canonical(request.path_params["job_id"])
        if job_id in SAMPLES:
            return Response(status_code=303, headers={"location": f"/jobs/{job_id}/read"})
        view = await self._cache.get(job_id)
        language = language_of(request)
        job, words = json.loads(view.resource(language).body), catalogue(language)
        data = {"id": view.job.id, "job": job, "files": files_for_people(words)}
        return self.pages.page(request, "job", job_values(view.job, words), data=data)

    async def read(self, request: Request) -> Response:
        """Answer the reader."""
        return await self._reader.page(request, await self._job(request))

    async def nowhere(self, request: Request, error: Exception) -> Response:
        """Answer a path that nothing is served at: people with a page, programs with the error as everywhere."""
        if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/"):
            return self.pages.page(request, "missing", status=404)
        return await of_starlette(request, error)

    async def status(self, request: Request) -> Response:
        """Answer the operator's page."""
        return self.pages.page(request, "status", data=await self._figures(request))

    async def status_figures(self, request: Request) -> Response:
        """Answer what the operator's page shows."""
        return JSONResponse(await self._figures(request))

    async def failures(self, request: Request) -> Response:
        """Answer the pages that are missing from the book, as far as is known."""
        job, words = await self._job(request), catalogue(language_of(request))
        failures = await asyncio.to_thread(read_failures, self._store, job.failures, most=_MOST_FAILURES)
        return JSONResponse({"pages": [{"url": each.url, "why": words.show(each.message)} for each in failures]})

    async def sign_in(self, request: Request, *, body: KeyInput) -> Response:
        """Keep an API key in a cookie that scripts cannot read and other sites cannot use.

        Raises:
            InvalidRequest: the key is none.
        """
        if not self._guard.name_of(body.key):
            raise InvalidRequest("key", Message("request.api_key"))
        response = JSONResponse({})
        secure = self._https or self._guard.secure(request)
        response.set_cookie(KEY_COOKIE, body.key, max_age=_KEPT, httponly=True, samesite="lax", secure=secure)
        return response

    async def _figures(self, request: Request) -> dict[str, Any]:
        words = catalogue(language_of(request))
        return await asyncio.to_thread(figures, self._jobs, self._store, words, self._jobs.now())

    async def _job(self, request: Request) -> Job:
        return (await self._cache.get(_canonical(str(request.path_params["job_id"])))).job

    def _page(self, path: str, show: Callable[[Request], Awaitable[Response]], access: Access = Access.KEY) -> Endpoint:
        """A page for people: what goes wrong is a page too, and a key that is missing can be entered."""

        async def serve(request: Request) -> Response:
            try:
                self._guard.admit(request, access)
                return await show(request)
            except JobNotFound:
                return self.pages.page(request, "missing", status=404)
            except (Refused, SitebookifyError) as error:
                status = status_of(error)
                name = "key" if status.code is Code.UNAUTHENTICATED else "problem"
                message = catalogue(language_of(request)).show(status.message)
                return self.pages.page(request, name, {"message": message}, status=status.http_status)

        return _get(path, serve, access=Access.OPEN)

    def endpoints(self) -> list[Endpoint]:
        """What this class serves; not part of the API's description."""
        routes = [
            self._page("/", self.home),
            self._page("/jobs/{job_id}", self.job),
            self._page("/jobs/{job_id}/read", self.read),
            _get("/static/{version}/{name}", self._assets.serve, access=Access.OPEN),
            _get("/cover.svg", self.cover, access=Access.OPEN, query=CoverQuery),
            _get(_BELOW + "book/{path:path}", self._reader.file),
            _get(_BELOW + "contents", self._reader.contents),
            _get(_BELOW + "index/{member}", self._reader.index),
            _get(_BELOW + "search", self._reader.search, query=SearchQuery),
            _get(_BELOW + "failures", self.failures),
            Endpoint(
                method="POST",
                path="/session",
                name="SignIn",
                summary="Keep an API key in this browser",
                handle=self.sign_in,
                body=KeyInput,
                answer="application/json",
                access=Access.OPEN,
            ),
        ]
        if self._private:
            routes += [
                self._page("/status", self.status, Access.LISTING),
                _get("/status/figures", self.status_figures, access=Access.LISTING),
            ]
        return routes


def _get(path: str, handle: Handler, *, access: Access = Access.KEY, query: type[Query] | None = None) -> Endpoint:
    return Endpoint(
        method="GET", path=path, name="", summary="", handle=handle, answer="text/html", access=access, query=query
    )


def _canonical(text: str) -> str:
    """The job id in canonical form.

    Raises:
        JobNotFound: the text is no UUID, so no job has it.
    """
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise JobNotFound(text) from error
