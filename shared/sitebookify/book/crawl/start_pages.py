"""The start pages: what is at them decides whether there is a book at all, and where its borders are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
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
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.markdown_sources import markdown_site
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.sister_pages import translation_of
from sitebookify.book.crawl.start import start_of
from sitebookify.book.crawl.start_documents import StartDocument, StartKind
from sitebookify.book.crawl.start_refusal import NOT_HTML, refuse
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

    def __init__(self, error: PermanentError, why: Message, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.why = why
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class _StartPage:
    """A requested start page, and what it stands for; if it is a list, ``pages`` are its entries.

    ``title`` is what such a list, or a site whose Markdown is read, calls itself; ``by_hand``: somebody chose
    the order of these pages; ``days`` are those of a feed's pages.
    """

    asked: str
    outcome: Outcome
    choice: Choice
    title: str = ""
    pages: tuple[str, ...] = ()
    by_hand: bool = False
    days: tuple[tuple[str, str], ...] = ()


async def open_site(bench: Workbench, visitor: Visitor, *, is_last_try: bool) -> Survey:
    """Visit the start pages, wherever they redirect to, and set the borders around where they led.

    If one of several start pages cannot be fetched, the book is made without it, and the report says so. The
    same holds for start pages that are not reached before the crawl has used up its share of the job's limits.

    Raises:
        PermanentError: there is no start page, and waiting will not bring one.
        NotYet: a start page may be there in a while.
    """
    opener = _Opener(bench, visitor)
    opened, errors = await _open_all(opener, bench, is_last_try=is_last_try)
    if not opened:
        raise errors[0][1]
    for asked, error in errors:
        failure = PageFailure(url=asked, stage=Stage.CRAWL, reason=error.reason, message=error.message)
        bench.failures.append(failure)
    survey = _survey_of(opened, bench, visitor)
    survey.missing = await opener.missing_page(survey, opened[0].outcome)
    for start in opened:
        _take_start(survey, start)
    return survey


async def _open_all(
    opener: _Opener, bench: Workbench, *, is_last_try: bool
) -> tuple[list[_StartPage], list[tuple[str, PermanentError]]]:
    """The start pages, each once, and why others of the URLs make none."""
    opened: list[_StartPage] = []
    errors: list[tuple[str, PermanentError]] = []
    for asked in dict.fromkeys((bench.spec.source_url, *bench.spec.source_urls)):
        try:
            if opened and bench.meter.reached(CRAWL_SHARE):
                refuse(asked, Reason.JOB_LIMIT)
            start = await opener.open(asked)
        except PermanentError as error:
            errors.append((asked, error))
            continue
        except NotYet as problem:
            if not is_last_try and problem.wait <= _LONGEST_WAIT:
                raise
            errors.append((asked, problem.error))
            continue
        if all(start.outcome.url != other.outcome.url for other in opened):
            opened.append(start)
    return opened, errors


def _survey_of(opened: list[_StartPage], bench: Workbench, visitor: Visitor) -> Survey:
    urls = tuple(start.outcome.url for start in opened)
    choices = tuple(start.choice for start in opened)
    survey = Survey.begin(bench.spec, urls, choices, bench.failures)
    documents = [start.outcome.document for start in opened if start.outcome.document]
    survey.feeds = tuple(dict.fromkeys(feed for document in documents for feed in document.feeds))
    survey.title = opened[0].title
    survey.plain, survey.markdown = visitor.plain, visitor.site
    survey.seeded = all(start.pages for start in opened)
    survey.listed = all(start.by_hand for start in opened)
    return survey


def _take_start(survey: Survey, start: _StartPage) -> None:
    """Queue the pages that a start page names, if it is a list; else take it as the first page of its area."""
    survey.date_posts(start.days)
    if start.pages:
        survey.frontier.add(start.pages, survey.scope, 1)
        return
    url = start.outcome.url
    take(survey, Entry(url, 0), start.outcome)
    if start.asked != url:
        survey.ledger.aliases[start.asked] = url
        if survey.markdown:
            survey.frontier.see(start.asked)  # it holds nothing to read


class _Opener:
    def __init__(self, bench: Workbench, visitor: Visitor) -> None:
        self._bench = bench
        self._visitor = visitor

    async def open(self, given: str) -> _StartPage:
        """Visit a start page, and find what it stands for.

        Raises:
            PermanentError: it makes no book, and waiting changes nothing.
            NotYet: it may be there in a while.
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
        outcome = await self._at_the_beginning(first)
        outcome = await self._translated(outcome)
        return await self._start_page(url if outcome is first else outcome.url, outcome)

    async def _start_page(self, asked: str, outcome: Outcome) -> _StartPage:
        """What a page stands for, or the Markdown behind one that scripts draw."""
        landing = await self._landing(outcome)
        site = None
        if landing:
            site = await markdown_site(outcome.url, landing, self._visitor.get, self._bench.compute)
        if site is None or landing is None:
            choice = await self._choose(asked, outcome, landing)
            return _StartPage(asked=asked, outcome=outcome, choice=choice)
        self._visitor.site, self._visitor.plain = site, True
        title = site.title or landing.title
        if not site.start:
            choice = listed_choice(site.pages)
            return _StartPage(asked=asked, outcome=outcome, choice=choice, title=title, pages=site.pages)
        outcome = await self._behind_scripts(site)
        choice = await self._choose(asked, outcome, await self._landing(outcome))
        return _StartPage(asked=asked, outcome=outcome, choice=choice, title=title)

    async def missing_page(self, survey: Survey, start: Outcome) -> Sketch | None:
        """The sketch of the page that the site shows for a URL that cannot exist; None where it answers as it should.

        Nothing is learned from a site that shows its start page for everything.
        """
        url = join(survey.start, f"{sha256(survey.start.encode()).hexdigest()[:24]}.html")
        if url is None or start.document is None:
            return None
        outcome = await self._visitor.visit(url, _nowhere)
        if outcome.document is None:
            return None
        sketch, start_sketch = outcome.document.sketch, start.document.sketch
        return None if sketch.text == start_sketch.text or sketch.name == start_sketch.name else sketch

    async def _choose(self, asked: str, outcome: Outcome, landing: Landing | None) -> Choice:
        async def look(other: str) -> Landing | None:
            return await self._landing(await self._visitor.look_ahead(other))

        start = start_of(asked, outcome.url, outcome.document, landing)
        choice = await choose(await with_framed_menu(start, look), self._bench.spec.scope, look)
        log.info("crawl.scope", url=outcome.url, scope=choice.scope.value, what=str(choice.message))
        return choice

    def _list_page(self, document: StartDocument, outcome: Outcome) -> _StartPage:
        """The start page is no web page: it names the book's pages, or there is no book."""
        if not document.pages:
            raise PermanentError(document.refusal(outcome.asked), reason=NOT_HTML)
        is_list = document.kind is StartKind.LIST
        self._visitor.plain |= is_list
        return _StartPage(
            asked=outcome.asked,
            outcome=outcome,
            choice=listed_choice(document.pages),
            title=document.title,
            pages=document.pages,
            by_hand=is_list,
            days=document.days,
        )

    async def _behind_scripts(self, site: MarkdownSite) -> Outcome:
        """The start page as its Markdown has it."""
        log.info("crawl.markdown", start=site.start, source=site.source)
        outcome = await self._visit(site.start)
        if outcome.reason:
            await self._explain(outcome)
        return outcome

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
        await self._bench.flush()
        packed = await asyncio.to_thread(read, self._bench.store, outcome.blob)
        try:
            return await self._bench.compute(packed_landing, packed, outcome.url, outcome.document.encoding)
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
            raise NotYet(PermanentError(error.message, reason="ROBOTS_UNREADABLE"), why, error.wait) from error

    async def _at_the_beginning(self, outcome: Outcome) -> Outcome:
        """The first page of the list of posts of which a further one was given, unless that one alone is wanted."""
        if outcome.document is None or self._bench.spec.scope is BookScope.PAGE:
            return outcome
        return await self._visit_instead(first_of_list(outcome.url, outcome.document), outcome)

    async def _translated(self, outcome: Outcome) -> Outcome:
        """The start page in the language that was ordered, where the site has it."""
        if outcome.document is None:
            return outcome
        url = translation_of(outcome.url, outcome.document, self._bench.spec.site_language)
        return await self._visit_instead(url, outcome)

    async def _visit_instead(self, url: str, outcome: Outcome) -> Outcome:
        """The page at the URL, if there is one; else the outcome."""
        other = await self._visit(url) if url else outcome
        return outcome if other.reason else other

    async def _explain(self, outcome: Outcome) -> NoReturn:
        barrier = await self._visitor.barrier(outcome)
        if barrier:
            raise PermanentError(EXPLANATIONS[barrier], reason=barrier.value)
        try:
            refuse(outcome.asked, outcome.reason, outcome.status, wait=outcome.wait)
        except PermanentError as error:
            if outcome.passing and outcome.reason != Reason.CONNECTION_FAILED:
                raise NotYet(error, why_lost(outcome.reason, outcome.status), outcome.wait) from error
            raise


async def anywhere(_: str) -> None:
    """The start page may redirect to another host: that is where the site is then."""


async def _nowhere(_: str) -> Lost:
    return Lost.OUT_OF_SCOPE
