"""Sitemaps, indexes and feeds."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.crawl.crawl_tasks import compute_here
from sitebookify.book.crawl.sitemaps import MOST_URLS, Named, read_named, read_sitemaps
from sitebookify.egress import Egress
from support.site import Answer, Page, Site, redirect

T = TypeVar("T")

MAP = "https://example.org/docs/sitemap.xml"
LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def urlset(*places: str) -> str:
    entries = "".join(f"<url><loc>{place}</loc><lastmod>2020</lastmod></url>" for place in places)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(*places: str) -> str:
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places) + "</sitemapindex>"


def pages(xml: str | bytes) -> tuple[str, ...]:
    return read_named(xml.encode() if isinstance(xml, str) else xml, MAP).pages


async def anywhere(_: str) -> bool:
    return True


async def found(content: Mapping[str, Page], *places: str) -> tuple[list[str], Site]:
    """The paths of the pages that the sitemaps at these places name, and the site with its log."""
    with Site(content) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            named = await read_sitemaps(
                egress, [site.url(place) for place in places], allow=anywhere, compute=compute_here
            )
    return [url.removeprefix(site.url("")) for url in named.pages], site


def test_a_sitemap_names_pages() -> None:
    assert pages(urlset("https://example.org/a", " b.html\n")) == (
        "https://example.org/a",
        "https://example.org/docs/b.html",
    )


def test_an_index_names_sitemaps() -> None:
    assert read_named(index("/one.xml").encode(), MAP) == Named(sitemaps=("https://example.org/one.xml",))


def test_rss_names_its_items() -> None:
    xml = "<rss><channel><link>https://example.org/</link><item><link>/post</link></item></channel></rss>"
    assert pages(xml) == ("https://example.org/post",)


def test_atom_names_its_entries() -> None:
    xml = '<feed><link href="/"/><entry><link rel="edit" href="/e"/><link href="/post"/></entry></feed>'
    assert pages(xml) == ("https://example.org/post",)


def test_entries_are_relative_to_the_base_that_is_stated() -> None:
    xml = '<feed xml:base="/blog/"><entry><link href="a"/></entry><entry xml:base="b/"><link href="c"/></entry></feed>'
    assert pages(xml) == ("https://example.org/blog/a", "https://example.org/blog/b/c")


def test_an_item_without_a_link_is_named_by_its_permanent_address() -> None:
    items = (
        "<item><guid>https://example.org/a</guid><pubDate>Sun, 05 May 2024 10:00:00 GMT</pubDate></item>"
        "<item><guid isPermaLink='false'>https://example.org/b</guid></item><item><guid>c7</guid></item>"
        "<item><guid>https://example.org/?p=4</guid><link>/d</link></item>"
    )
    named = read_named(f"<rss><channel>{items}</channel></rss>".encode(), MAP)
    assert named.pages == ("https://example.org/a", "https://example.org/d")
    assert named.days == (("https://example.org/a", "2024-05-05"),)


def test_a_plain_list_is_a_sitemap() -> None:
    assert pages("https://example.org/a\nnonsense\nhttps://example.org/b\n") == (
        "https://example.org/a",
        "https://example.org/b",
    )


@pytest.mark.parametrize(
    "xml",
    [
        f"<!DOCTYPE x [<!ENTITY l0 'lol'>{LOL}]><urlset><url><loc>&l11;</loc></url></urlset>",
        "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>http://a.test/&f;</loc></url></urlset>",
        "<urlset>" + "<url>" * 100_000,
        "<urlset><url><loc>http://a.test/1</loc></url><url><loc",
        "<",
        "",
        "<html><body>not found</body></html>",
        "\x00",
        '<?xml version="1.0" encoding="klingon"?><urlset/>',
    ],
    ids=["billion laughs", "external entity", "deep", "cut", "lone", "empty", "html", "zero", "encoding"],
)
def test_hostile_xml_is_read_as_far_as_it_goes(xml: str) -> None:
    assert not any("root:" in url or "lollol" in url for url in pages(xml))


def test_the_number_of_urls_is_bounded() -> None:
    assert len(pages(urlset(*(f"/{n}" for n in range(MOST_URLS + 10))))) == MOST_URLS


@given(st.binary(max_size=300))
def test_no_bytes_raise(xml: bytes) -> None:
    read_named(xml, MAP)


async def test_an_index_is_followed_once_each() -> None:
    content = {
        "/index.xml": index("/index.xml", "/a.xml", "/a.xml", "/gone.xml"),
        "/a.xml": urlset("/1", "/2"),
    }
    assert (await found(content, "/index.xml", "/index.xml"))[0] == ["/1", "/2"]


async def test_a_compressed_sitemap_is_unpacked() -> None:
    content = {"/a.xml.gz": Answer(body=gzip.compress(urlset("/1").encode()), content_type="application/gzip")}
    assert (await found(content, "/a.xml.gz"))[0] == ["/1"]


async def test_a_compressed_sitemap_that_is_none_counts_as_empty() -> None:
    assert (await found({"/a.xml.gz": Answer(body=b"\x1f\x8bnonsense")}, "/a.xml.gz"))[0] == []


async def test_an_unpacked_sitemap_is_bounded() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 100_000_000)
    assert (await found({"/a.xml.gz": Answer(body=bomb)}, "/a.xml.gz"))[0] == []


async def test_an_endless_chain_of_sitemaps_ends() -> None:
    def next_one(hit: object) -> str:
        path = getattr(hit, "path", "")
        return index(f"/{int(path[1:-4]) + 1}.xml")

    with Site({"*": next_one}) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            await read_sitemaps(egress, [site.url("/1.xml")], allow=anywhere, compute=compute_here, most_files=7)
    assert len(site.hits) == 7


async def test_redirects_are_followed_where_it_is_allowed() -> None:
    assert (await found({"/a.xml": redirect("/b.xml"), "/b.xml": urlset("/1")}, "/a.xml"))[0] == ["/1"]


async def test_what_robots_forbid_is_not_asked_for() -> None:
    async def nowhere(_: str) -> bool:
        return False

    with Site({"/a.xml": urlset("/1")}) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            named = await read_sitemaps(egress, [site.url("/a.xml")], allow=nowhere, compute=compute_here)
    assert (named, site.hits) == (Named(), [])


async def test_a_file_that_is_not_there_costs_no_task() -> None:
    tasks: list[str] = []

    async def compute(function: Callable[..., T], /, *args: object) -> T:
        tasks.append(str(args[1]))
        return function(*args)

    with Site({"/b.xml": urlset("/1")}) as site:
        places = [site.url("/a.xml"), site.url("/b.xml")]
        async with Egress(allow_private=True, user_agent="t") as egress:
            named = await read_sitemaps(egress, places, allow=anywhere, compute=compute)
        assert named.pages == (site.url("/1"),)
        assert tasks == places[1:]
