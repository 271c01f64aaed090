"""Pacing and retries, in a time that passes only where somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from multidict import CIMultiDict

from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.polite import LONGEST_WAIT, Pacer, PoliteFetcher, retry_after
from support.still_time import StillTime

URL = "http://example.org/page"


class Server:
    """Answers from a list, the last answer for ever; an exception in it is raised."""

    def __init__(self, time: StillTime, *answers: Response | FetchError) -> None:
        self.starts: list[float] = []
        self.urls: list[str] = []
        self._time = time
        self._answers = list(answers)

    async def fetch(self, url: str, *, follow: Any = None, **_: Any) -> Response:
        self.urls.append(url)
        self.starts.append(self._time.now)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, FetchError):
            raise answer
        if answer.status == 302 and follow:
            await follow("http://other.test/")
        return answer


def status(code: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(url=URL, status=code, headers=CIMultiDict(headers or {}))


def polite(time: StillTime, server: Server, *, delay: float = 0) -> tuple[PoliteFetcher, Pacer]:
    pacer = Pacer(delay, clock=time.clock, sleep=time.sleep, jitter=lambda low, _: low)
    return PoliteFetcher(server, pacer), pacer


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


async def test_requests_to_a_host_keep_the_delay() -> None:
    time = StillTime()
    server = Server(time, status(200))
    fetcher, _ = polite(time, server, delay=0.5)
    for _ in range(4):
        await fetcher.fetch(URL)
    assert gaps(server.starts) == [0.5, 0.5, 0.5]


async def test_requests_at_once_get_turns_of_their_own() -> None:
    time = StillTime()
    server = Server(time, status(200))
    fetcher, _ = polite(time, server, delay=0.5)
    await asyncio.gather(*(fetcher.fetch(URL) for _ in range(4)))
    assert min(gaps(sorted(server.starts))) >= 0.5


async def test_another_host_does_not_wait() -> None:
    time = StillTime()
    server = Server(time, status(200))
    fetcher, _ = polite(time, server, delay=5)
    await fetcher.fetch(URL)
    await fetcher.fetch("http://another.test/")
    assert gaps(server.starts) == [0]


async def test_the_crawl_delay_holds_from_the_next_request_on() -> None:
    time = StillTime()
    server = Server(time, status(200))
    fetcher, pacer = polite(time, server, delay=0.5)
    await fetcher.fetch(URL)
    pacer.slow_down("example.org", 3)
    await fetcher.fetch(URL)
    assert gaps(server.starts) == [3]


async def test_a_redirect_to_a_host_waits_for_its_turn_there() -> None:
    time = StillTime()
    server = Server(time, status(200), status(302), status(200))
    fetcher, _ = polite(time, server, delay=5)
    await fetcher.fetch("http://other.test/")
    await fetcher.fetch(URL)
    assert time.now == 1005


async def test_jitter_only_adds() -> None:
    time = StillTime()
    pacer = Pacer(1, clock=time.clock, sleep=time.sleep)
    starts = []
    for _ in range(50):
        await pacer.turn("example.org")
        starts.append(time.now)
    assert all(1 <= gap <= 1.25 for gap in gaps(starts))
    assert len(set(gaps(starts))) > 1


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
async def test_a_server_that_fails_is_asked_again_with_longer_and_longer_waits(code: int) -> None:
    time = StillTime()
    server = Server(time, status(code), status(code), status(code), status(200))
    fetcher, _ = polite(time, server)
    assert (await fetcher.fetch(URL)).status == 200
    assert gaps(server.starts) == [1, 2, 4]


async def test_tries_end() -> None:
    time = StillTime()
    server = Server(time, status(503))
    fetcher, _ = polite(time, server)
    assert (await fetcher.fetch(URL)).status == 503
    assert len(server.starts) == 4


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.CONNECTION_FAILED])
async def test_what_may_pass_is_tried_again(reason: Reason) -> None:
    time = StillTime()
    fetcher, _ = polite(time, Server(time, FetchError(reason), status(200)))
    assert (await fetcher.fetch(URL)).status == 200


@pytest.mark.parametrize("reason", [Reason.ADDRESS_REFUSED, Reason.TOO_LARGE, Reason.BAD_URL])
async def test_what_cannot_pass_is_not(reason: Reason) -> None:
    time = StillTime()
    server = Server(time, FetchError(reason))
    fetcher, _ = polite(time, server)
    with pytest.raises(FetchError):
        await fetcher.fetch(URL)
    assert len(server.starts) == 1


@pytest.mark.parametrize("code", [200, 301, 404, 410, 501])
async def test_other_answers_are_final(code: int) -> None:
    time = StillTime()
    server = Server(time, status(code))
    fetcher, _ = polite(time, server)
    assert (await fetcher.fetch(URL)).status == code
    assert len(server.starts) == 1


async def test_retry_after_is_obeyed_by_every_request_to_the_host() -> None:
    time = StillTime()
    server = Server(time, status(429, {"Retry-After": "30"}), status(200))
    fetcher, _ = polite(time, server)
    await asyncio.gather(fetcher.fetch(URL), fetcher.fetch(URL + "2"))
    await fetcher.fetch(URL + "3")
    assert server.urls[-1] == URL + "3"
    assert max(gaps(server.starts)) >= 30
    assert server.starts[-1] >= server.starts[0] + 30


async def test_a_wait_that_is_too_long_ends_the_tries_and_leaves_the_host_alone() -> None:
    time = StillTime()
    server = Server(time, status(429, {"Retry-After": "3600"}), status(200))
    fetcher, _ = polite(time, server)
    assert (await fetcher.fetch(URL)).status == 429
    await fetcher.fetch(URL)
    assert gaps(server.starts) == [LONGEST_WAIT]


async def test_a_url_that_is_none_is_no_surprise() -> None:
    time = StillTime()
    fetcher, _ = polite(time, Server(time, status(200)))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("http://x@[]/")
    assert caught.value.reason is Reason.BAD_URL


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert retry_after("120") == 120
    assert retry_after(" 0 ") == 0
    later = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True))
    assert later is not None
    assert 90 < later <= 100
    assert retry_after("Mon, 01 Jan 2001 00:00:00 GMT") == 0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "²", "9" * 5, "Mon, 99 Jan 2001"])
def test_nonsense_in_retry_after_says_nothing_or_a_number(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or seconds >= 0
