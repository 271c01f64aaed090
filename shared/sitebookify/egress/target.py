"""A URL as text becomes a URL that may be requested, by one parser: the one that also makes the request."""

from __future__ import annotations

import re

from yarl import URL

from sitebookify.egress.errors import FetchError, Reason

MAX_URL_LENGTH = 4096
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]+")
_YARL_ERRORS = (ValueError, IndexError)  # the latter for `//x@[]`
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")


def parse_target(url: str) -> URL:
    """The URL without its fragment.

    Raises:
        FetchError: BAD_URL; another scheme than http and https, no host or one of odd characters, a user
            name or password, a backslash or control character, or longer than 4,096 characters.
    """
    if len(url) > MAX_URL_LENGTH or _FORBIDDEN.search(url):
        raise FetchError(Reason.BAD_URL)
    try:
        parsed = URL(url).with_fragment(None)
        host = parsed.raw_host
    except _YARL_ERRORS as error:
        raise FetchError(Reason.BAD_URL) from error
    if parsed.scheme not in ("http", "https") or parsed.raw_user is not None or parsed.raw_password is not None:
        raise FetchError(Reason.BAD_URL)
    if not host or not _HOST.fullmatch(host):
        raise FetchError(Reason.BAD_URL)
    return parsed


def redirect_target(current: URL, location: str) -> URL:
    """Where a ``Location`` header leads.

    Raises:
        FetchError: BAD_URL.
    """
    try:
        goal = current.join(URL(location.strip()))
    except _YARL_ERRORS as error:
        raise FetchError(Reason.BAD_URL) from error
    return parse_target(str(goal))
