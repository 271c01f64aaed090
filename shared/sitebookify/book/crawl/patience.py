"""Patience: how long a crawl waits for a site that fails, and what it tells people meanwhile.

A site that is asked too often, or that is being repaired, comes back; a page that fails for good must not cost the
book. So pages that failed are tried again in a few rounds at the end. Where failures follow each other, a page that was
there before is asked for: if it is still there, only a part of the site is broken and the crawl goes on; if not, the
job rests, longer each time, and at last makes a book of what it has.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Outcome
from sitebookify.egress.polite import LONGEST_WAIT
from sitebookify.messages import Message

LONGEST_STREAK = 25
"""Failures in a row after which the site is looked at; some weigh more, see `intake`."""
_RESTS = (30.0, 60.0, 120.0, 240.0, 480.0)
"""Seconds, 15 minutes in all: deployments and restarts of servers take less."""
_RESTS_IF_LIMITED = (15.0, 30.0, 60.0, 120.0)
"""For a server that answers 429 and does not say how long it wants to be left alone, or says it wrongly."""
_LONGEST_REST = 6 * 3600.0
_MOST_RESTS = 12 * 3600.0
_ROUNDS = (2.0, 20.0, 60.0)
"""Seconds before each round of the pages that failed."""
_MANY = 5
"""Pages that failed twice and are worth a further round, even though the last one recovered none."""
_SLOW_PACE = 3.0
"""Seconds between two pages from which a crawl looks as if it hung."""
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A rest of the whole job, and what to tell people about it."""

    seconds: float
    message: Message


def asks_for_rest(outcome: Outcome) -> bool:
    """True for an answer that asks to be left alone for longer than a visit can wait."""
    return outcome.passing and outcome.wait > LONGEST_WAIT


def pause_for(survey: Survey, failure: Outcome, asked: float) -> Pause | None:
    """How long to leave a site alone that answers nothing but ``failure``; None when all rests are used up.

    ``asked`` are the seconds that an earlier answer asked for.
    """
    rests = _RESTS_IF_LIMITED if failure.reason == Lost.RATE_LIMITED else _RESTS
    if survey.stalls >= len(rests):
        return None
    seconds = max(rests[survey.stalls], asked, failure.wait)
    if seconds > _LONGEST_REST or survey.waited + seconds > _MOST_RESTS:
        return None
    why = why_lost(failure.reason, failure.status)
    return Pause(seconds=seconds, message=waiting(survey.host, why, seconds))


def waiting(host: str, why: Message, seconds: float) -> Message:
    """What a job says that waits for a host."""
    if seconds < 2 * _MINUTE:
        return Message("waiting.seconds", host=host, why=why, count=round(seconds))
    return Message("waiting.minutes", host=host, why=why, count=round(seconds / _MINUTE))


def pause_before_round(survey: Survey) -> float | None:
    """Seconds before the pages that failed are tried again; None when all rounds are used up."""
    if not survey.postponed or survey.incomplete or survey.rounds >= len(_ROUNDS):
        return None
    hopeless = survey.rounds > 0 and not survey.recovered and len(survey.postponed) < _MANY
    return None if hopeless else _ROUNDS[survey.rounds]


def pace(delay: float, *, asked: float, pages: int, kept: int) -> Message:
    """The crawl's progress as a message: where robots.txt makes it slow, also why, and how long it will take.

    Args:
        delay: seconds between two requests.
        asked: seconds between them that the job itself asks for.
        pages: how many pages the book will probably have.
        kept: how many have been fetched for it so far.
    """
    if not is_slow(delay, asked):
        return Message("progress.fetched", count=kept)
    minutes = max(1, round(pages * delay / _MINUTE))
    return Message("waiting.pace", delay=f"{delay:g}", pages=pages, count=minutes)


def is_slow(delay: float, asked: float) -> bool:
    """True where a crawl waits so long between two requests that people wonder, and not because the job asks for it."""
    return delay > max(asked, _SLOW_PACE)
