"""One visit: a URL is fetched, decoded, read and stored, or there is a reason why not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace

import structlog
from multidict import MultiMapping

from sitebookify.book.crawl.crawl_tasks import Compute, digest, digest_plain, emptiness_served
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.indexing import directives
from sitebookify.book.crawl.lost import MAX_PAGE_BYTES, Lost
from sitebookify.book.crawl.markdown_site import MarkdownSite, twins_of
from sitebookify.book.crawl.page_types import (
    BARRIER_STATUSES,
    MAX_BARRIER_BYTES,
    announces_challenge,
    belies_type,
    may_be_html,
)
from sitebookify.book.crawl.plain_text import is_plain
from sitebookify.book.crawl.refresh import refresh_header
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.sitemaps import MAX_BYTES, MOST_FILES, Named, read_sitemaps
from sitebookify.book.crawl.start_documents import StartDocument, read_start_document
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.urls import identity, normalize, origin_of
from sitebookify.egress import Fetcher, FetchError, Response
from sitebookify.egress.polite import SLOW_DOWN, retry_after
from sitebookify.errors import TooComplex

log = structlog.get_logger()

_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_PASSING = frozenset({408, 429})
REFRESHES = 3
TIMEOUT = 20.0  # seconds for an answer; a page that takes longer holds up the others
LONG_TIMEOUT = 60.0  # where nothing waits behind it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a visit to ``asked``; ``url`` is where it ended, normalized, ``hops`` the way there after ``asked``.

    ``reason`` is "" where there is a page, stored under ``blob``. ``passing``: another try may succeed, after ``wait``
    seconds where the server asks for a pause. ``sent_on`` is where a ``Refresh`` header leads; ``directives`` are those
    of `indexing` in the answer's head. ``twin`` is the Markdown from which a page that scripts draw was read, or "".
    ``unresolved`` is that of `FetchError`.
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
    unresolved: bool = False

    @property
    def page(self) -> Document:
        """The document, for outcomes without a reason."""
        if self.document is None:
            raise AssertionError("an outcome without a reason has a document")
        return self.document


Follow = Callable[[str], Awaitable[Lost | None]]
"""Asked with a normalized URL whether a redirect may go there; the answer is why not."""


def within_origin(url: str) -> Follow:
    """Lets redirects lead to pages of the URL's own host."""
    origin = origin_of(url)

    async def follow(goal: str) -> Lost | None:
        return None if origin_of(goal) == origin else Lost.OUT_OF_SCOPE

    return follow


class _Trail:
    """Where one visit was redirected to, and why it stopped."""

    def __init__(self, follow: Follow, robots: Robots) -> None:
        self.hops: list[str] = []
        self.stop: Lost | None = None
        self._follow = follow
        self._robots = robots

    async def go(self, target: str) -> bool:
        """Take note of the next hop; True where it may be taken."""
        goal = normalize(target)
        self.hops.append(goal or target)
        self.stop = await self._follow(goal) if goal else Lost.OUT_OF_SCOPE
        if goal and self.stop is None and not await self._robots.allow(goal):
            self.stop = Lost.ROBOTS_DISALLOWED
        return self.stop is None


class Visitor:
    """Visits pages politely, and has them kept, compressed, by ``keep``, which says under which name.

    ``language`` is the one that is asked for, or "".
    ``plain``: pages of Markdown and text are pages too; otherwise they are taken for the sources of web pages.
    ``site`` is the Markdown of a site that scripts draw.
    """

    max_bytes = MAX_PAGE_BYTES
    max_list_bytes = MAX_BYTES
    most_lists = MOST_FILES
    truncate = False
    most_tags = 400_000  # a parsed element takes up to 365 bytes and 17 µs, measured on 2,000,000 of ``<p>a``
    large = 1024 * 1024  # pages beyond it are parsed one at a time: a tree takes many times the page's size

    def __init__(
        self, fetcher: Fetcher, robots: Robots, compute: Compute, *, keep: Callable[[bytes], str], language: str = ""
    ) -> None:
        self.plain = False
        self.site: MarkdownSite | None = None
        self.compute = compute
        self.language = language
        self._seen_ahead: dict[str, Outcome] = {}
        self._fetcher = fetcher
        self._robots = robots
        self._keep = keep
        self._room = asyncio.Semaphore(1)
        self._headers = _asking_for(language)

    async def visit(self, asked: str, follow: Follow, *, timeout: float = TIMEOUT) -> Outcome:  # noqa: ASYNC109 - of each request
        """Fetch ``asked`` (normalized), following redirects and quick meta refreshes as far as ``follow`` allows.

        ``timeout`` is in seconds, for each request with its body.

        Raises:
            RobotsUnreachable: robots.txt, of this host or one redirected to, cannot be read.
        """
        outcome = self._seen_ahead.pop(asked, None)
        if outcome:
            return outcome
        if not await self._robots.allow(asked):
            return Outcome(asked=asked, url=asked, reason=Lost.ROBOTS_DISALLOWED)
        trail = _Trail(follow, self._robots)
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
                url,
                max_bytes=self.max_bytes,
                truncate=self.truncate,
                timeout=seconds,
                follow=self._robots.allow_for_sure,
            )
        except FetchError:
            return None
        return response if response.status == 200 else None

    async def look_ahead(self, url: str) -> Outcome:
        """Visit a page before its turn, unless it leads to another host; in its turn it is not fetched again."""
        try:
            outcome = await self.visit(url, within_origin(url))
        except RobotsUnreachable:
            return Outcome(asked=url, url=url, reason=Lost.ROBOTS_UNREADABLE, passing=True)
        if outcome.document and not outcome.hops:
            self._seen_ahead[url] = outcome
        return outcome

    async def barrier(self, outcome: Outcome) -> Emptiness | None:
        """What stands in the way of a page that was refused; the answer is fetched again, since it was not read."""
        if outcome.status not in BARRIER_STATUSES or outcome.wait:
            return None
        try:
            answer = await self._fetcher.fetch(
                outcome.url,
                headers=self._headers,
                accept=_ACCEPT,
                max_bytes=MAX_BARRIER_BYTES,
                truncate=True,
                timeout=TIMEOUT,
                follow=self._robots.allow_for_sure,
            )
            if announces_challenge(answer.headers):
                return Emptiness.BLOCKED
            barrier = await self.compute(emptiness_served, answer.body, answer.content_type)
        except (FetchError, TooComplex):
            return None
        return None if barrier is Emptiness.NEEDS_JAVASCRIPT else barrier

    async def identify(self, url: str) -> StartDocument:
        """What is at a URL that is no web page.

        Raises:
            FetchError: it cannot be fetched.
            TooComplex: it cannot be read.
        """
        answer = await self._fetcher.fetch(
            url, max_bytes=self.max_list_bytes, truncate=True, follow=self._robots.allow_for_sure
        )
        final = normalize(answer.url) or url
        document = await self.compute(read_start_document, answer.body, answer.content_type, final)
        if not document.sitemaps:
            return document
        named = await self.sitemaps(document.sitemaps)
        return replace(document, pages=(*document.pages, *named.pages))

    async def sitemaps(self, places: Iterable[str], *, most_seconds: float = math.inf) -> Named:
        """What the sitemaps and feeds at these URLs name, as far as they are read in the time."""
        return await read_sitemaps(
            self._fetcher,
            places,
            allow=self._robots.allow_for_sure,
            compute=self.compute,
            most_files=self.most_lists,
            max_bytes=self.max_list_bytes,
            most_seconds=most_seconds,
        )

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
                max_bytes=self.max_bytes,
                truncate=self.truncate,
                timeout=seconds,
                follow=trail.go,
                body_if=self._is_page,
            )
        except FetchError as error:
            return Outcome(
                asked=asked, url=url, reason=error.reason, passing=error.passing, unresolved=error.unresolved
            )
        if trail.stop:
            return Outcome(asked=asked, url=trail.hops[-1], status=response.status, reason=trail.stop)
        return await self._read(asked, response)

    async def _read(self, asked: str, response: Response) -> Outcome:
        url = normalize(response.url) or asked
        reason = self._refusal(response)
        if reason is None:
            return await self._digested(asked, response, url)
        asks_to_wait = response.headers.get("Retry-After", "") if response.status in SLOW_DOWN else ""
        return Outcome(
            asked=asked,
            url=url,
            status=response.status,
            reason=reason,
            passing=may_pass(response.status) or reason is Lost.EMPTY,
            wait=retry_after(asks_to_wait) or 0.0,
        )

    async def _digested(self, asked: str, response: Response, url: str, twin: str = "") -> Outcome:
        """The page at the URL, read and stored; its ``twin`` is what was fetched in its place."""
        is_plain_text = bool(twin) or self._is_plain(response)
        try:
            async with self._room if len(response.body) > self.large else nullcontext():
                document, packed = await self._digest(response, url, is_plain_text=is_plain_text)
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

    async def _digest(self, response: Response, url: str, *, is_plain_text: bool) -> tuple[Document, bytes]:
        content_type = response.headers.get("Content-Type", "")
        if not is_plain_text:
            return await self.compute(digest, response.body, content_type, url)
        source = normalize(response.url) or url
        return await self.compute(digest_plain, response.body, content_type, source, self.site, url)

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
        if response.body.count(b"<") > self.most_tags:
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
    if isinstance(headers, MultiMapping):
        return list(headers.getall(name, ()))
    return [headers.get(name, "")]
