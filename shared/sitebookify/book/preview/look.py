"""A quick look at a site: start page, sitemaps or links, and a few pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from sitebookify.book.crawl import barriers
from sitebookify.book.crawl.borders import site_area
from sitebookify.book.crawl.choices import (
    documentation_choice,
    listed_choice,
    preferred,
    simple_choices,
    with_framed_menu,
)
from sitebookify.book.crawl.computing import compute_here
from sitebookify.book.crawl.crawl_tasks import barrier_in
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.index_pages import first_of_list
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.landing_reader import landing_in
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.crawl.markdown_site import MarkdownSite, twins_of
from sitebookify.book.crawl.markdown_sources import markdown_site
from sitebookify.book.crawl.page_types import belies_type, may_be_html
from sitebookify.book.crawl.plain_text import html_of, is_plain
from sitebookify.book.crawl.reading import document_in, tree_of
from sitebookify.book.crawl.refresh import refresh_header
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable, Rules
from sitebookify.book.crawl.seeds import sitemap_places
from sitebookify.book.crawl.sister_pages import sisters_of
from sitebookify.book.crawl.sitemaps import Named, read_sitemaps
from sitebookify.book.crawl.start import Start, start_of
from sitebookify.book.crawl.start_documents import StartDocument, StartKind, read_start_document
from sitebookify.book.crawl.visit import REFRESHES
from sitebookify.book.extract.emptiness_kinds import EXPLANATIONS, Emptiness
from sitebookify.book.html.charset import decode
from sitebookify.book.preview.chapter_estimates import may_be_chapter
from sitebookify.book.preview.estimate import Findings, Preview, Source, estimate
from sitebookify.book.preview.preview_order import PreviewOrder
from sitebookify.book.scope import Patterns, Scope
from sitebookify.book.urls import identity, normalize
from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.errors import NO_PUBLIC_HOST
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import FailedPrecondition, InvalidRequest, TooComplex
from sitebookify.messages import Message, literal
from sitebookify.spec import BookScope

T = TypeVar("T")
_Page = tuple[Document, Landing]

SECONDS = 9.0  # of the ten that a caller waits
MAX_BYTES = 2 * 1024 * 1024
_DELAY = 0.05
_SAMPLES = 5
_SITEMAP_FILES = 5
_MOST_TAGS = 100_000
_MOST_TEXT = 512 * 1024
"""Bytes of Markdown, which takes two seconds a megabyte."""
_BAD_INPUT = frozenset({Reason.BAD_URL, Reason.ADDRESS_REFUSED})
_TEXT = frozenset({"text/plain", "text/markdown"})
_MARKDOWN = Message("preview.note.markdown")


async def preview(egress: Fetcher, order: PreviewOrder, *, seconds: float = SECONDS) -> Preview:
    """Estimate the book of the site, with at most 2 MB a request and about a dozen requests.

    Raises:
        InvalidRequest: the URL or a pattern cannot be used as it stands.
        FailedPrecondition: the site does not answer, or not with a page that may be fetched.
    """
    pacer = Pacer(_DELAY)
    robots = Robots(PoliteFetcher(egress, Pacer(0), tries=1), pacer, ignore=order.ignore_robots)
    look = _Look(PoliteFetcher(egress, pacer, tries=1), robots)
    try:
        async with asyncio.timeout(seconds):
            await look.run(order.url, order.scope, _patterns(order))
    except TimeoutError as error:
        if look.findings is None:
            raise FailedPrecondition(Message("preview.slow", url=order.url, count=round(seconds))) from error
        look.findings.notes.append(Message("preview.note.slow"))
    assert look.findings is not None  # noqa: S101 - run() raises where it finds nothing
    return estimate(look.findings, order.prices, order.model)


class _Look:
    """Looks at a site; its ``findings`` so far remain when time runs out."""

    def __init__(self, fetcher: Fetcher, robots: Robots) -> None:
        self.findings: Findings | None = None
        self._fetcher = fetcher
        self._robots = robots
        self._room = asyncio.Semaphore(1)
        self._site: MarkdownSite | None = None

    async def run(self, url: str, scope: BookScope, patterns: Patterns) -> None:
        requested, answer = await self._start(url)
        final, answer, subject = await self._follow(normalize(answer.url) or requested, answer)
        if subject is Lost.NOT_HTML:
            named = await self._identify(answer, final)
            if named.kind is not StartKind.TEXT:
                await self._list(requested, final, named, patterns)
                return
            subject = await self._parse(_parsed_text, answer, final)
        if isinstance(subject, Lost):
            raise _cannot_fetch(requested, why_lost(subject, answer.status))
        final, (page, landing) = await self._at_the_beginning(final, subject, scope)
        site = self._site = await markdown_site(final, landing, self._get_page, compute_here)
        if site and not site.start:
            named = StartDocument(kind=StartKind.LIST, title=site.title, pages=site.pages)
            await self._list(requested, final, named, patterns)
            return
        source = await self._page(site.source) if site else None
        if site and source:
            final = site.start
            page, landing = source[0], _landing_of(site, source[1], landing.title)
        start = await with_framed_menu(start_of(requested, final, page, landing), self._landing)
        await self._survey(start, page, scope, patterns, notes=[_MARKDOWN] if source else _warnings(start))

    async def _survey(
        self, start: Start, page: Document, scope: BookScope, patterns: Patterns, *, notes: Sequence[Message]
    ) -> None:
        """Find out what the site around a start page has, and look at some of its pages."""
        rules = await self._robots.rules(start.url)
        choices = simple_choices(start)
        choice = preferred(start, choices, scope)
        findings = Findings(start=start, choice=choice, choices=choices, patterns=patterns)
        self.findings = findings
        findings.crawl_delay = rules.delay
        findings.feeds = page.feeds
        findings.characters.append(page.sketch.characters)
        findings.notes += notes
        in_menus = chain.from_iterable(menu.urls for menu in start.landing.menus)
        _add(findings, (start.url, *page.links, *in_menus))
        await self._choose(findings, scope)
        await self._read_sitemaps(findings, rules)
        findings.sisters = tuple(sisters_of(start.url, page, findings.pages.values()))
        if findings.source is Source.LINKS:
            findings.notes.append(Message("preview.note.no_sitemap"))
        await asyncio.gather(self._sample(findings), self._look_for_llms(findings))

    async def _follow(self, url: str, answer: Response) -> tuple[str, Response, tuple[Document, Landing] | Lost]:
        """The page that the answer at the URL is, or to which it sends readers on: its URL, its answer, and itself."""
        page = await self._read(answer, url)
        for _ in range(REFRESHES):
            if isinstance(page, Lost):
                break
            goal = refresh_header(answer.headers.get("Refresh", ""), url) or page[0].refresh
            further = await self._get_page(goal) if goal and identity(goal) != identity(url) else None
            if further is None:
                break
            url, answer = normalize(further.url) or goal, further
            page = await self._read(answer, url)
        return url, answer, page

    async def _at_the_beginning(self, url: str, page: _Page, scope: BookScope) -> tuple[str, _Page]:
        """The first page of the list of posts of which a further one was given, unless that one alone is wanted."""
        first = first_of_list(url, page[0]) if scope is not BookScope.PAGE else ""
        beginning = await self._page(first) if first else None
        return (first, beginning) if beginning else (url, page)

    async def _choose(self, findings: Findings, scope: BookScope) -> None:
        """Find out what the start page stands for, with a look at one or two other pages."""
        start = findings.start
        choices = [*findings.choices, *await documentation_choice(start, self._landing)]
        findings.choices = sorted(choices, key=lambda choice: list(BookScope).index(choice.scope))
        findings.choice = preferred(start, choices, scope)

    async def _identify(self, answer: Response, url: str) -> StartDocument:
        """What the start page is, if not a web page, with the pages of further sitemaps that it names."""
        document = await asyncio.to_thread(read_start_document, answer.body, answer.content_type, url)
        if not document.sitemaps:
            return document
        named = await self._sitemaps(document.sitemaps)
        return replace(document, pages=(*document.pages, *named.pages))

    async def _list(self, requested: str, url: str, document: StartDocument, patterns: Patterns) -> None:
        """The preview of a start page that names the book's pages."""
        pages = document.pages
        if not pages:
            raise FailedPrecondition(document.refusal(requested))
        kind = "blog" if document.kind is StartKind.FEED else ""
        landing = Landing(title=document.title, kind=kind)
        start = Start(asked=requested, url=url, links=pages, landing=landing)
        choice = listed_choice(pages)
        findings = Findings(start=start, choice=choice, choices=[choice], patterns=patterns)
        self.findings = findings
        findings.pages = {identity(page): page for page in pages}
        findings.at_least = bool(document.sitemaps)
        if document.kind is StartKind.SITEMAP:
            findings.source = Source.SITEMAP
        rules = await self._robots.rules(choice.area.origin)
        findings.crawl_delay = rules.delay
        await self._sample(findings)

    async def _start(self, url: str) -> tuple[str, Response]:
        requested = normalize(url)
        if requested is None:
            raise InvalidRequest("url", Message("request.web_url", limit=2000))
        try:
            if not await self._robots.allow(requested):
                raise _cannot_fetch(requested, why_lost(Lost.ROBOTS_DISALLOWED, None))
            answer = await self._get(requested)
        except FetchError as error:
            if error.unresolved:
                raise _no_public_host(requested) from error
            if error.reason in _BAD_INPUT:
                raise InvalidRequest("url", error.message) from error
            raise _cannot_fetch(requested, error.message) from error
        except RobotsUnreachable as error:
            cause = error.__cause__
            if isinstance(cause, FetchError) and cause.unresolved:
                raise _no_public_host(requested) from cause
            raise _cannot_fetch(requested, error.message) from error
        if answer.status != 200:
            why = await self._barrier(answer) or why_lost(Lost.HTTP_STATUS, answer.status)
            raise _cannot_fetch(requested, why)
        return requested, answer

    async def _barrier(self, answer: Response) -> Message | None:
        """What stands in the way of a page that was refused, in words."""
        if answer.status not in barriers.STATUSES:
            return None
        if barriers.is_announced(answer.headers):
            return EXPLANATIONS[Emptiness.BLOCKED]
        barrier = await asyncio.to_thread(barrier_in, answer.body[: barriers.MAX_BYTES], answer.content_type)
        return EXPLANATIONS[barrier] if barrier else None

    async def _read_sitemaps(self, findings: Findings, rules: Rules) -> None:
        listing = await self._sitemaps(sitemap_places(findings.start.url, rules.sitemaps))
        has_more = len(listing.sitemaps) == _SITEMAP_FILES
        has_pages = _add(findings, listing.pages)
        findings.sitemaps = listing.sitemaps
        findings.at_least = has_more or not has_pages
        if has_pages:
            findings.source = Source.SITEMAP_INDEX if len(listing.sitemaps) > 1 else Source.SITEMAP
        if has_more:
            findings.notes.append(Message("preview.note.sitemaps", count=_SITEMAP_FILES))

    async def _sitemaps(self, places: Iterable[str]) -> Named:
        """What the sitemaps at these URLs name."""
        return await read_sitemaps(
            self._fetcher,
            places,
            allow=self._robots.allow_for_sure,
            compute=compute_here,
            most_files=_SITEMAP_FILES,
            max_bytes=MAX_BYTES,
        )

    async def _sample(self, findings: Findings) -> None:
        """Look at pages spread over the list; if there is no sitemap, add the pages that they link to."""
        pages = findings.within(findings.choice)[1:]
        interval = max(1, len(pages) // _SAMPLES)
        sample = pages[::interval][:_SAMPLES]
        for page in await asyncio.gather(*map(self._page, sample)):
            if page is None:
                continue
            document, _ = page
            findings.characters.append(document.sketch.characters)
            if findings.source is Source.LINKS:
                _add(findings, document.links)

    async def _look_for_llms(self, findings: Findings) -> None:
        """See whether the site lists itself for language models (llmstxt.org)."""
        url = f"{findings.start.origin}/llms.txt"
        with contextlib.suppress(FetchError):
            if await self._robots.allow_for_sure(url):
                answer = await self._get(url)
                if answer.status == 200 and answer.content_type in _TEXT and answer.body.lstrip().startswith(b"# "):
                    findings.llms_txt = url

    async def _page(self, url: str) -> _Page | None:
        answer = await self._get_page(url)
        if answer is None:
            return None
        page = await self._read(answer, url)
        if isinstance(page, Lost):
            return None
        drawn = self._site and self._site.twins and page[0].drawn
        return await self._first(twins_of(url)) if drawn else page

    async def _landing(self, url: str) -> Landing | None:
        page = await self._page(url)
        return page[1] if page else None

    async def _first(self, twins: Iterable[str]) -> _Page | None:
        """The first of these that is a page of Markdown."""
        for url in twins:
            answer = await self._get_page(url)
            if answer and is_plain(answer.content_type, url):
                page = await self._read(answer, url)
                return None if isinstance(page, Lost) else page
        return None

    async def _read(self, answer: Response, url: str) -> _Page | Lost:
        """The page, unless it is not HTML or would take too long to parse; one at a time."""
        plain = is_plain(answer.content_type, url)
        is_page = may_be_html(answer.content_type) and not belies_type(answer)
        if not is_page and not (plain and self._site):
            return Lost.NOT_HTML
        if answer.body.count(b"<") > _MOST_TAGS:
            return Lost.TOO_COMPLEX
        if plain and self._site:
            return await self._parse(_parsed_text, answer, url, self._site)
        return await self._parse(_parsed, answer, url)

    async def _parse(self, parse: Callable[..., _Page], *args: object) -> _Page | Lost:
        """The page by ``parse``; one at a time."""
        async with self._room:
            try:
                return await asyncio.to_thread(parse, *args)
            except TooComplex:
                return Lost.TOO_COMPLEX

    async def _get_page(self, url: str) -> Response | None:
        """What is at the URL; None where that is no page or may not be fetched."""
        try:
            answer = await self._get(url) if await self._robots.allow_for_sure(url) else None
        except FetchError:
            return None
        return answer if answer and answer.status == 200 else None

    async def _get(self, url: str) -> Response:
        return await self._fetcher.fetch(
            url, max_bytes=MAX_BYTES, truncate=True, follow=self._robots.allow_for_sure, timeout=SECONDS
        )


def _no_public_host(url: str) -> InvalidRequest:
    """The same error for a name without an address and for a private one: strangers must not learn which."""
    return InvalidRequest("url", Message("preview.cannot_fetch", url=url, why=NO_PUBLIC_HOST))


def _cannot_fetch(url: str, why: Message) -> FailedPrecondition:
    return FailedPrecondition(Message("preview.cannot_fetch", url=url, why=why))


def _patterns(order: PreviewOrder) -> Patterns:
    try:
        return Patterns(order.include, order.exclude)
    except ValueError as error:
        raise InvalidRequest("include", literal(str(error))) from error


def _landing_of(site: MarkdownSite, landing: Landing, title: str) -> Landing:
    """What the source of a site of Markdown says; ``title`` is that of the page that draws it."""
    generator = "docsify" if site.docsify else ""
    return replace(landing, title=site.title or title, kind="documentation", generator=generator)


def _warnings(start: Start) -> list[Message]:
    """What will keep the book from being made."""
    warning = EXPLANATIONS.get(start.landing.emptiness)
    return [warning] if warning else []


def _add(findings: Findings, urls: Iterable[str]) -> bool:
    """Add the site's pages that are new; True where any of the URLs is in the chosen scope."""
    site = Scope(areas=(site_area(findings.start),), patterns=findings.patterns)
    chosen = Scope(areas=(findings.choice.area,), patterns=findings.patterns)
    is_any_chosen = False
    of_blog = bool(findings.start.posts)
    for url in map(site.home, urls):
        if site.contains(url) and (url == findings.start.url or may_be_chapter(url, of_blog=of_blog)):
            findings.pages.setdefault(identity(url), url)
            is_any_chosen = is_any_chosen or (chosen.contains(url) and chosen.chosen(url))
    return is_any_chosen


def _parsed(answer: Response, url: str) -> _Page:
    page = decode(answer.body, answer.headers.get("Content-Type", ""))
    return _both(page.text, url, page.encoding)


def _parsed_text(answer: Response, url: str, site: MarkdownSite | None = None) -> _Page:
    """A page of Markdown or text; of a long one the beginning, which stands for the rest."""
    body = answer.body[:_MOST_TEXT]
    text = decode(body, answer.headers.get("Content-Type", ""))
    page, landing = _both(html_of(text.text, url, answer.content_type, site), url, text.encoding)
    characters = page.sketch.characters * len(answer.body) // max(1, len(body))
    return replace(page, sketch=replace(page.sketch, characters=characters)), landing


def _both(html: str, url: str, encoding: str) -> _Page:
    root = tree_of(html, encoding)
    return document_in(root, url, encoding), landing_in(root, html, url)
