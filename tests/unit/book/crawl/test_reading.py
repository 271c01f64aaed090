"""What the crawl reads out of HTML, however broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.reading import MAX_LINK_CHARACTERS, MAX_LINKS, read_document
from sitebookify.book.crawl.refresh import refresh_header
from sitebookify.book.urls import normalize

URL = "https://example.org/docs/page.html"


def read(html: str) -> Document:
    return read_document(html, URL)


def test_links_come_in_order_each_once() -> None:
    html = '<a href="b">B</a><map><area href="a"></map><a href="b#part">B again</a><a>no link</a>'
    assert read(html).links == ("https://example.org/docs/b", "https://example.org/docs/a")


def test_frames_and_neighbours_are_links() -> None:
    html = '<head><link rel="next" href="2.html"><link rel="stylesheet" href="s.css"></head><frame src="toc.html">'
    assert set(read(html).links) == {"https://example.org/docs/2.html", "https://example.org/docs/toc.html"}


def test_the_base_element_moves_links() -> None:
    assert read('<base href="/v2/"><a href="a">').links == ("https://example.org/v2/a",)


@pytest.mark.parametrize("base", ["javascript:x", "http://[", "", "mailto:a@b"])
def test_a_base_that_is_none_is_passed_over(base: str) -> None:
    assert read(f'<base href="{base}"><a href="a">').links == ("https://example.org/docs/a",)


@pytest.mark.parametrize("href", ["javascript:x", "mailto:a@b", "tel:1", "data:text/html,x", "http://[", "ftp://a/"])
def test_what_leads_to_no_page_is_no_link(href: str) -> None:
    assert read(f'<a href="{href}">').links == ()


def test_links_are_bounded() -> None:
    html = "".join(f"<a href={n}>" for n in range(MAX_LINKS + 5))
    assert len(read(html).links) == MAX_LINKS
    long = "".join(f"<a href=/{'x' * 1900}{n}>" for n in range(MAX_LINK_CHARACTERS // 1900 + 50))
    assert sum(map(len, read(long).links)) <= MAX_LINK_CHARACTERS + 2000


def test_the_canonical_link_is_absolute() -> None:
    assert read('<link rel="canonical" href="page.html?">').canonical == URL
    assert read("<p>none").canonical == ""


def test_what_is_kept_of_a_page_is_bounded() -> None:
    """Links of a few letters each, that a base would make as long as itself."""
    many = "".join(
        f'<link rel=alternate type="application/rss+xml" href=f{n}><link rel=alternate hreflang=de href=d{n}>'
        f"<h2><a href=p{n}>Post {n}</a></h2>"
        for n in range(2000)
    )
    document = read(f"<base href=/{'x' * 1900}/>{many}")
    assert len(document.feeds) <= 20
    assert len(document.alternates) <= 200
    assert len(document.entries.posts) <= 300
    assert sum(map(len, document.links)) < 8_100_000
    assert read(f"<base href=/{'x' * 5000}/><a href=y>").links == ("https://example.org/docs/y",)


def test_feeds_are_named() -> None:
    html = '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><link rel="alternate" hreflang="de">'
    assert read(html).feeds == ("https://example.org/feed.xml",)


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=next.html", "https://example.org/docs/next.html"),
        ("0;URL='/root'", "https://example.org/root"),
        ("3, next.html", "https://example.org/docs/next.html"),
        ("0;url=#here", ""),
        ("600; url=next.html", ""),
        ("30", ""),
        ("soon", ""),
        ("0;url=javascript:x", ""),
        ("1.2.3;url=x", ""),
    ],
)
def test_a_quick_refresh_is_a_redirect(content: str, target: str) -> None:
    assert read(f'<meta http-equiv="Refresh" content="{content}">').refresh == target


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "\x00",
        "just words",
        "<",
        "<html",
        "<!-- never closed",
        "<?xml version='1.0' encoding='utf-16'?><html><a href=x>",
        "<!DOCTYPE html [<!ENTITY a 'x'>]>&a;",
        "<table><tr><td><p></table></p></td>",
        "<a href='x" * 1000,
        "\ud800",
    ],
)
def test_broken_markup_never_raises(html: str) -> None:
    assert isinstance(read(html), Document)


@pytest.mark.parametrize("tag", ["<div>", "<font>", "<b id=x>"])
def test_a_link_at_any_depth_is_read(tag: str) -> None:
    assert read(tag * 100_000 + '<a href="x">').links == ("https://example.org/docs/x",)


@pytest.mark.parametrize("entries", [200, 3000])
def test_an_index_whose_fonts_are_never_closed_leads_to_all_its_pages(entries: int) -> None:
    """Of 200 entries libxml2 reads 127 by its usual limit of depth, of 3,000 by its highest 1,022."""
    items = "".join(f'<li><font size="2"><a href="{n}.html">Entry {n}</a>' for n in range(entries))
    document = read(f"<title>Index</title><ul>{items}</ul>")
    assert document.links == tuple(f"https://example.org/docs/{n}.html" for n in range(entries))
    assert document.title == "Index"


@given(st.text(alphabet="<>/=\"' ahrefbsctyl!-#&;:.\n\x00\u00e9\ud800", max_size=200))
def test_no_markup_raises(html: str) -> None:
    assert all(normalize(url) == url for url in read(html).links)


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ("window.location.replace('/en/');", "https://example.org/en/"),
        ('location = "en/"', "https://example.org/docs/en/"),
        ('document.location.href="https://example.org/en"', "https://example.org/en"),
        ("top.location.assign( '/en/' )", "https://example.org/en/"),
        ("location.href = '/' + navigator.language", ""),
        ("location.hash = '#top'", ""),
        ("location.replace(location.href)", ""),
        ("location = '/en/';" + "x" * 2000, ""),
    ],
)
def test_a_script_that_does_nothing_but_send_readers_on_is_a_redirect(script: str, target: str) -> None:
    stub = f"<title>Moved</title><script>{script}</script><p>If nothing happens, <a href=en/>click here</a>."
    assert read(stub).refresh == target
    assert read(f"{stub}<p>{'word ' * 20}").refresh == ""


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ("<a href=b>Next chapter</a><a href=c>Next</a>", "https://example.org/docs/b"),
        ("<a href=b>Next</a><link rel=next href=c>", "https://example.org/docs/c"),
        ("<a href=b>→ 次のページ</a>", "https://example.org/docs/b"),
        ("<a href=b>Nextcloud</a>", ""),
        ("<a href=b>Previous</a>", ""),
        ("<a href='mailto:a@b.org'>Next</a>", ""),
    ],
)
def test_the_next_page_is_named_by_a_relation_or_by_words(html: str, target: str) -> None:
    assert read(html).next == target


@pytest.mark.parametrize(
    "html",
    [
        '<frameset rows="100%"><frame src="//other.example/shop/"><noframes>You have none.</noframes></frameset>',
        '<body style="margin:0"><iframe src="//other.example/shop/" width="100%" height="2000"></iframe></body>',
        '<body><iframe style="border: 0; height: 100vh" src="//other.example/shop/"></iframe></body>',
    ],
)
def test_a_page_that_is_nothing_but_a_frame_is_what_the_frame_shows(html: str) -> None:
    assert read(f"<html><head><title>Shop</title></head>{html}</html>").refresh == "https://other.example/shop/"


@pytest.mark.parametrize(
    "html",
    [
        '<frameset cols="20%,80%"><frame src="menu.html"><frame src="text.html"></frameset>',
        f'<p>{"word " * 20}<iframe src="map.html" width="100%"></iframe>',
        '<iframe src="pixel.html" width="1" height="1"></iframe>',
    ],
)
def test_a_frame_beside_others_or_text_is_a_link(html: str) -> None:
    page = read(html)
    assert page.refresh == ""
    assert page.links


def test_a_page_that_sends_readers_on_late_links_there() -> None:
    page = read('<meta http-equiv="refresh" content="15; url=new.html"><p>We have moved.')
    assert (page.refresh, page.links) == ("", ("https://example.org/docs/new.html",))


@pytest.mark.parametrize(
    ("value", "goal"), [("0; url=b.html", "https://example.org/docs/b.html"), ("30; url=b.html", ""), ("7", "")]
)
def test_a_refresh_header_is_a_redirect_as_a_meta_is(value: str, goal: str) -> None:
    assert refresh_header(value, URL) == goal


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="search" title="Search" href="#">', True),
        ('<link rel="search" title="Search" href="search.html">', False),
        ('<link rel="search" type="application/opensearchdescription+xml" href="#">', False),
        ('<script src="_static/searchtools.js?v=1"></script><div id="search-results"></div>', True),
        ('<script src="_static/searchtools.js?v=1"></script>', False),
        ('<script src="_static/doctools.js"></script>', False),
    ],
)
def test_a_sites_search_is_told_by_what_names_it(head: str, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert read(f"<head>{head}</head><body><h1>Searching</h1><p>How to find things.</p>").search is expected
