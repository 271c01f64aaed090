"""Manners on top of the egress: requests to a host spaced out, tries repeated with backoff, Retry-After obeyed."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Unpack

import structlog

from sitebookify.egress.errors import FetchError
from sitebookify.egress.fetcher import Fetcher, FetchOptions, Response
from sitebookify.egress.target import parse_target

if TYPE_CHECKING:
    from sitebookify.egress.cookies import Cookies

log = structlog.get_logger()

TRIES = 4
PATIENCE = 45.0  # seconds that a URL's failed tries may have taken for another one to start
LONGEST_WAIT = 60.0  # a host that asks for more is left alone so long, and this URL given up
_JITTER = 0.25
_LONGEST_NOTE = 80
_LOOK = 0.5  # seconds between two looks at whether a rest is to end early
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
SLOW_DOWN = frozenset({429, 503})


class Pacer:
    """Whose turn it is at which host: at least ``delay`` seconds, and up to a quarter more, between two starts."""

    def __init__(
        self,
        delay: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._host_delays: dict[str, float] = {}
        self._last_start: dict[str, float] = {}
        self._held_until: dict[str, float] = {}

    def slow_down(self, host: str, delay: float) -> None:
        """Leave at least this many seconds between two starts at this host from now on (Crawl-delay)."""
        self._host_delays[host] = max(delay, self._host_delays.get(host, 0))

    def delay_of(self, host: str) -> float:
        """Seconds between two starts at this host."""
        return max(self._delay, self._host_delays.get(host, 0))

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        return self._clock()

    def hold(self, host: str, seconds: float) -> None:
        """Start nothing at this host for so long (Retry-After)."""
        self._held_until[host] = max(self._clock() + seconds, self._held_until.get(host, 0))

    async def turn(self, host: str) -> None:
        """Return when a request to the host may start."""
        while True:
            await self._pass_time(self._reserve(host))
            if self._held_until.get(host, 0) <= self._clock():
                return

    async def pause(self, seconds: float) -> None:
        """Let time pass, with jitter."""
        await self._sleep(self._jitter(seconds, seconds * (1 + _JITTER)))

    async def rest(self, seconds: float, *, until: Callable[[], bool]) -> None:
        """Let so much time pass, but end early once ``until`` says so."""
        end = self._clock() + seconds
        while not until() and (left := end - self._clock()) > 0:
            await self._sleep(min(left, _LOOK))

    def _reserve(self, host: str) -> float:
        delay = self.delay_of(host)
        free = self._last_start.get(host, -delay * 2) + self._jitter(delay, delay * (1 + _JITTER))
        start = max(self._clock(), free, self._held_until.get(host, 0))
        self._last_start[host] = start
        return start

    async def _pass_time(self, until: float) -> None:
        while (seconds := until - self._clock()) > 0:
            await self._sleep(seconds)


class PoliteFetcher:
    """An egress with manners and cookies of its own; the same `fetch`.

    A 429 or 503 holds back everything for that host. What may pass (timeouts, resets, 5xx, 408, 429) is tried up to
    ``tries`` times, waiting 1, 2, 4 seconds or what Retry-After says; more than a minute ends the tries at once, and so
    do ``patience`` seconds that the tries took: a server that answers nothing must not hold up a crawl.
    """

    def __init__(self, egress: Fetcher, pacer: Pacer, *, tries: int = TRIES, patience: float = PATIENCE) -> None:
        self.tries = tries
        self._egress = egress
        self._pacer = pacer
        self._patience = patience
        self._cookies: Cookies | None = None

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """The answer of the last try, see `Egress.fetch`.

        Raises:
            FetchError: of the last try.
        """
        options["follow"] = self._in_turn(options.get("follow"))
        options["cookies"] = options.get("cookies") or self._own_cookies()
        tried = 0
        patience = self._patience
        while True:
            tried += 1
            last = tried >= self.tries
            await self._pacer.turn(_host(url))
            began = self._pacer.now()
            try:
                response = await self._egress.fetch(url, **options)
            except FetchError as error:
                patience -= self._pacer.now() - began
                if last or not error.passing or patience <= 0:
                    raise
                wait = float(2 ** (tried - 1))
            else:
                wait = self._wait_after(response, tried)
                if last or response.status not in _AGAIN or wait > LONGEST_WAIT:
                    return response
            await self._pacer.pause(wait)

    def _in_turn(self, follow: Callable[[str], Awaitable[bool]] | None) -> Callable[[str], Awaitable[bool]]:
        """Follow redirects as the caller says, each in its host's turn."""

        async def follow_in_turn(target: str) -> bool:
            if follow is not None and not await follow(target):
                return False
            await self._pacer.turn(_host(target))
            return True

        return follow_in_turn

    def _own_cookies(self) -> Cookies:
        if self._cookies is None:
            from sitebookify.egress.cookies import Cookies  # noqa: PLC0415 - it imports aiohttp, as `Egress` does

            self._cookies = Cookies()
        return self._cookies

    def _wait_after(self, response: Response, tried: int) -> float:
        """Seconds before the next try; a host that asks for a pause is given it, whether there is one or not."""
        wait = float(2 ** (tried - 1))
        if response.status not in _AGAIN:
            return wait
        header = response.headers.get("Retry-After", "")
        asked = retry_after(header)
        if header and asked is None:
            log.info("header.ignored", name="Retry-After", value=header[:_LONGEST_NOTE], url=response.url)
        if asked is not None:
            wait = asked
        if response.status in SLOW_DOWN and (asked is not None or tried < self.tries):
            self._pacer.hold(_host(response.url), min(wait, LONGEST_WAIT))
        return wait


def retry_after(value: str) -> float | None:
    """Seconds from now that a Retry-After header asks for (RFC 9110, 10.2.3), or None where it says nothing."""
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):  # the latter: a year of twenty digits
        return None


def _host(url: str) -> str:
    return parse_target(url).raw_host or ""
