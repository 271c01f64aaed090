"""Manners, as the server's log shows them. Only least times are asserted, never that something was quick."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from sitebookify.book.crawl import opening
from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.images import ImageFetcher
from sitebookify.book.picture import ImageLost
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress import Egress, user_agent
from sitebookify.egress.polite import Pacer
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.site import Answer, Hit, Pages, Site

TICK = 0.01  # seconds by which a connection that has to be opened may shift what the server sees


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    async with Egress(allow_private=True, user_agent=user_agent("mailto:owner@example.org")) as egress:
        yield egress


def page(title: str, *links: str) -> str:
    return f"<title>{title}</title><h1>{title}</h1>" + "".join(f'<a href="{link}">{link}</a>' for link in links)


async def hits(pages: Pages, egress: Egress, **spec: Any) -> list[Hit]:
    with Site(pages) as site:
        bench = FakeBench(spec=JobSpec(source_url=site.url("/"), **spec))
        bench.egress = egress
        await run_stage(crawl, bench)
        return site.hits


def assert_apart(log: list[Hit], delay: float) -> None:
    """Requests left ``delay`` seconds apart.

    On a busy machine the server sees one late, and those after it seem too early. So the time is taken from the one of
    the first half that was seen soonest after it was due.
    """
    last = len(log) - 1
    lasted = max(log[last].time - hit.time - (last - place) * delay for place, hit in enumerate(log[: last // 2]))
    assert lasted >= -TICK, [later.time - earlier.time for earlier, later in pairwise(log)]


SITE: Pages = {"/": page("Home", *(f"/{n}" for n in range(6))), "*": lambda hit: page(hit.path)}


async def test_the_delay_lies_between_any_two_requests(egress: Egress) -> None:
    log = await hits({**SITE, "/robots.txt": ""}, egress, request_delay=0.08, concurrency=8)
    assert len(log) > 8
    assert_apart(log, 0.08)


async def test_the_crawl_delay_of_robots_goes_before_the_jobs(egress: Egress) -> None:
    log = await hits({**SITE, "/robots.txt": "User-agent: *\nCrawl-delay: 0.15"}, egress, request_delay=0)
    assert_apart(log, 0.15)


async def test_a_longer_delay_of_the_job_goes_before_the_crawl_delay(egress: Egress) -> None:
    log = await hits({**SITE, "/robots.txt": "User-agent: *\nCrawl-delay: 0.01"}, egress, request_delay=0.08)
    assert_apart(log, 0.08)


@pytest.mark.parametrize("status", [429, 503])
async def test_nothing_is_asked_while_retry_after_lasts(egress: Egress, status: int) -> None:
    refused: list[Hit] = []

    def busy_once(hit: Hit) -> Answer:
        if refused:
            return Answer(body=page(hit.path))
        refused.append(hit)
        return Answer(status=status, headers={"Retry-After": "1"})

    log = await hits({**SITE, "/robots.txt": "", "/2": busy_once}, egress, request_delay=0.1, concurrency=1)
    later = [hit.time - refused[0].time for hit in log if hit.time > refused[0].time]
    assert min(later) >= 1 - TICK
    assert [hit.path for hit in log].count("/2") == 2


async def test_a_site_that_is_always_busy_is_asked_four_times_for_a_page(egress: Egress) -> None:
    busy = Answer(status=503, headers={"Retry-After": "0"})
    log = await hits({**SITE, "/robots.txt": "", "/2": busy}, egress, request_delay=0)
    assert [hit.path for hit in log].count("/2") == 4


async def test_robots_come_first_and_every_request_says_who_asks(egress: Egress) -> None:
    log = await hits(SITE, egress, request_delay=0)
    assert log[0].path == "/robots.txt"
    assert {hit.headers["User-Agent"] for hit in log} == {user_agent("mailto:owner@example.org")}


async def test_no_more_requests_than_agreed_are_under_way(egress: Egress) -> None:
    """Each answer takes longer than the next request would need to come in."""
    content: Pages = {**SITE, "/robots.txt": "", **{f"/{n}": Answer(body=page(str(n)), pause=0.2) for n in range(6)}}
    log = [hit for hit in await hits(content, egress, request_delay=0, concurrency=2) if hit.path in content]
    pages = [hit for hit in log if hit.path[1:].isdigit()]
    assert all(later.time - earlier.time >= 0.2 - TICK for earlier, later in zip(pages, pages[2:], strict=False))


async def test_images_keep_the_delay_too(egress: Egress) -> None:
    with Site({"*": Answer(status=404)}) as site:
        bench = FakeBench(spec=JobSpec(source_url=site.url("/"), request_delay=0.08))
        bench.egress = egress
        fetcher = ImageFetcher(bench)
        for n in range(4):
            with pytest.raises(ImageLost):
                await fetcher.fetch(site.url(f"/{n}.png"), page=site.url("/"))
    assert_apart(site.hits, 0.08)


class ShortSlices(FakeBench):
    """Slices of three minutes, of a clock that only waits move on; a wait beyond the end of its slice never ends."""

    seconds = 0.0
    end = 180.0

    @property
    def stopping(self) -> bool:
        return self.seconds >= self.end

    def next_slice(self) -> None:
        super().next_slice()
        self.end = self.seconds + 180

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await (asyncio.Event().wait() if self.stopping else asyncio.sleep(0))

    async def crawl(self, bench: Workbench, state: State | None) -> Done | Paused:
        pacer = Pacer(0, clock=lambda: self.seconds, sleep=self.sleep, jitter=lambda least, _: least)
        return await crawl(bench, state, pacer=pacer)


async def test_start_pages_far_apart_are_opened_in_as_many_slices_as_it_takes(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once: with a minute between requests a slice ends before it has come to the last of them."""
    monkeypatch.setattr(opening, "_LOOK", 0.01)
    moved = Answer(status=302, headers={"Location": "/moved/"})
    content: Pages = {
        **{f"/{n}/": page(f"Start {n}") for n in range(5)},
        "/2/": moved,
        "/moved/": page("Start 2"),
        "/robots.txt": "User-agent: *\nCrawl-delay: 60",
        "/sitemap.xml": Answer(status=404),
        "*": Answer(status=404),
    }
    with Site(content) as site:
        others = tuple(site.url(f"/{n}/") for n in range(1, 5))
        bench = ShortSlices(spec=JobSpec(source_url=site.url("/0/"), source_urls=others, request_delay=0, max_depth=0))
        bench.egress = egress
        output = (await run_stage(bench.crawl, bench, max_slices=40)).output
        asked = Counter(hit.path for hit in site.hits)
        urls = [page["url"] for page in output["pages"]]
    assert urls == [site.url(place) for place in ("/0/", "/1/", "/moved/", "/3/", "/4/")]
    assert asked.pop("/robots.txt") > 2, "there were several slices"
    assert any(state.get("answers") for state in bench.checkpoints), "a crash costs no minutes of waiting"
    assert {path: count for path, count in asked.items() if count > 1} == {}


async def test_a_start_page_whose_server_fails_for_good_ends_no_book_of_others(
    egress: Egress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_RESTS", (0.0,))
    content: Pages = {"/a/": page("A"), "/b/": Answer(status=503), "/robots.txt": "", "*": Answer(status=404)}
    with Site(content) as site:
        spec = JobSpec(source_url=site.url("/a/"), source_urls=(site.url("/b/"),), request_delay=0, max_depth=0)
        bench = FakeBench(spec=spec)
        bench.egress = egress
        output = (await run_stage(crawl, bench)).output
    assert [page["url"] for page in output["pages"]] == [site.url("/a/")]
    assert [failure.url for failure in bench.failures] == [site.url("/b/")]
