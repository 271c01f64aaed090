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
from sitebookify_api.sample import SAMPLES
from sitebookify_api.web.assets import TEXT_STYLE, Assets
from sitebookify_api.web.book import Book, Shelf, not_found
from sitebookify_api.web.contents import contents_list
from sitebookify_api.web.draft import Draft, Drafts, being_made, contents_json
from sitebookify_api.web.index_files import MEMBER, IndexFiles
from sitebookify_api.web.job_page import title_of
from sitebookify_api.web.pages import Html, Pages, theme_of
from sitebookify_api.web.screen import POLICY, BadText, screen_page
from sitebookify_api.web.search import MOST_ASKED, search

log = structlog.get_logger()

_EPUB = file_of(Format.EPUB).name
_HIDDEN, _SHOWN = Html(" hidden"), Html()
_STYLE = "style.css"
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
    at: list[str] = Field(
        [], max_length=MOST_ASKED, description="file names of the texts to look in; all texts where none is named"
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
        self._drafts = Drafts(store)
        self._indexes = IndexFiles(store)
        self._pages = pages
        self._assets = assets
        self._guard = guard
        self._searches = searches

    async def page(self, request: Request, job: Job) -> Response:
        """Answer the page around the book; where there is none yet, the way to the job's page."""
        making = being_made(job)
        if not (job.artifacts or making):
            return _to_job(job)
        book = await self._book(job)
        if making and not book.spine:
            return _to_job(job)
        lines, spine, forward = await asyncio.to_thread(lambda: (book.contents, book.spine, book.direction))
        base = f"/jobs/{job.id}/book/text/"
        asked = request.query_params.get("at", "")
        at = asked if asked.partition("#")[0] in spine else next(iter(spine), "")
        values = {
            "title": title_of(job),
            "id": job.id,
            "contents": contents_list(lines, base),
            "at": base + quote(at, safe="#"),
            "about": "/" if job.id in SAMPLES else f"/jobs/{job.id}",
            "skip.to": "text",
            "unfinished": _SHOWN if making else _HIDDEN,
        }
        stylesheet = f"{self._assets.base}/{TEXT_STYLE}"
        data = {
            "id": job.id,
            "base": base,
            "spine": spine,
            "forward": forward,
            "stylesheet": stylesheet,
            "indexed": not making and await asyncio.to_thread(self._indexes.exists, find_artifact(job, _EPUB)),
        }
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
        version = job.checkpoint if being_made(job) else find_artifact(job, _EPUB).object_name
        seed = f"{version} {path} {theme_of(request)} {self._assets.base}"
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

    async def contents(self, request: Request) -> Response:
        """Answer the pages of a book that is being made, each with how far it is, and what a finished one lacks."""
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        etag = etag_of(f"{job.checkpoint} {job.state}".encode())
        headers = {"cache-control": "private, no-cache", "etag": etag}
        if lists(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        draft = await asyncio.to_thread(self._drafts.of, job)
        return JSONResponse(contents_json(draft, job), headers=headers)

    async def index(self, request: Request) -> Response:
        """Answer a member of the book's search index.

        Raises:
            Refused: 404, there is no index, or no such member.
        """
        member = str(request.path_params["member"])
        if not MEMBER.fullmatch(member):
            raise not_found()
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        if being_made(job):
            raise not_found()
        epub = find_artifact(job, _EPUB)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        etag = etag_of(f"{epub.object_name} {member} {packed}".encode())
        headers = {"cache-control": "private, no-cache", "etag": etag, "vary": "accept-encoding"}
        if lists(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        data = await asyncio.to_thread(self._indexes.read, epub, member, packed=packed)
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(data, media_type="application/json", headers=headers)

    async def search(self, request: Request, *, query: SearchQuery) -> Response:
        """Answer the texts of the book that hold the words."""
        job = (await self._cache.get(str(request.path_params["job_id"]))).job
        with self._searches.place(self._guard.client(request)):
            book = await self._book(job)
            hits, complete = await finished_in_thread(search, book, query.q, query.at)
        return JSONResponse({"hits": [asdict(hit) for hit in hits], "complete": complete})

    async def _read(self, request: Request, job: Job, path: str) -> bytes:
        """The file as it is shown: texts made harmless, and one style for screens instead of the one for paper."""
        if path == _STYLE:
            return self._assets.read(TEXT_STYLE)
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

    async def _book(self, job: Job) -> Book | Draft:
        if being_made(job):
            return await asyncio.to_thread(self._drafts.of, job)
        return await asyncio.to_thread(self._shelf.open, find_artifact(job, _EPUB))


def _to_job(job: Job) -> Response:
    return Response(status_code=303, headers={"location": f"/jobs/{job.id}"})
