"""Opening a site: the start page decides whether there is a book at all, and where its borders are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NoReturn, Self

import structlog
from yarl import URL

from sitebookify.book.allowance import CRAWL_SHARE
from sitebookify.book.crawl.answer_log import AnswerLog, LoggedAnswer
from sitebookify.book.crawl.borders import start_of
from sitebookify.book.crawl.choices import Choice, choose, listed_choice, with_framed_menu
from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.index_pages import first_of_list
from sitebookify.book.crawl.landing import Landing, packed_landing
from sitebookify.book.crawl.markdown_site import MarkdownSite
from sitebookify.book.crawl.markdown_sources import markdown_site
from sitebookify.book.crawl.patience import is_slow, waiting
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.sister_pages import translation_of
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.start_documents import StartDocument, StartKind
from sitebookify.book.crawl.start_refusal import NOT_HTML, refuse
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Lost, Outcome, Visitor, why_lost
from sitebookify.book.extract.emptiness import EXPLANATIONS
from sitebookify.book.failures import PageFailure
from sitebookify.book.objects import read
from sitebookify.book.stage import State, Workbench
from sitebookify.book.urls import join, normalize
from sitebookify.egress import FetchError, Reason
from sitebookify.egress.polite import Pacer
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message
from sitebookify.spec import BookScope

log = structlog.get_logger()

_KEY = "opening"
_ANSWERS = "answers"
_RESTS = (5.0, 20.0)
"""Seconds before the start page is tried again: someone waits for the answer, and may have mistyped the address."""
_LONGEST_WAIT = 60.0
"""Seconds that one of several start pages holds up the others."""
_LOOK = 0.5


class _NotYet(Exception):
    """The start page may be there at another try; ``error`` is how the job ends if it is not."""

    def __init__(self, error: PermanentError, why: Message, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.why = why
        self.wait = wait


@dataclass(slots=True)
class Opening:
    """The state of a crawl until it has a survey.

    Attributes:
        tries: attempts to open the site that failed.
        answers: the site's answers so far, for the next slice if this one ends first.
    """

    tries: int = 0
    answers: list[LoggedAnswer] = field(default_factory=list)

    def to_json(self) -> State:
        """The stage's state."""
        return {_KEY: self.tries, _ANSWERS: [answer.to_json() for answer in self.answers]}

    @classmethod
    def from_json(cls, state: State | None) -> Self | None:
        """The inverse of `to_json`; None for the state of a crawl that is past its opening."""
        if state is None:
            return cls()
        if _KEY not in state:
            return None
        return cls(state[_KEY], [LoggedAnswer.from_json(answer) for answer in state.get(_ANSWERS, ())])

    async def run(self, bench: Workbench, visitor: Visitor, pacer: Pacer, log: AnswerLog) -> Survey | None:
        """The survey of the site, of which the start page is read; None where the slice has to end before.

        The visitor fetches through the log.

        Raises:
            PermanentError: there is no start page, or a few tries did not bring one.
        """
        log.open(self.answers)
        try:
            while not bench.stopping:
                log.rewind()
                try:
                    survey = await self._watched(bench, visitor, pacer, log)
                except _NotYet as error:
                    log.rewind(without_passing=True)
                    self.answers = list(log.answers)
                    await self._rest(error, bench, pacer)
                else:
                    return survey
            return None
        finally:
            self.answers = log.answers
            log.close()

    async def _watched(self, bench: Workbench, visitor: Visitor, pacer: Pacer, log: AnswerLog) -> Survey | None:
        """One try, given up where the slice has to end; its answers are saved as they come."""
        opening = asyncio.create_task(open_site(bench, visitor, last=self.tries >= len(_RESTS)))
        try:
            while not opening.done() and not bench.stopping:
                await asyncio.wait({opening}, timeout=_LOOK)
                if not opening.done():
                    _report_delay(bench, pacer)
                    await self._save(bench, log)
            return opening.result() if opening.done() else None
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    async def _save(self, bench: Workbench, log: AnswerLog) -> None:
        """So a job that others wait for can make way, and a crash costs no minutes of waiting."""
        if len(log.answers) > len(self.answers):
            self.answers = list(log.answers)
            await bench.save(self.to_json)

    async def _rest(self, problem: _NotYet, bench: Workbench, pacer: Pacer) -> None:
        seconds = max(_RESTS[self.tries], problem.wait)
        self.tries += 1
        host = URL(bench.spec.source_url).host or ""
        bench.report(Progress(stage=Stage.CRAWL, message=waiting(host, problem.why, seconds)))
        await pacer.rest(seconds, until=lambda: bench.stopping)


def _report_delay(bench: Workbench, pacer: Pacer) -> None:
    """Say so where robots.txt makes the first few requests slow: nothing else is heard of the job meanwhile."""
    delay = pacer.delay_of(URL(bench.spec.source_url).raw_host or "")
    if is_slow(delay, bench.spec.request_delay):
        message = Message("waiting.opening", delay=f"{delay:g}")
        bench.report(Progress(stage=Stage.CRAWL, message=message))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A start page that was asked for, and what it stands for; ``pages`` are those that it names, if it is a list.

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


async def open_site(bench: Workbench, visitor: Visitor, *, last: bool) -> Survey:
    """Visit the start pages, wherever they redirect to, and set the borders around where they led.

    If one of several start pages cannot be fetched, the book is made without it, and the report says so. The
    same holds for start pages that are not reached before the crawl has used up its share of the job's limits.

    Args:
        bench: the slice's.
        visitor: fetches the pages.
        last: there is no other try.

    Raises:
        PermanentError: there is no start page, and waiting will not bring one.
        _NotYet: a start page may be there in a while.
    """
    opened: list[_Opened] = []
    errors: list[tuple[str, PermanentError]] = []
    for asked in dict.fromkeys((bench.spec.source_url, *bench.spec.source_urls)):
        try:
            if opened and bench.meter.reached(CRAWL_SHARE):
                refuse(asked, Reason.JOB_LIMIT)
            start = await _open(asked, bench, visitor)
        except PermanentError as error:
            errors.append((asked, error))
            continue
        except _NotYet as problem:
            if not last and problem.wait <= _LONGEST_WAIT:
                raise
            errors.append((asked, problem.error))
            continue
        if all(start.outcome.url != other.outcome.url for other in opened):
            opened.append(start)
    if not opened:
        raise errors[0][1]
    bench.failures += [
        PageFailure(url=asked, stage=Stage.CRAWL, reason=error.reason, message=error.message) for asked, error in errors
    ]
    return await _begin(bench, visitor, opened)


async def _begin(bench: Workbench, visitor: Visitor, opened: list[_Opened]) -> Survey:
    urls = tuple(start.outcome.url for start in opened)
    choices = tuple(start.choice for start in opened)
    survey = Survey.begin(bench.spec, urls, choices, bench.failures)
    survey.missing = await _missing_page(survey, opened[0].outcome, visitor)
    feeds = (feed for start in opened if start.outcome.document for feed in start.outcome.document.feeds)
    survey.feeds = tuple(dict.fromkeys(feeds))
    survey.title = opened[0].title
    survey.plain, survey.markdown = visitor.plain, visitor.site
    survey.seeded = all(start.pages for start in opened)
    survey.listed = all(start.by_hand for start in opened)
    for start in opened:
        survey.date_posts(start.days)
        if start.pages:
            survey.frontier.add(start.pages, survey.scope, 1)
            continue
        survey.take(Entry(start.outcome.url, 0), start.outcome)
        if start.asked != start.outcome.url:
            survey.ledger.aliases[start.asked] = start.outcome.url
            if survey.markdown:
                survey.frontier.see(start.asked)  # it holds nothing to read
    return survey


async def _open(given: str, bench: Workbench, visitor: Visitor) -> _Opened:
    url = normalize(given)
    if url is None:
        refuse(given, Reason.BAD_URL)
    outcome = await _visit(url, visitor)
    if outcome.reason == Lost.NOT_HTML:
        document = await _identify(url, visitor)
        if document.kind is not StartKind.TEXT:
            return _listed(document, outcome, visitor)
        visitor.plain = True
        outcome = await _visit(url, visitor)
    if outcome.reason:
        await _explain(outcome, visitor)
    first = outcome
    outcome = await _at_the_beginning(first, bench.spec.scope, visitor)
    outcome = await _translated(outcome, bench.spec.site_language, visitor)
    landing = await _landing(outcome, bench)
    asked = url if outcome is first else outcome.url
    title = ""
    site = await markdown_site(outcome.url, landing, visitor.get, bench.compute) if landing else None
    if site and landing:
        title = site.title or landing.title
        visitor.site, visitor.plain = site, True
        if not site.start:
            choice = listed_choice(site.pages)
            return _Opened(asked=url, outcome=outcome, choice=choice, title=title, pages=site.pages)
        outcome, landing = await _behind_scripts(site, bench, visitor)
    start = start_of(asked, outcome.url, outcome.document, landing)

    async def look(other: str) -> Landing | None:
        return await _landing(await visitor.look_ahead(other), bench)

    choice = await choose(await with_framed_menu(start, look), bench.spec.scope, look)
    log.info("crawl.scope", url=outcome.url, scope=choice.scope.value, what=str(choice.message))
    return _Opened(asked=url, outcome=outcome, choice=choice, title=title)


def _listed(document: StartDocument, outcome: Outcome, visitor: Visitor) -> _Opened:
    """The start page is no web page: it names the book's pages, or there is no book."""
    if not document.pages:
        raise PermanentError(document.refusal(outcome.asked), reason=NOT_HTML)
    visitor.plain = visitor.plain or document.kind is StartKind.LIST
    choice = listed_choice(document.pages)
    return _Opened(
        asked=outcome.asked,
        outcome=outcome,
        choice=choice,
        title=document.title,
        pages=document.pages,
        by_hand=document.kind is StartKind.LIST,
        days=document.days,
    )


async def _behind_scripts(site: MarkdownSite, bench: Workbench, visitor: Visitor) -> tuple[Outcome, Landing | None]:
    """The start page as its Markdown has it."""
    log.info("crawl.markdown", start=site.start, source=site.source)
    outcome = await _visit(site.start, visitor)
    if outcome.reason:
        await _explain(outcome, visitor)
    return outcome, await _landing(outcome, bench)


async def _identify(url: str, visitor: Visitor) -> StartDocument:
    try:
        return await visitor.identify(url)
    except FetchError as error:
        refuse(url, error.reason)
    except TooComplex:
        refuse(url, Lost.TOO_COMPLEX)


async def _landing(outcome: Outcome, bench: Workbench) -> Landing | None:
    """What the page says of its site, or None where there is no page."""
    if outcome.document is None:
        return None
    await bench.flush()
    packed = await asyncio.to_thread(read, bench.store, outcome.blob)
    try:
        return await bench.compute(packed_landing, packed, outcome.url, outcome.document.encoding)
    except TooComplex as error:
        log.warning("landing.too_complex", url=outcome.url, why=str(error))
        return None


async def _visit(url: str, visitor: Visitor) -> Outcome:
    try:
        return await visitor.visit(url, anywhere)
    except RobotsUnreachable as error:
        if error.reason is Reason.CONNECTION_FAILED:
            refuse(url, error.reason)
        why = why_lost(Lost.ROBOTS_UNREADABLE, None)
        raise _NotYet(PermanentError(error.message, reason="ROBOTS_UNREADABLE"), why, error.wait) from error


async def _at_the_beginning(outcome: Outcome, scope: BookScope, visitor: Visitor) -> Outcome:
    """The first page of the list of posts of which a further one was given, unless that one alone is wanted."""
    url = first_of_list(outcome.url, outcome.document) if outcome.document and scope is not BookScope.PAGE else ""
    beginning = await _visit(url, visitor) if url else outcome
    return outcome if beginning.reason else beginning


async def _translated(outcome: Outcome, language: str, visitor: Visitor) -> Outcome:
    """The start page in the language that was ordered, where the site has it."""
    if outcome.document is None:
        return outcome
    url = translation_of(outcome.url, outcome.document, language)
    translated = await _visit(url, visitor) if url else outcome
    return outcome if translated.reason else translated


async def anywhere(_: str) -> None:
    """The start page may redirect to another host: that is where the site is then."""


async def _explain(outcome: Outcome, visitor: Visitor) -> NoReturn:
    barrier = await visitor.barrier(outcome)
    if barrier:
        raise PermanentError(EXPLANATIONS[barrier], reason=barrier.value)
    try:
        refuse(outcome.asked, outcome.reason, outcome.status, wait=outcome.wait)
    except PermanentError as error:
        if outcome.passing and outcome.reason != Reason.CONNECTION_FAILED:
            raise _NotYet(error, why_lost(outcome.reason, outcome.status), outcome.wait) from error
        raise


async def _missing_page(survey: Survey, start: Outcome, visitor: Visitor) -> Sketch | None:
    """The sketch of what the site answers, with 200, to a URL that cannot exist; None where it answers as it should.

    A site that shows its start page for everything tells nothing this way.
    """
    url = join(survey.start, f"{sha256(survey.start.encode()).hexdigest()[:24]}.html")
    if url is None or start.document is None:
        return None
    outcome = await visitor.visit(url, _nowhere)
    if outcome.document is None:
        return None
    sketch, shown = outcome.document.sketch, start.document.sketch
    return None if sketch.text == shown.text or sketch.name == shown.name else sketch


async def _nowhere(_: str) -> Lost:
    return Lost.OUT_OF_SCOPE
