"""The start pages: what is at them decides whether there is a book at all, and where its borders are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NoReturn

import structlog

from sitebookify.book.allowance import CRAWL_SHARE
from sitebookify.book.crawl.choices import Choice, choose, listed_choice, with_framed_menu
from sitebookify.book.crawl.crawl_tasks import packed_landing
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.index_pages import first_of_list
from sitebookify.book.crawl.intake import take
from sitebookify.book.crawl.landing import Landing
from sitebookify.book.crawl.lost import NOT_HTML, Lost, StartRefused, refuse, why_lost
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.markdown_sources import markdown_site
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.sister_pages import translation_of
from sitebookify.book.crawl.start import Start, start_of
from sitebookify.book.crawl.start_documents import StartDocument, StartKind
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Outcome, Visitor
from sitebookify.book.extract.emptiness_kinds import EXPLANATIONS
from sitebookify.book.failures import PageFailure
from sitebookify.book.objects import read
from sitebookify.book.stage import Workbench
from sitebookify.book.urls import join, normalize
from sitebookify.egress import FetchError, Reason
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.jobs import Stage
from sitebookify.messages import Message
from sitebookify.spec import BookScope

log = structlog.get_logger()

_LONGEST_WAIT = 60.0
"""Seconds that one of several start pages holds up the others."""


class NotYet(Exception):
    """A start page may be there at another try; ``error`` is how the job ends if it is not.

    ``why`` says what the site answers, and ``wait`` for how many seconds it asks to be left alone.
    """

    def __init__(self, error: StartRefused, why: Message, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.why = why
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """A start page as it was found; where it is a list, ``named`` is what it names."""

    start: Start
    outcome: Outcome
    named: StartDocument | None = None


async def open_site(bench: Workbench, visitor: Visitor, *, is_last_try: bool) -> Survey:
    """Visit the start pages, wherever they redirect to, and set the borders around where they led.

    If one of several start pages cannot be fetched, the book is made without it, and the report says so. The
    same holds for start pages that are not reached before the crawl has used up its share of the job's limits.

    Raises:
        PermanentError: there is no start page, and waiting will not bring one.
        NotYet: a start page may be there in a while.
    """
    opener = _opener_of(bench, visitor)
    opened, errors = await _open_all(opener, bench, is_last_try=is_last_try)
    if not opened:
        raise errors[0][1]
    for asked, error in errors:
        failure = PageFailure(url=asked, stage=Stage.CRAWL, reason=error.reason, message=error.message)
        bench.failures.append(failure)
    choices = tuple([await opener.choice(page) for page in opened])
    survey = _survey_of(opened, choices, bench, visitor)
    survey.missing = await _missing_page(visitor, survey, opened[0].outcome)
    for page in opened:
        _take_start(survey, page)
    return survey


def _opener_of(bench: Workbench, visitor: Visitor) -> Opener:
    async def stored(blob: str) -> bytes:
        await bench.flush()
        return await asyncio.to_thread(read, bench.store, blob)

    return Opener(visitor, stored, bench.spec.scope)


async def _open_all(
    opener: Opener, bench: Workbench, *, is_last_try: bool
) -> tuple[list[StartPage], list[tuple[str, PermanentError]]]:
    """The start pages, each once, and why others of the URLs make none."""
    opened: list[StartPage] = []
    errors: list[tuple[str, PermanentError]] = []
    for asked in dict.fromkeys((bench.spec.source_url, *bench.spec.source_urls)):
        try:
            if opened and bench.meter.reached(CRAWL_SHARE):
                refuse(asked, Reason.JOB_LIMIT)
            page = await opener.open(asked)
        except PermanentError as error:
            errors.append((asked, error))
            continue
        except NotYet as problem:
            if not is_last_try and problem.wait <= _LONGEST_WAIT:
                raise
            errors.append((asked, problem.error))
            continue
        if all(page.outcome.url != other.outcome.url for other in opened):
            opened.append(page)
    return opened, errors


def _survey_of(opened: list[StartPage], choices: tuple[Choice, ...], bench: Workbench, visitor: Visitor) -> Survey:
    urls = tuple(page.outcome.url for page in opened)
    survey = Survey.begin(bench.spec, urls, choices, bench.failures)
    documents = [page.outcome.document for page in opened if page.outcome.document]
    survey.feeds = tuple(dict.fromkeys(feed for document in documents for feed in document.feeds))
    survey.title = opened[0].start.landing.title
    survey.plain, survey.markdown = visitor.plain, visitor.site
    lists = [page.named for page in opened if page.named]
    survey.seeded = len(lists) == len(opened)
    survey.listed = survey.seeded and not visitor.site and all(named.kind is StartKind.LIST for named in lists)
    return survey


def _take_start(survey: Survey, page: StartPage) -> None:
    """Queue the pages that a start page names, if it is a list; else take it as the first page of its area."""
    if page.named:
        survey.date_posts(page.named.days)
        survey.frontier.add(page.named.pages, survey.scope, 1)
        return
    asked, url = page.start.asked, page.start.url
    take(survey, Entry(url, 0), page.outcome)
    if asked != url:
        survey.ledger.aliases[asked] = url
        if survey.markdown:
            survey.frontier.see(asked)  # it holds nothing to read


async def _missing_page(visitor: Visitor, survey: Survey, start: Outcome) -> Sketch | None:
    """The sketch of the page that the site shows for a URL that cannot exist; None where it answers as it should.

    Nothing is learned from a site that shows its start page for everything.
    """
    url = join(survey.start, f"{sha256(survey.start.encode()).hexdigest()[:24]}.html")
    if url is None or start.document is None:
        return None
    outcome = await visitor.visit(url, _nowhere)
    if outcome.document is None:
        return None
    sketch, start_sketch = outcome.document.sketch, start.document.sketch
    return None if sketch.text == start_sketch.text or sketch.name == start_sketch.name else sketch


class Opener:
    """Finds out what start pages are, and stand for in the ``scope``; preview and job ask here.

    ``stored`` gives what the visitor has kept under a name.
    """

    def __init__(self, visitor: Visitor, stored: Callable[[str], Awaitable[bytes]], scope: BookScope) -> None:
        self._visitor = visitor
        self._stored = stored
        self._scope = scope

    async def open(self, given: str) -> StartPage:
        """Visit a start page, or the Markdown behind one that scripts draw.

        Raises:
            StartRefused, NotYet: it makes no book, or may do so in a while.
        """
        url = normalize(given)
        if url is None:
            refuse(given, Reason.BAD_URL)
        first = await self._visit(url)
        if first.reason == Lost.NOT_HTML:
            document = await self._identify(url)
            if document.kind is not StartKind.TEXT:
                return self._list_page(document, first)
            self._visitor.plain = True
            first = await self._visit(url)
        if first.reason:
            await self._explain(first)
        outcome = await self._beginning_of(first)
        asked = url if outcome is first else outcome.url
        landing = await self._landing(outcome)
        site = await markdown_site(outcome.url, landing, self._visitor) if landing else None
        if site and landing:
            return await self._behind_scripts(asked, outcome, site, landing)
        return await self._start_page(asked, outcome, landing)

    async def choice(self, page: StartPage) -> Choice:
        """What the page stands for."""
        if page.named:
            return listed_choice(page.named.pages)
        choice = await choose(page.start, self._scope, self.look)
        log.info("crawl.scope", url=page.start.url, scope=choice.scope.value, what=str(choice.message))
        return choice

    async def look(self, url: str) -> Landing | None:
        """What another page of the site says of it; None where there is no page."""
        return await self._landing(await self._visitor.look_ahead(url))

    async def _start_page(self, asked: str, outcome: Outcome, landing: Landing | None) -> StartPage:
        start = await with_framed_menu(start_of(asked, outcome.url, outcome.page, landing), self.look)
        return StartPage(start=start, outcome=outcome)

    async def _behind_scripts(self, asked: str, outcome: Outcome, site: MarkdownSite, landing: Landing) -> StartPage:
        """The start page as its Markdown has it, or the list of the pages of which there is any."""
        self._visitor.site, self._visitor.plain = site, True
        title = site.title or landing.title
        if not site.start:
            return self._list_page(StartDocument(kind=StartKind.LIST, title=title, pages=site.pages), outcome)
        outcome = await self._visit(site.start)
        if outcome.reason:
            await self._explain(outcome)
        generator = "docsify" if site.docsify else ""
        landing = await self._landing(outcome) or landing
        landing = replace(landing, title=title, kind="documentation", generator=generator)
        return await self._start_page(asked, outcome, landing)

    def _list_page(self, document: StartDocument, outcome: Outcome) -> StartPage:
        """The start page is no web page: it names the book's pages, or there is no book."""
        if not document.pages:
            raise StartRefused(document.refusal(outcome.asked), reason=NOT_HTML)
        self._visitor.plain |= document.kind is StartKind.LIST
        landing = Landing(title=document.title, kind="blog" if document.kind is StartKind.FEED else "")
        start = Start(asked=outcome.asked, url=outcome.url, links=document.pages, landing=landing)
        return StartPage(start=start, outcome=outcome, named=document)

    async def _identify(self, url: str) -> StartDocument:
        try:
            return await self._visitor.identify(url)
        except FetchError as error:
            refuse(url, error.reason)
        except TooComplex:
            refuse(url, Lost.TOO_COMPLEX)

    async def _landing(self, outcome: Outcome) -> Landing | None:
        """What the page says of its site, or None where there is no page."""
        if outcome.document is None:
            return None
        packed = await self._stored(outcome.blob)
        try:
            return await self._visitor.compute(packed_landing, packed, outcome.url, outcome.document.encoding)
        except TooComplex as error:
            log.warning("landing.too_complex", url=outcome.url, why=str(error))
            return None

    async def _visit(self, url: str) -> Outcome:
        try:
            return await self._visitor.visit(url, anywhere)
        except RobotsUnreachable as error:
            if error.reason is Reason.CONNECTION_FAILED:
                refuse(url, error.reason)
            why = why_lost(Lost.ROBOTS_UNREADABLE, None)
            refused = StartRefused(error.message, reason="ROBOTS_UNREADABLE", why=error.message)
            raise NotYet(refused, why, error.wait) from error

    async def _beginning_of(self, outcome: Outcome) -> Outcome:
        """The first page of the list of posts of which a further one was given, unless that one alone is wanted.

        In the language that was ordered, where the site has it.
        """
        first = "" if self._scope is BookScope.PAGE else first_of_list(outcome.url, outcome.page)
        outcome = await self._visit_instead(first, outcome)
        translation = translation_of(outcome.url, outcome.page, self._visitor.language)
        return await self._visit_instead(translation, outcome)

    async def _visit_instead(self, url: str, outcome: Outcome) -> Outcome:
        """The page at the URL, if there is one; else the outcome."""
        other = await self._visit(url) if url else outcome
        return outcome if other.reason else other

    async def _explain(self, outcome: Outcome) -> NoReturn:
        barrier = await self._visitor.barrier(outcome)
        if barrier:
            raise StartRefused(EXPLANATIONS[barrier], reason=barrier.value, why=EXPLANATIONS[barrier])
        try:
            refuse(outcome.asked, outcome.reason, outcome.status, wait=outcome.wait, unresolved=outcome.unresolved)
        except StartRefused as error:
            if outcome.passing and outcome.reason != Reason.CONNECTION_FAILED:
                raise NotYet(error, error.why, outcome.wait) from error
            raise


async def anywhere(_: str) -> None:
    """The start page may redirect to another host: that is where the site is then."""


async def _nowhere(_: str) -> Lost:
    return Lost.OUT_OF_SCOPE
