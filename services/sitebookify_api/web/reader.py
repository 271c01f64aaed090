"""The reader: the page around a book, the book's texts and pictures for it, and the search."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from urllib.parse import quote

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify.formats import Format, file_of
from sitebookify.jobs import Job
from sitebookify.ports import ObjectStore
from sitebookify_api.access import Guard
from sitebookify_api.conditional import etag_of, lists
from sitebookify_api.job_cache import JobCache
from sitebookify_api.proto_json import Query
from sitebookify_api.quota import ConcurrencyQuota, finished_in_thread
from sitebookify_api.routes.downloads import find_artifact
from sitebookify_api.web.assets import Assets
from sitebookify_api.web.book import Book, Shelf, not_found
from sitebookify_api.web.contents import contents_list
from sitebookify_api.web.job_page import title_of
from sitebookify_api.web.pages import Pages, theme_of
from sitebookify_api.web.screen import POLICY, BadText, screen_page
from sitebookify_api.web.search import search

log = structlog.get_logger()

_EPUB = file_of(Format.EPUB).name
_STYLE = "style.css"
_TEXT_STYLE = "text.css"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "xhtml": "application/xhtml+xml",
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

    q: str = Field(
        min_length=1, max_length=200, description="words that a place of the book must hold, whatever their case"
    )


class Reader:
    """Shows finished books."""

    def __init__(
        self,
        *,
        cache: JobCache,
        store: ObjectStore,
        pages: Pages,
        assets: Assets,
        guard: Guard,
        searches: ConcurrencyQuota,
    ) -> None:
        self._cache = cache
        self._shelf = Shelf(store)
        self._pages = pages
        self._assets = assets
        self._guard = guard
        self._searches = searches

    async def page(self, request: Request, job: Job) -> Response:
        """Answer the page around the book; where there is none yet, the way to the job's page."""
        if not job.artifacts:
            return Response(status_code=303, headers={"location": f"/jobs/{job.id}"})
        book = await self._book(job)
        lines, spine, forward = await asyncio.to_thread(lambda: (book.contents, book.spine, book.direction))
        base = f"/jobs/{job.id}/book/text/"
        asked = request.query_params.get("at", "")
        at = asked if asked.partition("#")[0] in spine else next(iter(spine), "")
        values = {
            "title": title_of(job),
            "id": job.id,
            "contents": contents_list(lines, base),
            "at": base + quote(at, safe="#"),
            "skip.to": "text",
        }
        stylesheet = f"{self._assets.base}/{_TEXT_STYLE}"
        data = {"id": job.id, "base": base, "spine": spine, "forward": forward, "stylesheet": stylesheet}
        return self._pages.page(request, "reader", values, data=data)

    async def file(self, request: Request) -> Response:
        """Answer a text, a picture or the style of the book, by its path such as ``text/intro.xhtml``.

        Raises:
            Refused: 404, the book has no such file.
        """
        path = str(request.path_params["path"])
        kind = path.rpartition(".")[2].lower()
        if kind not in _TYPES:
            raise not_found()
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        seed = f"{find_artifact(job, _EPUB).object_name} {path} {theme_of(request)} {self._assets.base}"
        headers = {
            "content-security-policy": POLICY,
            "x-frame-options": "DENY",
            "cache-control": "private, no-cache",
            "etag": etag_of(seed.encode()),
        }
        if lists(request.headers.get("if-none-match", ""), headers["etag"]):
            return Response(status_code=304, headers=headers)
        data = await self._read(request, job, path)
        return Response(data, media_type=_TYPES[kind], headers=headers)

    async def search(self, request: Request, *, query: SearchQuery) -> Response:
        """Answer the texts of the book that hold the words."""
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        with self._searches.place(self._guard.client(request)):
            book = await self._book(job)
            hits, complete = await finished_in_thread(search, book, query.q)
        return JSONResponse({"hits": [asdict(hit) for hit in hits], "complete": complete})

    async def _read(self, request: Request, job: Job, path: str) -> bytes:
        """The file as it is shown: texts made harmless, and one style for screens instead of the one for paper."""
        if path == _STYLE:
            return self._assets.read(_TEXT_STYLE)
        book = await self._book(job)
        data = await asyncio.to_thread(book.read, path)
        if not path.endswith(".xhtml"):
            return data
        try:
            style = f"/jobs/{job.id}/book/{_STYLE}"
            return await asyncio.to_thread(screen_page, data, theme=theme_of(request), stylesheet=style)
        except BadText as error:
            log.warning("reader.bad_text", path=path, why=str(error))
            raise not_found() from error

    async def _book(self, job: Job) -> Book:
        return await asyncio.to_thread(self._shelf.open, find_artifact(job, _EPUB))
