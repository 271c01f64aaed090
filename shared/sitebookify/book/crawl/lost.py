"""Why URLs are no pages of the book."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from sitebookify.egress import FetchError, Reason
from sitebookify.messages import Message

MAX_PAGE_BYTES = 8 * 1024 * 1024


class Lost(StrEnum):
    """Why a URL that answered is no page of the book; `Reason` says why one did not answer."""

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
