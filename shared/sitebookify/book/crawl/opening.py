"""Opening a site: the start page decides whether there is a book at all, and where its borders are."""

from __future__ import annotations

from hashlib import sha256
from typing import NoReturn

from sitebookify.book.crawl.frontier import Entry
from sitebookify.book.crawl.robots import RobotsUnreachable
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Lost, Outcome, Visitor
from sitebookify.book.urls import join, normalize
from sitebookify.egress import Reason
from sitebookify.errors import PermanentError, TransientError
from sitebookify.jobs import JobSpec

_UNREACHABLE = "START_PAGE_UNREACHABLE"
_OTHERWISE = (_UNREACHABLE, "it leads nowhere that can be read")
_ADVICE: dict[str, tuple[str, str]] = {
    Lost.ROBOTS_DISALLOWED: ("ROBOTS_DISALLOWED", "the site's robots.txt does not allow it to be fetched"),
    Lost.NOT_HTML: ("START_PAGE_NOT_HTML", "it is not an HTML page"),
    Lost.EMPTY: ("START_PAGE_NOT_HTML", "it is empty"),
    Lost.TOO_COMPLEX: ("START_PAGE_NOT_HTML", "it has too many elements"),
    Lost.REDIRECT_LOOP: (_UNREACHABLE, "it redirects without end"),
    Reason.BAD_URL: ("BAD_URL", "it is not a URL that can be fetched"),
    Reason.ADDRESS_REFUSED: ("ADDRESS_REFUSED", "its host is not on the public internet, or its port not 80 or 443"),
    Reason.HOST_NOT_FOUND: (_UNREACHABLE, "its host name does not exist"),
    Reason.CONNECTION_FAILED: (_UNREACHABLE, "its server does not accept connections"),
    Reason.TLS_FAILED: (_UNREACHABLE, "its certificate is not trustworthy"),
    Reason.TIMEOUT: (_UNREACHABLE, "its server does not answer in time"),
    Reason.TOO_MANY_REDIRECTS: (_UNREACHABLE, "it redirects without end"),
    Reason.TOO_LARGE: ("START_PAGE_NOT_HTML", "it is too large"),
    Reason.BAD_RESPONSE: (_UNREACHABLE, "its server's answer is not valid"),
}


async def open_site(spec: JobSpec, visitor: Visitor) -> Survey:
    """Visit the start page, wherever it redirects to, and set the borders around where it led.

    Raises:
        PermanentError: there is no start page, and waiting will not bring one.
        TransientError: the server failed, or robots.txt could not be read.
    """
    url = normalize(spec.source_url)
    if url is None:
        _refuse(spec.source_url, *_ADVICE[Reason.BAD_URL])
    outcome = await _visit(url, visitor)
    if outcome.reason:
        _explain(outcome)
    survey = Survey.begin(spec, outcome.url)
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
            _refuse(url, *_ADVICE[error.reason])
        raise


async def _anywhere(_: str) -> None:
    """The start page may redirect to another host: that is where the site is then."""


def _explain(outcome: Outcome) -> NoReturn:
    status = outcome.status or 0
    if status == 429 or status >= 500:
        raise TransientError(f"the start page answered {status}")
    if outcome.reason == Lost.HTTP_STATUS:
        reason = "START_PAGE_NOT_FOUND" if status in (404, 410) else _UNREACHABLE
        _refuse(outcome.asked, reason, f"its server answered {status}")
    _refuse(outcome.asked, *_ADVICE.get(outcome.reason, _OTHERWISE))


def _refuse(url: str, reason: str, why: str) -> NoReturn:
    raise PermanentError(f"The start page {url} cannot be fetched: {why}.", reason=reason)


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
