"""The pages, and the few answers that only they ask for."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from urllib.parse import quote, urlsplit

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify.errors import JobNotFound
from sitebookify.jobs import Job, JobState
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, utcnow
from sitebookify_api.access import Access
from sitebookify_api.conditional import etag_of, lists
from sitebookify_api.endpoint import Endpoint, Handler
from sitebookify_api.job_cache import JobCache
from sitebookify_api.proto_json import Query
from sitebookify_api.routes.downloads import find_artifact
from sitebookify_api.web.assets import Assets
from sitebookify_api.web.book import Book, Shelf, clean_path, not_found
from sitebookify_api.web.contents import contents_list
from sitebookify_api.web.failures import failed_pages
from sitebookify_api.web.operator import figures
from sitebookify_api.web.pages import Pages, theme_of
from sitebookify_api.web.screen import POLICY, BadText, screen_page

log = structlog.get_logger()

_EPUB = "book.epub"
_STYLE = "style.css"
_PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
}


class SearchQuery(Query):
    """What to look for in a book."""

    q: str = Field(min_length=1, max_length=200, description="words that stand together, whatever their case")


class WebRoutes:
    """The pages of ``/``, ``/jobs/{id}``, its reader and, on private servers, ``/status``."""

    def __init__(
        self,
        *,
        cache: JobCache,
        jobs: JobRepository,
        store: ObjectStore,
        private: bool,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._cache = cache
        self._jobs = jobs
        self._store = store
        self._private = private
        self._clock = clock
        self._shelf = Shelf(store)
        self._assets = Assets()
        self._pages = Pages(self._assets, operator=private)

    async def home(self, request: Request) -> Response:
        """Answer the page that orders books."""
        return self._pages.page(request, "home")

    async def job(self, request: Request) -> Response:
        """Answer the page of a job; for an id that no job has, a page that says so."""
        try:
            view = await self._cache.get(_canonical(request.path_params["job_id"]))
        except JobNotFound:
            return self._missing(request)
        values = {"title": title_of(view.job), "id": view.job.id}
        return self._pages.page(request, "job", values, data={"id": view.job.id})

    async def reader(self, request: Request) -> Response:
        """Answer the page around a book; the texts are shown in its frame."""
        try:
            job = (await self._cache.get(_canonical(request.path_params["job_id"]))).job
        except JobNotFound:
            return self._missing(request)
        if job.state is not JobState.DONE:
            return Response(status_code=303, headers={"location": f"/jobs/{job.id}"})
        book = await self._book(job)
        lines, spine = await asyncio.to_thread(lambda: (book.contents, book.spine))
        base = f"/jobs/{job.id}/book/text/"
        asked = request.query_params.get("at", "")
        at = asked if asked.partition("#")[0] in spine else next(iter(spine), "")
        values = {
            "title": title_of(job),
            "id": job.id,
            "contents": contents_list(lines, base),
            "at": base + quote(at, safe="#"),
        }
        return self._pages.page(request, "reader", values, data={"id": job.id, "base": base, "spine": spine})

    async def text(self, request: Request) -> Response:
        """Answer a text, a picture or the style of the book, such as ``text/intro.xhtml``."""
        path = clean_path(request.path_params["path"])
        suffix = path.rpartition(".")[2].lower()
        if suffix != "xhtml" and path != _STYLE and suffix not in _PICTURES:
            raise not_found()
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        artifact = find_artifact(job, _EPUB)
        tag = etag_of(f"{artifact.object_name} {path} {theme_of(request)} {self._assets.base}".encode())
        headers = {
            "content-security-policy": POLICY,
            "x-frame-options": "SAMEORIGIN",
            "cache-control": "private, no-cache",
            "etag": tag,
        }
        if lists(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        if path == _STYLE:
            return Response(self._assets.text("chapter.css"), media_type="text/css", headers=headers)
        book = await self._book(job)
        data = await asyncio.to_thread(book.read, path)
        if suffix != "xhtml":
            return Response(data, media_type=_PICTURES[suffix], headers=headers)
        try:
            page = await asyncio.to_thread(screen_page, data, theme=theme_of(request), stylesheet="../style.css")
        except BadText as error:
            log.warning("reader.bad_text", path=path, why=str(error))
            raise not_found() from error
        return Response(page, media_type="application/xhtml+xml", headers=headers)

    async def search(self, request: Request, *, query: SearchQuery) -> Response:
        """Answer the texts of the book that hold the words."""
        book = await self._book((await self._cache.get(str(request.path_params["job_id"]))).job)
        hits, complete = await asyncio.to_thread(book.search, query.q)
        return JSONResponse({"hits": [asdict(hit) for hit in hits], "complete": complete})

    async def failures(self, request: Request) -> Response:
        """Answer the pages that could not be fetched."""
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        return JSONResponse({"pages": await asyncio.to_thread(failed_pages, self._store, job)})

    async def status(self, request: Request) -> Response:
        """Answer the operator's page."""
        return self._pages.page(request, "status")

    async def status_figures(self, _request: Request) -> Response:
        """Answer what the operator's page shows."""
        return JSONResponse(await asyncio.to_thread(figures, self._jobs, self._store, self._clock()))

    async def _book(self, job: Job) -> Book:
        return await asyncio.to_thread(self._shelf.open, find_artifact(job, _EPUB))

    def _missing(self, request: Request) -> Response:
        return self._pages.page(request, "missing", status=404)

    def endpoints(self) -> list[Endpoint]:
        """What this class serves; not part of the API's description."""
        below = "/jobs/{job_id:uuid}/"
        found = [
            _endpoint("/", self.home, access=Access.OPEN),
            _endpoint("/static/{version}/{name}", self._assets.serve, access=Access.OPEN),
            _endpoint("/jobs/{job_id}", self.job),
            _endpoint("/jobs/{job_id}/read", self.reader),
            _endpoint(below + "book/{path:path}", self.text),
            _endpoint(below + "search", self.search, query=SearchQuery),
            _endpoint(below + "failures", self.failures),
        ]
        if self._private:
            found += [
                _endpoint("/status", self.status, access=Access.LISTING),
                _endpoint("/status/figures", self.status_figures, access=Access.LISTING),
            ]
        return found


def title_of(job: Job) -> str:
    """The title that was ordered, else the site's address without what every address has."""
    address = urlsplit(job.spec.source_url)
    return job.spec.title or (address.netloc + address.path).rstrip("/")


def _endpoint(path: str, handle: Handler, *, access: Access = Access.KEY, query: type[Query] | None = None) -> Endpoint:
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
