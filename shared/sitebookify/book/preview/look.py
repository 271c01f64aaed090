"""A quick look at a site: start page, sitemaps or links, and a few pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from sitebookify.book.crawl.borders import site_area
from sitebookify.book.crawl.choices import documentation, listed_choice, preferred, simple_choices
from sitebookify.book.crawl.crawl_tasks import compute_here
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.lost import StartRefused
from sitebookify.book.crawl.robots import Robots, Rules
from sitebookify.book.crawl.seeds import sitemap_places
from sitebookify.book.crawl.sister_pages import sisters_of
from sitebookify.book.crawl.start_documents import StartDocument, StartKind
from sitebookify.book.crawl.start_pages import NotYet, Opener, StartPage
from sitebookify.book.crawl.visit import Visitor
from sitebookify.book.extract.emptiness_kinds import EXPLANATIONS
from sitebookify.book.preview.chapter_estimates import may_be_chapter
from sitebookify.book.preview.estimate import Findings, Preview, PreviewOrder, Source, estimate
from sitebookify.book.scope import Patterns, Scope
from sitebookify.book.urls import identity, normalize
from sitebookify.egress import Reason, Response
from sitebookify.egress.errors import NO_PUBLIC_HOST
from sitebookify.egress.fetcher import Fetcher
from sitebookify.egress.polite import Pacer, PoliteFetcher
from sitebookify.errors import FailedPrecondition, InvalidRequest
from sitebookify.messages import Message, literal
from sitebookify.spec import BookScope

SECONDS = 9.0  # of the ten that a caller waits
_MAX_BYTES = 2 * 1024 * 1024
_DELAY = 0.05
_SAMPLES = 5
_SITEMAP_FILES = 5
_MOST_TEXT = 512 * 1024
"""Bytes of Markdown, which takes two seconds a megabyte."""
_BAD_INPUT = frozenset({Reason.BAD_URL, Reason.ADDRESS_REFUSED})
_TEXT = frozenset({"text/plain", "text/markdown"})


async def preview(egress: Fetcher, order: PreviewOrder, *, seconds: float = SECONDS) -> Preview:
    """Estimate the book of the site, with at most 2 MB a request and about a dozen requests.

    Raises:
        InvalidRequest: the URL or a pattern cannot be used as it stands.
        FailedPrecondition: the site does not answer, or not with a page that may be fetched.
    """
    pacer = Pacer(_DELAY)
    robots = Robots(PoliteFetcher(egress, Pacer(0), tries=1), pacer, ignore=order.ignore_robots)
    look = _Look(PoliteFetcher(egress, pacer, tries=1), robots, order.scope)
    try:
        async with asyncio.timeout(seconds):
            await look.run(order.url, _patterns(order))
    except TimeoutError as error:
        if look.findings is None:
            raise FailedPrecondition(Message("preview.slow", url=order.url, count=round(seconds))) from error
        look.findings.notes.append(Message("preview.note.slow"))
    assert look.findings is not None  # noqa: S101 - run() raises where it finds nothing
    return estimate(look.findings, order.prices, order.model)


class _QuickVisitor(Visitor):
    """Reads the beginnings of pages, one at a time."""

    max_bytes = max_list_bytes = _MAX_BYTES
    most_lists = _SITEMAP_FILES
    truncate = True
    most_tags = 100_000
    large = 0

    async def _digest(self, response: Response, url: str, *, is_plain_text: bool) -> tuple[Document, bytes]:
        """See `Visitor`; of a long text the beginning stands for the rest."""
        body = response.body[:_MOST_TEXT] if is_plain_text else response.body
        page, packed = await super()._digest(replace(response, body=body), url, is_plain_text=is_plain_text)
        characters = page.sketch.characters * len(response.body) // max(1, len(body))
        return replace(page, sketch=replace(page.sketch, characters=characters)), packed


class _Look:
    """Looks at a site; its ``findings`` so far remain when time runs out."""

    def __init__(self, fetcher: Fetcher, robots: Robots, scope: BookScope) -> None:
        self.findings: Findings | None = None
        self._robots = robots
        self._scope = scope
        self._kept: list[bytes] = []
        self._visitor = _QuickVisitor(fetcher, robots, compute_here, keep=self._keep)
        self._opener = Opener(self._visitor, self._stored, scope)

    async def run(self, url: str, patterns: Patterns) -> None:
        page = await self._open(url)
        if page.named:
            await self._list(page, page.named, patterns)
        else:
            await self._survey(page, patterns)

    def _keep(self, packed: bytes) -> str:
        self._kept.append(packed)
        return str(len(self._kept) - 1)

    async def _stored(self, name: str) -> bytes:
        return self._kept[int(name)]

    async def _open(self, url: str) -> StartPage:
        requested = normalize(url)
        if requested is None:
            raise InvalidRequest("url", Message("request.web_url", limit=2000))
        try:
            return await self._opener.open(requested)
        except StartRefused as error:
            raise _refusal(requested, error) from error
        except NotYet as problem:
            raise _refusal(requested, problem.error) from problem.error

    async def _survey(self, page: StartPage, patterns: Patterns) -> None:
        """Find out what the site around a start page has, and look at some of its pages."""
        start = page.start
        rules = await self._robots.rules(start.url)
        choices = simple_choices(start)
        findings = Findings(
            start=start, choice=preferred(start, choices, self._scope), choices=choices, patterns=patterns
        )
        self.findings = findings
        findings.crawl_delay = rules.delay
        findings.notes += self._notes(page)
        document = page.outcome.page
        findings.feeds = document.feeds
        findings.characters.append(document.sketch.characters)
        in_menus = chain.from_iterable(menu.urls for menu in start.landing.menus)
        _add(findings, (start.url, *document.links, *in_menus))
        choices = [*choices, *await documentation(start, self._opener.look)]
        findings.choices = sorted(choices, key=lambda choice: list(BookScope).index(choice.scope))
        findings.choice = preferred(start, choices, self._scope)
        await self._read_sitemaps(findings, rules)
        findings.sisters = tuple(sisters_of(start.url, document, findings.pages.values()))
        if findings.source is Source.LINKS:
            findings.notes.append(Message("preview.note.no_sitemap"))
        await asyncio.gather(self._sample(findings), self._look_for_llms(findings))

    def _notes(self, page: StartPage) -> list[Message]:
        """Where the text comes from, or what will keep the book from being made."""
        if self._visitor.site:
            return [Message("preview.note.markdown")]
        warning = EXPLANATIONS.get(page.start.landing.emptiness)
        return [warning] if warning else []

    async def _list(self, page: StartPage, document: StartDocument, patterns: Patterns) -> None:
        """The preview of a start page that names the book's pages."""
        choice = listed_choice(document.pages)
        findings = Findings(start=page.start, choice=choice, choices=[choice], patterns=patterns)
        self.findings = findings
        findings.pages = {identity(url): url for url in document.pages}
        findings.at_least = bool(document.sitemaps)
        if document.kind is StartKind.SITEMAP:
            findings.source = Source.SITEMAP
        findings.crawl_delay = (await self._robots.rules(choice.area.origin)).delay
        await self._sample(findings)

    async def _read_sitemaps(self, findings: Findings, rules: Rules) -> None:
        listing = await self._visitor.sitemaps(sitemap_places(findings.start.url, rules.sitemaps))
        has_more = len(listing.sitemaps) == _SITEMAP_FILES
        has_pages = _add(findings, listing.pages)
        findings.sitemaps = listing.sitemaps
        findings.at_least = has_more or not has_pages
        if has_pages:
            findings.source = Source.SITEMAP_INDEX if len(listing.sitemaps) > 1 else Source.SITEMAP
        if has_more:
            findings.notes.append(Message("preview.note.sitemaps", count=_SITEMAP_FILES))

    async def _sample(self, findings: Findings) -> None:
        """Look at pages spread over the list; if there is no sitemap, add the pages that they link to."""
        pages = findings.within(findings.choice)[1:]
        interval = max(1, len(pages) // _SAMPLES)
        visits = map(self._visitor.look_ahead, pages[::interval][:_SAMPLES])
        for outcome in await asyncio.gather(*visits):
            if outcome.document is None:
                continue
            findings.characters.append(outcome.document.sketch.characters)
            if findings.source is Source.LINKS:
                _add(findings, outcome.document.links)

    async def _look_for_llms(self, findings: Findings) -> None:
        """See whether the site lists itself for language models (llmstxt.org)."""
        url = f"{findings.start.origin}/llms.txt"
        answer = await self._visitor.get(url)
        if answer and answer.content_type in _TEXT and answer.body.lstrip().startswith(b"# "):
            findings.llms_txt = url


def _refusal(url: str, error: StartRefused) -> FailedPrecondition | InvalidRequest:
    """Why there is no preview.

    The same for a name without an address and for a private one: strangers must not learn which.
    """
    if error.unresolved:
        return InvalidRequest("url", Message("preview.cannot_fetch", url=url, why=NO_PUBLIC_HOST))
    if error.reason in _BAD_INPUT:
        return InvalidRequest("url", error.why)
    return FailedPrecondition(Message("preview.cannot_fetch", url=url, why=error.why) if error.why else error.message)


def _patterns(order: PreviewOrder) -> Patterns:
    try:
        return Patterns(order.include, order.exclude)
    except ValueError as error:
        raise InvalidRequest("include", literal(str(error))) from error


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
