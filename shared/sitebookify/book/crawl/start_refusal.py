"""Why a start page makes no book, and what may help: the error that the job ends with."""

from __future__ import annotations

from typing import NoReturn

from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.egress import Reason
from sitebookify.errors import PermanentError
from sitebookify.messages import NOTHING, Message

_UNREACHABLE = "START_PAGE_UNREACHABLE"
NOT_HTML = "START_PAGE_NOT_HTML"
REASONS: dict[str, str] = {
    Lost.ROBOTS_DISALLOWED: "ROBOTS_DISALLOWED",
    Lost.ROBOTS_UNREADABLE: "ROBOTS_UNREADABLE",
    Lost.NOT_HTML: NOT_HTML,
    Lost.EMPTY: NOT_HTML,
    Lost.TOO_COMPLEX: NOT_HTML,
    Reason.TOO_LARGE: NOT_HTML,
    Reason.BAD_URL: "BAD_URL",
    Reason.JOB_LIMIT: "JOB_LIMIT",
    Reason.ADDRESS_REFUSED: "ADDRESS_REFUSED",
}
"""Of the job's error, by the reason why its start page is lost; any other is `_UNREACHABLE`."""
_MINUTE = 60


def refuse(url: str, lost: str, status: int | None = None, *, wait: float = 0.0) -> NoReturn:
    """End the job: the start page at the URL is ``lost``, a reason of `visit.Lost` or `Reason`.

    Args:
        url: the start page.
        lost: why there is no page.
        status: the server's answer, None where there is none.
        wait: seconds for which the server asks to be left alone.

    Raises:
        PermanentError: always, with what may help.
    """
    reason = "START_PAGE_NOT_FOUND" if status in (404, 410) else REASONS.get(lost, _UNREACHABLE)
    if lost == Lost.ROBOTS_DISALLOWED:
        raise PermanentError(Message("job.start_page_robots", url=url), reason=reason)
    message = Message("job.start_page", url=url, why=why_lost(lost, status))
    advice = _advice(lost, status, wait)
    raise PermanentError(Message("job.advised", what=message, advice=advice) if advice else message, reason=reason)


def _advice(lost: str, status: int | None, wait: float) -> Message:
    """What may help a person whose start page cannot be fetched."""
    if status in (401, 407):
        return Message("advice.password")
    if status == 403:
        return Message("advice.forbidden")
    if status in (404, 410) or lost in (Reason.HOST_NOT_FOUND, Reason.BAD_URL):
        return Message("advice.address")
    if status == 429 and wait > _MINUTE:
        return Message("advice.rate_limit", count=round(wait / _MINUTE))
    if lost in (Reason.TIMEOUT, Reason.CONNECTION_FAILED) or status == 429 or (status or 0) >= 500:
        return Message("advice.later")
    return NOTHING
