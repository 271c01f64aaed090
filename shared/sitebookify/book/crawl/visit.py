"""One visit: a URL is fetched, decoded, read and stored, or there is a reason why not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import structlog
from multidict import MultiMapping

from sitebookify.book.crawl import barriers
from sitebookify.book.crawl.digest import digest
from sitebookify.book.crawl.indexing import directives
from sitebookify.book.crawl.markdown_site import MarkdownSite, twins_of
from sitebookify.book.crawl.plain_text import digest_plain, is_plain
from sitebookify.book.crawl.reading import Document, refresh_header
from sitebookify.book.crawl.robots import Robots
from sitebookify.book.crawl.sitemaps import read_sitemaps
from sitebookify.book.crawl.start_documents import MAX_BYTES, StartDocument, is_feed, read_start_document
from sitebookify.book.extract.emptiness import Emptiness
from sitebookify.book.stage import Workbench
from sitebookify.book.urls import identity, normalize, origin_of
from sitebookify.egress import Fetcher, FetchError, Reason, Response
from sitebookify.egress.polite import SLOW_DOWN, retry_after
from sitebookify.errors import TooComplex
from sitebookify.messages import Message

log = structlog.get_logger()

MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_TAGS = 400_000  # a parsed element takes up to 365 bytes and 17 µs, measured on 2,000,000 of ``<p>a``
_LARGE = 1024 * 1024  # pages beyond it are parsed one at a time: a tree takes many times the page's size
_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_PASSING = frozenset({408, 429})
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_XML = frozenset({"application/xml", "text/xml"})
_HEAD = 4096
REFRESHES = 3
TIMEOUT = 20.0  # seconds for an answer; a page that takes longer holds up the others
LONG_TIMEOUT = 60.0  # where nothing waits behind it any more


class Lost(StrEnum):
    """Why a URL that answered is no page of the book; `Reason` says why one did not answer."""

    HTTP_STATUS = "HTTP_STATUS"
    RATE_LIMITED = "RATE_LIMITED"
    NOT_HTML = "NOT_HTML"
    EMPTY = "EMPTY"
    TOO_COMPLEX = "TOO_COMPLEX"
    ROBOTS_DISALLOWED = "ROBOTS_DISALLOWED"
    ROBOTS_UNREADABLE = "ROBOTS_UNREADABLE"
    SITE_STOPPED = "SITE_STOPPED"
    REDIRECT = "REDIRECT"
    REDIRECT_LOOP = "REDIRECT_LOOP"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    SOFT_404 = "SOFT_404"
    SAME_CONTENT = "SAME_CONTENT"
    REPEATS_PAGES = "REPEATS_PAGES"
    MAX_PAGES = "MAX_PAGES"
    LISTING = "LISTING"
    NOINDEX = "NOINDEX"
    OTHER_LANGUAGE = "OTHER_LANGUAGE"
    OTHER_VERSION = "OTHER_VERSION"


_MESSAGES: dict[str, Message] = {
    Lost.RATE_LIMITED: Message("page.rate_limited"),
    Lost.NOT_HTML: Message("page.not_html"),
    Lost.EMPTY: Message("page.empty"),
    Lost.TOO_COMPLEX: Message("page.too_complex"),
    Lost.ROBOTS_DISALLOWED: Message("page.robots"),
    Lost.ROBOTS_UNREADABLE: Message("page.robots_unreadable"),
    Lost.SITE_STOPPED: Message("page.site_stopped"),
    Lost.REDIRECT_LOOP: Message("page.redirect_loop"),
    Lost.OUT_OF_SCOPE: Message("page.out_of_scope"),
    Lost.SOFT_404: Message("page.soft_404"),
    **{reason: FetchError(reason).message for reason in Reason},
    Reason.TOO_LARGE: Message("page.too_large", limit=MAX_PAGE_BYTES // 2**20),
}


@lru_cache(maxsize=256)  # there are few, and a crawl may keep one for each of 50,000 pages
def why_lost(reason: str, status: int | None) -> Message:
    """Why a URL is no page of the book, in words; ``reason`` is one of `Lost` or `Reason`."""
    if reason == Lost.HTTP_STATUS and status is not None:
        return _why_status(status)
    return _MESSAGES.get(reason) or Message("page.other", reason=reason)


def _why_status(status: int) -> Message:
    """What a status means to people who do not know the numbers."""
    if status in (404, 410):
        return Message("page.status.missing", status=status)
    if status in (401, 403, 407):
        return Message("page.status.refused", status=status)
    if status >= 500:
        return Message("page.status.broken", status=status)
    return Message("page.status", status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a visit to ``asked``; ``url`` is where it ended, normalized, ``hops`` the way there after ``asked``.

    ``reason`` is "" where there is a page, stored under ``blob``. ``passing``: another try may succeed, after ``wait``
    seconds where the server asks for a pause. ``sent_on`` is where a ``Refresh`` header leads; ``directives`` are those
    of `indexing` in the answer's head. ``twin`` is the Markdown from which a page that scripts draw was read, or "".
    """

    asked: str
    url: str
    status: int | None = None
    reason: str = ""
    document: Document | None = None
    blob: str = ""
    passing: bool = False
    wait: float = 0.0
    hops: tuple[str, ...] = ()
    sent_on: str = ""
    twin: str = ""
    directives: frozenset[str] = frozenset()


Follow = Callable[[str], Awaitable[Lost | None]]
"""Asked with a normalized URL whether a redirect may go there; the answer is why not."""


class _Trail:
    """Where one visit was sent on to, and why it had to stop."""

    def __init__(self, follow: Follow) -> None:
        self.hops: list[str] = []
        self.stop: Lost | None = None
        self._follow = follow

    async def go(self, target: str) -> bool:
        """Take note of the next hop; True where it may be taken."""
        goal = normalize(target)
        self.hops.append(goal or target)
        self.stop = await self._follow(goal) if goal else Lost.OUT_OF_SCOPE
        return self.stop is None


class Visitor:
    """Visits pages politely, and has them kept, compressed, by ``keep``, which says under which name.

    ``plain``: pages of Markdown and text are pages too; otherwise they are taken for the sources of web pages.
    ``site`` is the Markdown of a site that scripts draw.
    """

    def __init__(self, bench: Workbench, fetcher: Fetcher, robots: Robots, *, keep: Callable[[bytes], str]) -> None:
        self.plain = False
        self.site: MarkdownSite | None = None
        self._seen_ahead: dict[str, Outcome] = {}
        self._bench = bench
        self._fetcher = fetcher
        self._robots = robots
        self._keep = keep
        self._room = asyncio.Semaphore(1)
        self._headers = _asking_for(bench.spec.site_language)

    async def visit(self, asked: str, follow: Follow, *, timeout: float = TIMEOUT) -> Outcome:  # noqa: ASYNC109 - of each request
        """Fetch ``asked`` (normalized), following redirects and quick meta refreshes as far as ``follow`` allows.

        ``timeout`` is in seconds, for each request with its body.

        Raises:
            RobotsUnreachable: robots.txt, of this host or one redirected to, cannot be read.
        """
        seen = self._seen_ahead.pop(asked, None)
        if seen:
            return seen
        if not await self._robots.allow(asked):
            return Outcome(asked=asked, url=asked, reason=Lost.ROBOTS_DISALLOWED)

        async def allowed(goal: str) -> Lost | None:
            why = await follow(goal)
            if why is None and not await self._robots.allow(goal):
                return Lost.ROBOTS_DISALLOWED
            return why

        trail = _Trail(allowed)
        outcome = await self._follow_refreshes(asked, trail, timeout)
        if outcome.document and outcome.document.drawn:
            outcome = await self._read_twin(outcome, outcome.document.twin, timeout)
        return replace(outcome, hops=tuple(trail.hops))

    async def _read_twin(self, drawn: Outcome, named: str, seconds: float) -> Outcome:
        """The page that scripts draw, as its Markdown has it, where the site offers that."""
        guessed = twins_of(drawn.url) if self.site and self.site.twins else []
        for twin in [named] if named else guessed:
            response = await self.get(twin, seconds)
            if response and is_plain(response.content_type, response.url):
                return await self._digested(drawn.asked, response, drawn.url, twin=twin)
        return drawn

    async def get(self, url: str, seconds: float = TIMEOUT) -> Response | None:
        """What is at the URL, None where that is no page or may not be fetched."""
        if not await self._robots.allow_for_sure(url):
            return None
        try:
            response = await self._fetcher.fetch(
                url, max_bytes=MAX_PAGE_BYTES, timeout=seconds, follow=self._robots.allow_for_sure
            )
        except FetchError:
            return None
        return response if response.status == 200 else None

    async def look_ahead(self, url: str) -> Outcome:
        """Visit a page before its turn, unless it leads to another host; in its turn it is not fetched again."""
        origin = origin_of(url)

        async def stay(goal: str) -> Lost | None:
            return None if origin_of(goal) == origin else Lost.OUT_OF_SCOPE

        outcome = await self.visit(url, stay)
        if outcome.document and not outcome.hops:
            self._seen_ahead[url] = outcome
        return outcome

    async def barrier(self, outcome: Outcome) -> Emptiness | None:
        """What stands in the way of a page that was refused; the answer is fetched again, since it was not read."""
        if outcome.status not in barriers.STATUSES or outcome.wait:
            return None
        try:
            answer = await self._fetcher.fetch(
                outcome.url,
                headers=self._headers,
                accept=_ACCEPT,
                max_bytes=barriers.MAX_BYTES,
                truncate=True,
                timeout=TIMEOUT,
                follow=self._robots.allow_for_sure,
            )
            if barriers.is_announced(answer.headers):
                return Emptiness.BLOCKED
            return await self._bench.compute(barriers.barrier_in, answer.body, answer.content_type)
        except (FetchError, TooComplex):
            return None

    async def identify(self, url: str) -> StartDocument:
        """What is at a URL that is no web page.

        Raises:
            FetchError: it cannot be had.
            TooComplex: it cannot be read.
        """
        answer = await self._fetcher.fetch(url, max_bytes=MAX_BYTES, truncate=True, follow=self._robots.allow_for_sure)
        final = normalize(answer.url) or url
        document = await self._bench.compute(read_start_document, answer.body, answer.content_type, final)
        if not document.sitemaps:
            return document
        named = await read_sitemaps(
            self._fetcher, document.sitemaps, allow=self._robots.allow_for_sure, compute=self._bench.compute
        )
        return replace(document, pages=(*document.pages, *named.pages))

    async def _follow_refreshes(self, asked: str, trail: _Trail, seconds: float) -> Outcome:
        url = asked
        for _ in range(REFRESHES):
            outcome = await self._fetch(asked, url, trail, seconds)
            goal = outcome.sent_on or (outcome.document.refresh if outcome.document else "")
            if not goal or identity(goal) == identity(outcome.url):
                return outcome
            if not await trail.go(goal):
                return Outcome(asked=asked, url=goal, status=outcome.status, reason=trail.stop or "")
            url = goal
        return Outcome(asked=asked, url=url, reason=Lost.REDIRECT_LOOP)

    async def _fetch(self, asked: str, url: str, trail: _Trail, seconds: float) -> Outcome:
        try:
            response = await self._fetcher.fetch(
                url,
                headers=self._headers,
                accept=_ACCEPT,
                max_bytes=MAX_PAGE_BYTES,
                timeout=seconds,
                follow=trail.go,
                body_if=self._is_page,
            )
        except FetchError as error:
            return Outcome(asked=asked, url=url, reason=error.reason, passing=error.passing)
        if trail.stop:
            return Outcome(asked=asked, url=trail.hops[-1], status=response.status, reason=trail.stop)
        return await self._read(asked, response)

    async def _read(self, asked: str, response: Response) -> Outcome:
        url = normalize(response.url) or asked
        why = self._refusal(response)
        if why:
            passing = may_pass(response.status) or why is Lost.EMPTY
            wait = retry_after(response.headers.get("Retry-After", "")) if response.status in SLOW_DOWN else None
            return Outcome(asked=asked, url=url, status=response.status, reason=why, passing=passing, wait=wait or 0.0)
        return await self._digested(asked, response, url)

    async def _digested(self, asked: str, response: Response, url: str, twin: str = "") -> Outcome:
        """The page at the URL, read and stored; its ``twin`` is what was fetched in its place."""
        content_type = response.headers.get("Content-Type", "")
        async with self._room if len(response.body) > _LARGE else nullcontext():
            try:
                if twin or self._is_plain(response):
                    source = normalize(response.url) or url
                    arguments = (response.body, content_type, source, self.site, url)
                    document, packed = await self._bench.compute(digest_plain, *arguments)
                else:
                    document, packed = await self._bench.compute(digest, response.body, content_type, url)
            except TooComplex as error:
                log.warning("page.too_complex", url=url, why=str(error))
                return Outcome(asked=asked, url=url, status=response.status, reason=Lost.TOO_COMPLEX)
        return Outcome(
            asked=asked,
            url=url,
            status=response.status,
            document=document,
            blob=self._keep(packed),
            sent_on=refresh_header(response.headers.get("Refresh", ""), url),
            twin=twin,
            directives=directives(_values(response, "X-Robots-Tag")),
        )

    def _is_page(self, response: Response) -> bool:
        """Decided before the body is read."""
        if not 200 <= response.status < 300:
            return False
        return may_be_html(response.content_type) or self._is_plain(response)

    def _is_plain(self, response: Response) -> bool:
        return self.plain and is_plain(response.content_type, response.url)

    def _refusal(self, response: Response) -> Lost | None:
        if response.status == 429:
            return Lost.RATE_LIMITED
        if not 200 <= response.status < 300:
            return Lost.HTTP_STATUS
        if not self._is_page(response) or (belies_type(response) and not self._is_plain(response)):
            return Lost.NOT_HTML
        if response.body.count(b"<") > MAX_TAGS:
            return Lost.TOO_COMPLEX
        return None if response.body.strip() else Lost.EMPTY


def may_pass(status: int) -> bool:
    """True for the status of a failure after which another try may succeed."""
    return status >= 500 or status in _PASSING


def _asking_for(language: str) -> dict[str, str]:
    """The header that asks for pages in the book's language, where one was ordered."""
    if not language:
        return {}
    subtag = language.partition("-")[0]
    choices = dict.fromkeys((language, f"{subtag};q=0.9", "*;q=0.1"))
    return {"Accept-Language": ", ".join(choices)}


def _values(response: Response, name: str) -> list[str]:
    """All headers of that name: there may be one for each program."""
    headers = response.headers
    return list(headers.getall(name, ())) if isinstance(headers, MultiMapping) else [headers.get(name, "")]


def may_be_html(content_type: str) -> bool:
    """True for the media types of pages; what is called XML may be XHTML."""
    return content_type in _HTML or content_type in _XML


def belies_type(response: Response) -> bool:
    """True where the bytes are no page's, whatever their type: a PDF, a feed, other XML, zero bytes, no markup."""
    head = response.body[:_HEAD].lower()
    if response.content_type in _XML and b"<html" not in head:
        return True
    if not response.content_type and b"<" not in head:
        return True
    if head.startswith(b"%pdf-") or is_feed(response.body):
        return True
    named = "utf-16" in response.headers.get("Content-Type", "").lower()
    utf16 = named or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return b"\0" in head and not utf16
