"""Opening a site: the start page decides whether there is a book at all, and where its borders are."""

from __future__ import annotations

from hashlib import sha256
from typing import NoReturn

from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Lost, Outcome, Visitor, why_lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.urls import join, normalize
from sitebookify.egress import Reason
from sitebookify.errors import PermanentError, TransientError
from sitebookify.jobs import JobSpec
from sitebookify.messages import Message

_UNREACHABLE = "START_PAGE_UNREACHABLE"
_NOT_HTML = "START_PAGE_NOT_HTML"
_REASONS: dict[str, str] = {
    Lost.ROBOTS_DISALLOWED: "ROBOTS_DISALLOWED",
    Lost.NOT_HTML: _NOT_HTML,
    Lost.EMPTY: _NOT_HTML,
    Lost.TOO_COMPLEX: _NOT_HTML,
    Reason.TOO_LARGE: _NOT_HTML,
    Reason.BAD_URL: "BAD_URL",
    Reason.JOB_LIMIT: "JOB_LIMIT",
    Reason.ADDRESS_REFUSED: "ADDRESS_REFUSED",
}
"""Of the job's error, by the reason why its start page is lost; any other is `_UNREACHABLE`."""


async def open_site(spec: JobSpec, visitor: Visitor, failures: list[PageFailure]) -> Survey:
    """Visit the start page, wherever it redirects to, and set the borders around where it led.

    Raises:
        PermanentError: there is no start page, and waiting will not bring one.
        TransientError: the server failed, or robots.txt could not be read.
    """
    url = normalize(spec.source_url)
    if url is None:
        _refuse(spec.source_url, Reason.BAD_URL)
    outcome = await _visit(url, visitor)
    if outcome.reason:
        _explain(outcome)
    survey = Survey.begin(spec, outcome.url, failures)
    survey.missing = await _missing_page(survey, outcome, visitor)
    if outcome.document:
        survey.feeds = outcome.document.feeds
    survey.take(Entry(outcome.url, 0), outcome)
    if url != outcome.url:
        survey.ledger.aliases[url] = outcome.url
    return survey


async def _visit(url: str, visitor: Visitor) -> Outcome:
    try:
        return await visitor.visit(url, _anywhere)
    except RobotsUnreachable as error:
        if error.reason is Reason.CONNECTION_FAILED:
            _refuse(url, error.reason)
        raise


async def _anywhere(_: str) -> None:
    """The start page may redirect to another host: that is where the site is then."""


def _explain(outcome: Outcome) -> NoReturn:
    status = outcome.status or 0
    if status == 429 or status >= 500:
        raise TransientError(Message("job.start_page_status", status=status))
    _refuse(outcome.asked, outcome.reason, status)


def _refuse(url: str, lost: str, status: int | None = None) -> NoReturn:
    reason = "START_PAGE_NOT_FOUND" if status in (404, 410) else _REASONS.get(lost, _UNREACHABLE)
    if lost == Lost.ROBOTS_DISALLOWED:
        raise PermanentError(Message("job.start_page_robots", url=url), reason=reason)
    raise PermanentError(Message("job.start_page", url=url, why=why_lost(lost, status)), reason=reason)


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
