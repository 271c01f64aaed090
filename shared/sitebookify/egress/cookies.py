"""Cookies of one job: some sites show their pages only to those who bring the cookie back that the first answer set."""

from __future__ import annotations

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from aiohttp import CookieJar
from yarl import URL

_MOST = 200
"""Cookies kept; a site that sets more begins again."""
_LONGEST = 4096
"""Bytes of a header that sets one, which is also what browsers keep (RFC 6265, 6.1)."""


class Cookies:
    """What servers asked to be told again, by host and path as browsers do it; never written anywhere."""

    def __init__(self) -> None:
        self._jar = CookieJar(unsafe=True, quote_cookie=False)  # "unsafe": hosts that are addresses have them as well

    def header(self, target: URL) -> dict[str, str]:
        """The header for a request, if any."""
        pairs = [f"{name}={morsel.value}" for name, morsel in self._jar.filter_cookies(target).items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def keep(self, target: URL, headers: Sequence[str]) -> None:
        """Take over what an answer's ``Set-Cookie`` headers say; odd ones are ignored."""
        for header in headers[:_MOST]:
            if len(header) <= _LONGEST:
                self._keep(target, header)
        if len(self._jar) > _MOST:
            self._jar.clear()

    def _keep(self, target: URL, header: str) -> None:
        try:
            self._jar.update_cookies(SimpleCookie(header), target)
        except (CookieError, ValueError, OverflowError):  # the latter: dates beyond all calendars
            return
