"""What one job may use, whatever the site does."""

from __future__ import annotations

import asyncio
import itertools
import threading
from dataclasses import replace
from typing import Any

import pytest

from sitebookify.book.allowance import CRAWL_SHARE, Limit, Meter, PageAllowance
from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.images import ImageFetcher
from sitebookify.book.picture import ImageLost
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.egress import Egress, FetchError, Reason
from sitebookify.egress.polite import Pacer
from sitebookify.errors import PermanentError
from sitebookify.jobs import Spent
from sitebookify.messages import Message, catalogue
from sitebookify.runner.metering import MeteredFetcher, MeteredStore
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.crawling import quickly
from support.memory_store import MemoryObjectStore
from support.processes import PATIENCE
from support.site import Answer, Hit, Pages, Site, redirect

SMALL = PageAllowance(requests=4, seconds=3600, bytes=1_000_000, objects=50)


def endless(answer: Answer | str) -> Pages:
    """A start page with thousands of links, all of which come to the same."""
    links = "".join(f'<a href="/p{n}">{n}</a>' for n in range(5000))
    return {"/": f"<title>Home</title><p>Words of the home page.</p>{links}", "/robots.txt": "", "*": answer}


def numbered(hit: Hit) -> str:
    return f"<title>{hit.path}</title><p>All that is said of {hit.path} and of nothing else.</p>"


def why(done: Done) -> str:
    """Why the book is incomplete."""
    return "; ".join(str(Message.from_json(reason)) for reason in done.output["incomplete"])


def metered(egress: Egress, allowance: PageAllowance, start: str, **spec: Any) -> FakeBench:
    bench = FakeBench(spec=JobSpec(source_url=start, request_delay=0, **spec), allowance=allowance)
    bench.egress = MeteredFetcher(egress, bench.meter)
    return bench


HOSTILE: dict[str, Answer] = {
    "missing": Answer(status=404),
    "redirects": redirect("/gone"),
    "no pages": Answer(body="text", content_type="text/plain"),
    "copies": Answer(body="<title>Same</title><p>The same words on each page of this site.</p>"),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_is_no_page_counts_too(egress: Egress, kind: str) -> None:
    """A site whose every link is dead, or a copy, was asked 50,003 times for a book of five pages."""
    with Site(endless(HOSTILE[kind])) as site:
        bench = metered(egress, SMALL, site.url("/"), max_pages=5)
        done = await run_stage(quickly, bench)
    assert len(site.hits) <= 4 * 25 / 2 + 4 * bench.spec.concurrency
    assert len(done.output["pages"]) >= 1
    assert "50 requests" in why(done)


async def test_start_pages_are_opened_within_the_limits(egress: Egress) -> None:
    """The first one leaves nothing for the others: they are reported, and the book is made of what there is."""
    large = "<title>Large</title><p>Words of it.</p><!--" + "x" * 1_000_000 + "-->"
    with Site({"/large": large, "/robots.txt": "", "*": numbered}) as site:
        others = (site.url("/second"), site.url("/third"))
        allowance = replace(SMALL, bytes=80_000)
        bench = metered(egress, allowance, site.url("/large"), source_urls=others, max_pages=5)
        done = await run_stage(quickly, bench)
        assert not {hit.path for hit in site.hits} & {"/second", "/third"}
    assert [page["url"] for page in done.output["pages"]] == [site.url("/large")]
    assert {each.url: each.reason for each in bench.failures} == dict.fromkeys(others, "JOB_LIMIT")


async def test_sitemaps_count_too(egress: Egress) -> None:
    def index(hit: Hit) -> Answer:
        name = hit.path.strip("/").replace(".xml", "")
        places = "".join(f"<sitemap><loc>{site.url(f'/{name}-{n}.xml')}</loc></sitemap>" for n in range(50))
        return Answer(body=f"<sitemapindex>{places}</sitemapindex>", content_type="text/xml")

    with Site({"/": "<title>Home</title><p>Words of the home page.", "/robots.txt": "", "*": index}) as site:
        bench = metered(egress, replace(SMALL, requests=1), site.url("/"), max_pages=10)
        done = await run_stage(quickly, bench)
    assert len(site.hits) <= 30
    assert len(done.output["pages"]) == 1


async def test_a_site_that_sends_too_much_ends_the_crawl(egress: Egress) -> None:
    def large(hit: Hit) -> str:
        return numbered(hit) + "<!--" + "x" * 1_000_000 + "-->"

    content = {**endless(""), "*": large}
    with Site(content) as site:
        done = await run_stage(quickly, metered(egress, replace(SMALL, bytes=400_000), site.url("/"), max_pages=20))
    assert "8 MB" in why(done)
    assert 1 < len(done.output["pages"]) < 20


async def test_a_site_that_takes_too_long_ends_the_crawl(egress: Egress) -> None:
    """Though it waits for its turn at that moment, as with a long Crawl-delay."""
    pacer = Pacer(0)
    late = threading.Event()
    allowance = replace(SMALL, requests=1000)

    async def slowly(bench: Workbench, state: State | None) -> Done | Paused:
        return await crawl(bench, state, pacer=pacer)

    def slower(hit: Hit) -> str:
        if hit.path == "/p9":
            pacer.slow_down("127.0.0.1", 10 * PATIENCE)
            late.set()
        return numbered(hit)

    with Site({**endless(""), "*": slower}) as site:
        bench = metered(egress, allowance, site.url("/"), max_pages=100)
        limit = allowance.of(bench.spec)
        bench.meter = Meter(limit, Spent(), clock=lambda: limit.seconds if late.is_set() else 0)
        async with asyncio.timeout(PATIENCE):
            done = await run_stage(slowly, bench)
    assert "minutes" in why(done)
    assert 1 < len(done.output["pages"]) < 100


async def test_a_site_within_the_limits_is_complete(egress: Egress) -> None:
    links = "".join(f'<a href="/p{n}">{n}</a>' for n in range(4))
    with Site({"/": f"<title>Home</title><p>Words of it.</p>{links}", "/robots.txt": "", "*": numbered}) as site:
        done = await run_stage(quickly, metered(egress, PageAllowance(), site.url("/"), max_pages=5))
    assert len(done.output["pages"]) == 5
    assert not done.output["incomplete"]


async def test_redirects_and_failures_are_requests(egress: Egress) -> None:
    meter = Meter(Spent(requests=6, seconds=60, bytes=10**6, objects=9), Spent(requests=1))
    with Site({"/1": redirect("/2"), "/2": redirect("/3"), "/3": "x", "*": Answer(status=404)}) as site:
        fetcher = MeteredFetcher(egress, meter)
        assert (await fetcher.fetch(site.url("/1"))).status == 200
        await fetcher.fetch(site.url("/gone"))
        assert meter.spent.requests == 5
        assert meter.reached(CRAWL_SHARE) is Limit.REQUESTS
        assert meter.reached() is None
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(site.url("/1"))
        assert caught.value.reason is Reason.JOB_LIMIT
    assert len(site.hits) == 5


async def test_images_stop_at_the_limit_and_are_told_so(egress: Egress) -> None:
    bench = metered(egress, SMALL, "http://127.0.0.1/", max_pages=1)
    bench.meter.count(Limit.REQUESTS, 10**6)
    images = ImageFetcher(bench)
    for source in ("http://127.0.0.1/a.png", "data:image/png;base64,AAAA"):
        with pytest.raises(ImageLost) as caught:
            await images.fetch(source, page="http://127.0.0.1/")
        assert caught.value.reason == "JOB_LIMIT"


def test_writes_are_counted_over_slices() -> None:
    limit = Spent(requests=9, seconds=60, bytes=9, objects=5)
    meter = Meter(limit, Spent(objects=2))
    store = MeteredStore(MemoryObjectStore(), meter)
    store.put("a", b"x")
    store.write_stream("b", iter((b"y",)), content_type="text/plain")
    assert store.get("a")
    assert meter.spent.objects == 4
    assert Meter(limit, meter.spent).reached(CRAWL_SHARE) is Limit.OBJECTS


def test_a_job_that_takes_twice_its_time_is_ended_wherever_it_is() -> None:
    ticks = itertools.chain([0.0, 10.0], itertools.repeat(21.0))
    meter = Meter(Spent(requests=9, seconds=10, bytes=9, objects=5), Spent(), clock=lambda: next(ticks))
    meter.check_end()
    with pytest.raises(PermanentError) as caught:
        meter.check_end()
    assert caught.value.reason == "JOB_TIME_LIMIT"


@pytest.mark.parametrize("limit", Limit)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_limit_is_explained(limit: Limit, language: str) -> None:
    meter = Meter(Spent(requests=600, seconds=600, bytes=600_000_000, objects=600), Spent())
    number = {Limit.SECONDS: "10", Limit.BYTES: "600"}.get(limit, "600")
    assert number in catalogue(language).show(meter.explain(limit))


def test_limits_grow_with_the_pages_and_the_delay() -> None:
    few, many = (PageAllowance().of(JobSpec(source_url="x", max_pages=pages)) for pages in (5, 200))
    assert few.requests == 1000
    assert many.requests == 8800
    patient = PageAllowance().of(JobSpec(source_url="x", max_pages=5, request_delay=600))
    assert patient.seconds > 5 * 600 > few.seconds
