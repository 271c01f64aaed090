"""A quick look at a site: start page, sitemaps or links, and a few pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sitebookify.book.crawl.reading import Document, read_document
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable
from sitebookify.book.crawl.seeds import sitemap_places
from sitebookify.book.crawl.sitemaps import read_here, read_sitemaps
from sitebookify.book.crawl.visit import Lost, why_lost
from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.html.charset import decode
from sitebookify.book.preview.estimate import Findings, Preview, Prices, Source, estimate
from sitebookify.book.urls import Scope, identity, normalize
from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.errors import NO_PUBLIC_HOST
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify.messages import Message, literal

SECONDS = 9.0  # of the ten that a caller waits
MAX_BYTES = 2 * 1024 * 1024
_DELAY = 0.05
_SAMPLES = 5
_SITEMAP_FILES = 5
_MOST_TAGS = 100_000
_BAD_INPUT = frozenset({Reason.BAD_URL, Reason.ADDRESS_REFUSED})
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})


async def preview(
    egress: Fetcher,
    url: str,
    *,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    ignore_robots: bool = False,
    prices: Prices | None = None,
    seconds: float = SECONDS,
) -> Preview:
    """Estimate the book of the site at ``url``, with at most 2 MB a request and about a dozen requests.

    Raises:
        InvalidRequest: the URL or a pattern cannot be used as it stands.
        FailedPrecondition: the site does not answer, or not with a page that may be fetched.
    """
    pacer = Pacer(_DELAY)
    robots = Robots(PoliteFetcher(egress, Pacer(0), tries=1), pacer, ignore=ignore_robots)
    look = _Look(PoliteFetcher(egress, pacer, tries=1), robots)
    try:
        async with asyncio.timeout(seconds):
            await look.run(url, include, exclude)
    except TimeoutError as error:
        if look.found is None:
            raise FailedPrecondition(Message("preview.slow", url=url, count=round(seconds))) from error
        look.found.notes.append(Message("preview.note.slow"))
    assert look.found is not None  # noqa: S101 - run() raises where it finds nothing
    return estimate(look.found, prices)


class _Look:
    """What is found stays in ``found`` when time runs out."""

    def __init__(self, fetcher: Fetcher, robots: Robots) -> None:
        self.found: Findings | None = None
        self._fetcher = fetcher
        self._robots = robots
        self._room = asyncio.Semaphore(1)

    async def run(self, url: str, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
        start, document = await self._start(url)
        scope = _scope(start, include, exclude)
        self.found = found = Findings(start=start, title=document.title, scope=scope, pages=[start])
        found.characters.append(document.sketch.characters)
        _add(found, document.links)
        await self._read_sitemaps(found)
        if found.source is Source.LINKS:
            found.notes.append(Message("preview.note.no_sitemap"))
        await self._sample(found)

    async def _start(self, url: str) -> tuple[str, Document]:
        asked = normalize(url)
        if asked is None:
            raise InvalidRequest("url", Message("request.web_url", limit=2000))
        try:
            if not await self._robots.allow(asked):
                raise _cannot_fetch(asked, why_lost(Lost.ROBOTS_DISALLOWED, None))
            answer = await self._get(asked)
        except FetchError as error:
            if error.unresolved:
                raise _no_public_host(asked) from error
            if error.reason in _BAD_INPUT:
                raise InvalidRequest("url", error.message) from error
            raise _cannot_fetch(asked, error.message) from error
        except RobotsUnreachable as error:
            if isinstance(cause := error.__cause__, FetchError) and cause.unresolved:
                raise _no_public_host(asked) from cause
            raise _cannot_fetch(asked, error.message) from error
        if answer.status != 200:
            raise _cannot_fetch(asked, why_lost(Lost.HTTP_STATUS, answer.status))
        start = normalize(answer.url) or asked
        document = await self._read(answer, start)
        if isinstance(document, Lost):
            raise _cannot_fetch(asked, why_lost(document, answer.status))
        return start, document

    async def _read_sitemaps(self, found: Findings) -> None:
        rules = await self._robots.rules(found.start)
        places = sitemap_places(found.start, rules.sitemaps)
        allow = self._robots.allow_for_sure
        named = await read_sitemaps(
            self._fetcher, places, allow=allow, compute=read_here, most_files=_SITEMAP_FILES, max_bytes=MAX_BYTES
        )
        if _add(found, named.pages):
            found.source = Source.SITEMAP_INDEX if len(named.sitemaps) > 1 else Source.SITEMAP
        if len(named.sitemaps) == _SITEMAP_FILES:
            found.notes.append(Message("preview.note.sitemaps", count=_SITEMAP_FILES))

    async def _sample(self, found: Findings) -> None:
        """Look at pages spread over the list; where there is no sitemap, count their links too."""
        others = found.pages[1:]
        chosen = others[:: max(1, len(others) // _SAMPLES)][:_SAMPLES]
        for document in await asyncio.gather(*map(self._document, chosen)):
            if document is not None:
                found.characters.append(document.sketch.characters)
                if found.source is Source.LINKS:
                    _add(found, document.links)

    async def _document(self, url: str) -> Document | None:
        try:
            answer = await self._get(url) if await self._robots.allow_for_sure(url) else None
        except FetchError:
            return None
        if answer is None or answer.status != 200:
            return None
        document = await self._read(answer, url)
        return None if isinstance(document, Lost) else document

    async def _read(self, answer: Response, url: str) -> Document | Lost:
        """The page, unless it is none or would take too long to parse; one at a time."""
        if answer.content_type not in _HTML:
            return Lost.NOT_HTML
        if answer.body.count(b"<") > _MOST_TAGS:
            return Lost.TOO_COMPLEX
        async with self._room:
            return await asyncio.to_thread(_parsed, answer, url)

    async def _get(self, url: str) -> Response:
        return await self._fetcher.fetch(
            url, max_bytes=MAX_BYTES, truncate=True, follow=self._robots.allow_for_sure, timeout=SECONDS
        )


def _no_public_host(url: str) -> InvalidRequest:
    """Whether the name has no address or a private one is not for strangers to know."""
    return InvalidRequest("url", Message("preview.cannot_fetch", url=url, why=NO_PUBLIC_HOST))


def _cannot_fetch(url: str, why: Message) -> FailedPrecondition:
    return FailedPrecondition(Message("preview.cannot_fetch", url=url, why=why))


def _scope(start: str, include: tuple[str, ...], exclude: tuple[str, ...]) -> Scope:
    try:
        return Scope.around(start, include, exclude)
    except ValueError as error:
        raise InvalidRequest("include", literal(str(error))) from error


def _add(found: Findings, urls: Iterable[str]) -> int:
    """Take in the pages in scope that are new; how many there were in scope."""
    known = set(map(identity, found.pages))
    inside = [url for url in map(found.scope.home, urls) if found.scope.contains(url) and found.scope.chosen(url)]
    for url in inside:
        key = identity(url)
        if key not in known:
            known.add(key)
            found.pages.append(url)
    return len(inside)


def _parsed(answer: Response, url: str) -> Document | Lost:
    page = decode(answer.body, answer.headers.get("Content-Type", ""))
    if too_many_attributes(page.text):
        return Lost.TOO_COMPLEX
    return read_document(page.text, url, page.encoding)
