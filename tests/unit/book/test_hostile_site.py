"""A site that tries everything against its crawler: it must come to nothing, and the job to a clear end.

Two servers: one stands for the internet, the other for the inner network and logs what gets through to it.
"""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest

from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.images import ImageFetcher
from sitebookify.book.objects import read
from sitebookify.book.picture import ImageLost
from sitebookify.book.preview.estimate import PreviewOrder
from sitebookify.book.preview.look import preview
from sitebookify.egress import AddressPolicy, Egress
from sitebookify.egress.polite import Pacer
from sitebookify.errors import FailedPrecondition, InvalidRequest, PermanentError
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.site import Answer, Hit, Page, Pages, Site, redirect
from support.still_time import StillTime

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.3"
LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ZEROS = b"<p>" + b"\0" * 50_000_000


@pytest.fixture(scope="module")
def inner() -> Iterator[Site]:
    """The inner network: whatever is asked for here is a breach."""
    with Site({"*": "<title>secret</title><p>secret"}, addresses=(INSIDE,)) as site:
        yield site


@pytest.fixture
def names() -> dict[str, list[str]]:
    """What the resolver says; every other name is outside."""
    return {"inside.test": [INSIDE], "mixed.test": [OUTSIDE, INSIDE]}


@pytest.fixture
async def egress(names: dict[str, list[str]]) -> AsyncIterator[Egress]:
    async def resolve(host: str) -> Sequence[str]:
        return names.get(host, [OUTSIDE])

    policy = AddressPolicy(exempt=frozenset({OUTSIDE}))
    async with Egress(allow_private=False, user_agent="t", resolver=resolve, policy=policy) as egress:
        yield egress


def home(*links: str) -> str:
    anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return f"<html><head><title>Home</title></head><body><h1>Home</h1><p>A page of text.</p>{anchors}</body></html>"


def bench_for(url: str, egress: Egress) -> FakeBench:
    bench = FakeBench(spec=JobSpec(source_url=url, request_delay=0, max_pages=50))
    bench.egress = egress
    return bench


async def crawled(bench: FakeBench) -> tuple[list[str], dict[str, str]]:
    """The URLs of the pages kept, and why others were not."""
    time = StillTime()
    pacer = Pacer(0, clock=time.clock, sleep=time.sleep)
    output = (await run_stage(lambda bench, state: crawl(bench, state, pacer=pacer), bench)).output
    rows = [json.loads(line) for line in gzip.decompress(read(bench.store, output["tried"])).splitlines()]
    reasons = {row["url"]: row["reason"] for row in rows} | {each.url: each.reason for each in bench.failures}
    return [page["url"] for page in output["pages"]], reasons


def refresh_on(hit: Hit) -> str:
    """Sends the reader on to a URL that is longer by one."""
    longer = hit.path + ("x" if "?" in hit.path else "?x")
    return f'<meta http-equiv="refresh" content="0;url={longer}">'


TRICKS: dict[str, tuple[Page | Callable[[Hit], Page], str]] = {
    "redirect inside": (redirect("http://inside.test:{inner}/"), "OUT_OF_SCOPE"),
    "redirect inside by address": (redirect(f"http://{INSIDE}:{{inner}}/"), "OUT_OF_SCOPE"),
    "redirect to a file": (redirect("file:///etc/passwd"), "BAD_URL"),
    "redirect with a password": (redirect("http://a:b@inside.test/"), "BAD_URL"),
    "redirect with a backslash": (redirect("http://inside.test\\@outside.test/"), "BAD_URL"),
    "refresh inside": ('<meta http-equiv="refresh" content="0;url=http://inside.test:{inner}/">', "OUT_OF_SCOPE"),
    "refresh for ever": (refresh_on, "REDIRECT_LOOP"),
    "base inside": (home("b").replace("<head>", '<head><base href="http://inside.test:{inner}/">'), ""),
    "canonical inside": (home().replace("<head>", '<head><link rel="canonical" href="http://inside.test/">'), ""),
    "gzip bomb": (Answer(body=gzip.compress(ZEROS, 1), headers={"Content-Encoding": "gzip"}), "TOO_LARGE"),
    "brotli bomb": (Answer(body=brotli.compress(ZEROS, quality=1), headers={"Content-Encoding": "br"}), "TOO_LARGE"),
    "endless": (Answer(stream=lambda: itertools.repeat(b"<p>endless" * 1000)), "TOO_LARGE"),
    "a million links": ("<title>links</title>" + "<a href=/x>" * 1_000_000, "TOO_LARGE"),
    "as many links as fit": ("<title>links</title>" + "".join(f"<a href=//{n}.test>" for n in range(50_000)), ""),
    "a million elements": ("<title>many</title>" + "<p>a" * 1_000_000, "TOO_COMPLEX"),
    "deep nesting": ("<title>deep</title><p>A page of deep text." + "<div><span>" * 100_000, ""),
    "entities": (f"<!DOCTYPE x [<!ENTITY l0 'lol'>{LOL}]><title>lol</title><p>&l11; A page of laughing text.", ""),
    "zero bytes": ("<title>zero</title>" + "\0" * 10_000, "NOT_HTML"),
    "many headers": (Answer(body="x", headers={f"X-{n}": "x" * 1000 for n in range(50)}), ""),
    "a huge header": (Answer(body="x", headers={"X-Huge": "x" * 100_000}), "BAD_RESPONSE"),
    "odd type": (Answer(body="x", content_type="text/html;;;="), ""),
    "bad length": (
        Answer(headers={"Content-Length": "10"}, stream=lambda: iter([b"x"]), torn=True),
        "CONNECTION_FAILED",
    ),
}


def filled(page: Page | Callable[[Hit], Page], inner: Site) -> Page | Callable[[Hit], Page]:
    """The page with the inner network's port in it."""
    if isinstance(page, Answer) and "Location" in page.headers:
        return redirect(page.headers["Location"].replace("{inner}", str(inner.port)))
    return page.replace("{inner}", str(inner.port)) if isinstance(page, str) and "{inner}" in page else page


@pytest.mark.parametrize(("page", "reason"), TRICKS.values(), ids=TRICKS.keys())
async def test_a_trick_is_reported_and_the_book_is_made(
    egress: Egress, inner: Site, page: Page | Callable[[Hit], Page], reason: str
) -> None:
    asked = len(inner.hits)
    good = home("/").replace("Home", "Good")
    content: Pages = {"/": home("/trick", "/good"), "/trick": filled(page, inner), "/good": good}
    with Site(content, addresses=(OUTSIDE,)) as site:
        pages, reasons = await crawled(bench_for(f"http://outside.test:{site.port}/", egress))
    assert f"http://outside.test:{site.port}/good" in pages
    assert reasons[f"http://outside.test:{site.port}/trick"] == reason
    assert len(inner.hits) == asked


@pytest.mark.parametrize("host", ["inside.test", "mixed.test", INSIDE])
async def test_a_start_page_inside_ends_the_job(egress: Egress, inner: Site, host: str) -> None:
    asked = len(inner.hits)
    with pytest.raises(PermanentError) as caught:
        await crawled(bench_for(f"http://{host}:{inner.port}/", egress))
    assert caught.value.reason == "ADDRESS_REFUSED"
    assert len(inner.hits) == asked


async def test_a_start_page_that_redirects_inside_ends_the_job(egress: Egress, inner: Site) -> None:
    asked = len(inner.hits)
    with (
        Site({"*": redirect(f"http://inside.test:{inner.port}/")}, addresses=(OUTSIDE,)) as site,
        pytest.raises(PermanentError) as caught,
    ):
        await crawled(bench_for(f"http://outside.test:{site.port}/", egress))
    assert caught.value.reason == "ADDRESS_REFUSED"
    assert len(inner.hits) == asked


async def test_a_name_that_moves_inside_gains_nothing(egress: Egress, names: dict[str, list[str]], inner: Site) -> None:
    """While the start page is read the name comes to mean the inner network, on the port that is open there."""
    asked = len(inner.hits)

    def move(hit: Hit) -> Answer:
        names["moving.test"] = [INSIDE]
        return Answer(body=home("/a", "/b") + hit.path, headers={"Connection": "close"})

    with (
        Site({"/robots.txt": "", "/": move}, addresses=(OUTSIDE,)) as site,
        Site({"*": "<p>secret"}, addresses=(INSIDE,), port=site.port) as inside,
    ):
        bench = bench_for(f"http://moving.test:{site.port}/", egress)
        await crawled(bench)
        await egress.close()
        with pytest.raises(PermanentError):
            await crawled(bench)
    assert inside.hits == []
    assert len(inner.hits) == asked


async def test_robots_and_sitemaps_that_lead_inside_are_none(egress: Egress, inner: Site) -> None:
    asked = len(inner.hits)
    lead = redirect(f"http://inside.test:{inner.port}/")
    content: Pages = {"/": home("/a"), "/a": home().replace("Home", "A"), "/robots.txt": lead, "/sitemap.xml": lead}
    with Site(content, addresses=(OUTSIDE,)) as site:
        pages, _ = await crawled(bench_for(f"http://outside.test:{site.port}/", egress))
    assert len(pages) == 2
    assert len(inner.hits) == asked


async def test_a_sitemap_named_inside_is_not_read(egress: Egress, inner: Site) -> None:
    asked = len(inner.hits)
    robots = f"Sitemap: http://inside.test:{inner.port}/map.xml\nSitemap: /laughs.xml\n"
    laughs = f"<!DOCTYPE x [<!ENTITY l0 'lol'>{LOL}]><urlset><url><loc>/&l11;</loc></url></urlset>"
    content: Pages = {"/": home(), "/robots.txt": robots, "/laughs.xml": laughs}
    with Site(content, addresses=(OUTSIDE,)) as site:
        pages, _ = await crawled(bench_for(f"http://outside.test:{site.port}/", egress))
    assert len(pages) == 1
    assert len(inner.hits) == asked


@pytest.mark.parametrize("path", ["/redirect", "/redirect?2"])
async def test_an_image_inside_is_lost(egress: Egress, inner: Site, path: str) -> None:
    asked = len(inner.hits)
    content: Pages = {
        "/redirect?2": redirect("/redirect"),
        "/redirect": redirect(f"http://inside.test:{inner.port}/a.png"),
    }
    with Site(content, addresses=(OUTSIDE,)) as site:
        origin = f"http://outside.test:{site.port}"
        images = ImageFetcher(bench_for(origin, egress))
        for source in (f"http://inside.test:{inner.port}/a.png", origin + path):
            with pytest.raises(ImageLost) as caught:
                await images.fetch(source, page=origin)
            assert caught.value.reason == "ADDRESS_REFUSED"
    assert len(inner.hits) == asked


async def test_a_preview_of_the_inside_is_refused(egress: Egress, inner: Site) -> None:
    asked = len(inner.hits)
    with Site({"*": redirect(f"http://inside.test:{inner.port}/")}, addresses=(OUTSIDE,)) as site:
        for url in (f"http://outside.test:{site.port}/", f"http://inside.test:{inner.port}/"):
            with pytest.raises(InvalidRequest) as caught:
                await preview(egress, PreviewOrder(url=url))
            assert INSIDE not in str(caught.value)
    assert len(inner.hits) == asked


async def test_a_preview_ends_in_time(egress: Egress) -> None:
    slow = Answer(stream=lambda: itertools.repeat(b"<p>slow"), pause=0.05)
    with Site({"/robots.txt": "", "*": slow}, addresses=(OUTSIDE,)) as site, pytest.raises(FailedPrecondition):
        await preview(egress, PreviewOrder(url=f"http://outside.test:{site.port}/"), seconds=0.3)
