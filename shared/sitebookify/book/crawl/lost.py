"""Why URLs are no pages of the book, and why a start page makes no book."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NoReturn

from sitebookify.egress import FetchError, Reason
from sitebookify.errors import PermanentError
from sitebookify.messages import NOTHING, Message

MAX_PAGE_BYTES = 8 * 1024 * 1024


class Lost(StrEnum):
    """Why a URL is no page of the book; `Reason`, `Trap` and `Service` have further reasons."""

    HTTP_STATUS = "HTTP_STATUS"
    RATE_LIMITED = "RATE_LIMITED"
    NOT_HTML = "NOT_HTML"
    EMPTY = "EMPTY"
    TOO_COMPLEX = "TOO_COMPLEX"
    ROBOTS_DISALLOWED = "ROBOTS_DISALLOWED"
    ROBOTS_UNREADABLE = "ROBOTS_UNREADABLE"
    SITE_STOPPED = "SITE_STOPPED"
    REDIRECT = "REDIRECT"
    REDIRECT_LOOP = "REDIRECT_LOOP"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    EXCLUDED = "EXCLUDED"
    MAX_DEPTH = "MAX_DEPTH"
    SOFT_404 = "SOFT_404"
    SAME_CONTENT = "SAME_CONTENT"
    REPEATS_PAGES = "REPEATS_PAGES"
    MAX_PAGES = "MAX_PAGES"
    LISTING = "LISTING"
    NOINDEX = "NOINDEX"
    OTHER_LANGUAGE = "OTHER_LANGUAGE"
    OTHER_VERSION = "OTHER_VERSION"


_MESSAGES: dict[str, Message] = {
    Lost.RATE_LIMITED: Message("page.rate_limited"),
    Lost.NOT_HTML: Message("page.not_html"),
    Lost.EMPTY: Message("page.empty"),
    Lost.TOO_COMPLEX: Message("page.too_complex"),
    Lost.ROBOTS_DISALLOWED: Message("page.robots"),
    Lost.ROBOTS_UNREADABLE: Message("page.robots_unreadable"),
    Lost.SITE_STOPPED: Message("page.site_stopped"),
    Lost.REDIRECT_LOOP: Message("page.redirect_loop"),
    Lost.OUT_OF_SCOPE: Message("page.out_of_scope"),
    Lost.SOFT_404: Message("page.soft_404"),
    **{reason: FetchError(reason).message for reason in Reason},
    Reason.TOO_LARGE: Message("page.too_large", limit=MAX_PAGE_BYTES // 2**20),
}


@lru_cache(maxsize=256)  # there are few, and a crawl may keep one for each of 50,000 pages
def why_lost(reason: str, status: int | None) -> Message:
    """Why a URL is no page of the book, in words; ``reason`` is one of `Lost` or `Reason`."""
    if reason == Lost.HTTP_STATUS and status is not None:
        return _why_status(status)
    return _MESSAGES.get(reason) or Message("page.other", reason=reason)


def _why_status(status: int) -> Message:
    """What a status means to people who do not know the numbers."""
    if status in (404, 410):
        return Message("page.status.missing", status=status)
    if status in (401, 403, 407):
        return Message("page.status.refused", status=status)
    if status >= 500:
        return Message("page.status.broken", status=status)
    return Message("page.status", status=status)


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


class StartRefused(PermanentError):
    """A start page makes no book.

    ``why`` says so in the fewest words, and nothing where the whole message does; ``unresolved`` is that of
    `FetchError`.
    """

    def __init__(self, message: Message, *, reason: str, why: Message = NOTHING, unresolved: bool = False) -> None:
        super().__init__(message, reason=reason)
        self.why = why
        self.unresolved = unresolved


def refuse(url: str, lost: str, status: int | None = None, *, wait: float = 0.0, unresolved: bool = False) -> NoReturn:
    """End the job: the start page at the URL is ``lost``, a reason of `Lost` or `Reason`.

    ``status`` is the server's answer, None where there is none; ``wait`` are seconds for which it asks to be left
    alone; ``unresolved`` is that of `FetchError`.

    Raises:
        StartRefused: always, with what may help.
    """
    reason = "START_PAGE_NOT_FOUND" if status in (404, 410) else REASONS.get(lost, _UNREACHABLE)
    why = why_lost(lost, status)
    message = Message("job.start_page", url=url, why=why)
    advice = _advice(lost, status, wait)
    if lost == Lost.ROBOTS_DISALLOWED:
        message = Message("job.start_page_robots", url=url)
    elif advice:
        message = Message("job.advised", what=message, advice=advice)
    raise StartRefused(message, reason=reason, why=why, unresolved=unresolved)


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
