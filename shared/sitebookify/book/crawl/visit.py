"""One visit: a URL is fetched, decoded, read and stored, or there is a reason why not."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from sitebookify.book.crawl.charset import decode
from sitebookify.book.crawl.document import Document, read_document
from sitebookify.book.crawl.robots import Robots
from sitebookify.book.stage import Workbench
from sitebookify.book.urls import identity, normalize
from sitebookify.egress import FetchError, Response
from sitebookify.egress.client import Fetcher

MAX_PAGE_BYTES = 16 * 1024 * 1024
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_REFRESHES = 3
_COMPRESSION = 6


class Lost(StrEnum):
    """Why a URL that answered is no page of the book; `Reason` says why one did not answer."""

    HTTP_STATUS = "HTTP_STATUS"
    RATE_LIMITED = "RATE_LIMITED"
    NOT_HTML = "NOT_HTML"
    EMPTY = "EMPTY"
    ROBOTS_DISALLOWED = "ROBOTS_DISALLOWED"
    REDIRECT = "REDIRECT"
    REDIRECT_LOOP = "REDIRECT_LOOP"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    SOFT_404 = "SOFT_404"
    SAME_CONTENT = "SAME_CONTENT"
    REPEATS_PAGES = "REPEATS_PAGES"
    MAX_PAGES = "MAX_PAGES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a visit to ``asked``; ``url`` is where it ended, normalized.

    ``reason`` is "" where there is a page, stored under ``blob``. ``passing``: another try may succeed.
    """

    asked: str
    url: str
    status: int | None = None
    reason: str = ""
    document: Document | None = None
    blob: str = ""
    passing: bool = False


Follow = Callable[[str], Awaitable[Lost | None]]
"""Asked with a normalized URL whether a redirect may go there; the answer is why not."""


class Visitor:
    """Visits pages politely, and stores them compressed under the name of their content."""

    def __init__(self, bench: Workbench, fetcher: Fetcher, robots: Robots) -> None:
        self._bench = bench
        self._fetcher = fetcher
        self._robots = robots

    async def visit(self, asked: str, follow: Follow) -> Outcome:
        """Fetch ``asked`` (normalized), following redirects and quick meta refreshes as far as ``follow`` allows."""
        url = asked
        for _ in range(_REFRESHES):
            outcome = await self._fetch(asked, url, follow)
            goal = outcome.document.refresh if outcome.document else ""
            if not goal or identity(goal) == identity(outcome.url):
                return outcome
            if why := await follow(goal):
                return Outcome(asked=asked, url=goal, status=outcome.status, reason=why)
            url = goal
        return Outcome(asked=asked, url=url, reason=Lost.REDIRECT_LOOP)

    async def _fetch(self, asked: str, url: str, follow: Follow) -> Outcome:
        if not await self._robots.allow(url):
            return Outcome(asked=asked, url=url, reason=Lost.ROBOTS_DISALLOWED)
        stopped: list[tuple[str, Lost]] = []

        async def may_follow(target: str) -> bool:
            goal = normalize(target)
            why = await self._allowed(goal, follow) if goal else Lost.OUT_OF_SCOPE
            if why:
                stopped.append((goal or target, why))
            return why is None

        try:
            response = await self._fetcher.fetch(
                url, accept=_ACCEPT, max_bytes=MAX_PAGE_BYTES, follow=may_follow, wanted=_is_page
            )
        except FetchError as error:
            return Outcome(asked=asked, url=url, reason=error.reason, passing=error.passing)
        if stopped:
            goal, why = stopped[-1]
            return Outcome(asked=asked, url=goal, status=response.status, reason=why)
        return await self._read(asked, response)

    async def _allowed(self, goal: str, follow: Follow) -> Lost | None:
        why = await follow(goal)
        if why is None and not await self._robots.allow(goal):
            return Lost.ROBOTS_DISALLOWED
        return why

    async def _read(self, asked: str, response: Response) -> Outcome:
        url = normalize(response.url) or asked
        why = _refusal(response)
        if why:
            passing = response.status >= 500 or why is Lost.RATE_LIMITED
            return Outcome(asked=asked, url=url, status=response.status, reason=why, passing=passing)
        document, packed = await asyncio.to_thread(_digest, response, url)
        blob = self._bench.blob(packed, ".html.gz")
        await asyncio.to_thread(self._bench.store.put, blob, packed, content_type="application/gzip")
        return Outcome(asked=asked, url=url, status=response.status, document=document, blob=blob)


def _digest(response: Response, url: str) -> tuple[Document, bytes]:
    html = decode(response.body, response.headers.get("Content-Type", ""))
    packed = gzip.compress(html.encode("utf-8", "replace"), _COMPRESSION, mtime=0)
    return read_document(html, url), packed


def _is_page(response: Response) -> bool:
    """Decided before the body is read."""
    return 200 <= response.status < 300 and response.content_type in {*_HTML, ""}


def _refusal(response: Response) -> Lost | None:
    if response.status == 429:
        return Lost.RATE_LIMITED
    if not 200 <= response.status < 300:
        return Lost.HTTP_STATUS
    if not _is_page(response) or _looks_binary(response):
        return Lost.NOT_HTML
    return None if response.body.strip() else Lost.EMPTY


def _looks_binary(response: Response) -> bool:
    """True where the bytes belie the type: no markup near the start of an untyped body, or zero bytes."""
    head = response.body[:1024].lower()
    if not response.content_type and b"<" not in head:
        return True
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return b"\0" in head and not utf16
