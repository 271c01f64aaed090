"""The contents of a book, nested, in both forms that readers know."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from sitebookify.book.epub.content import BookInfo, Entry, TextRef
from sitebookify.book.epub.nav import Line, lines, nav, ncx, with_headings

INFO = BookInfo(title="A & B", language="ja", source="https://e.org/", generator="g")


def entry(title: str, level: int, *, part: str = "", headings: tuple[tuple[str, str], ...] = ()) -> Entry:
    texts = (TextRef(name=f"{title}.xhtml", key="", size=1),)
    return Entry(title=title, level=level, part=part, texts=texts, headings=headings)


def test_pages_nest_by_level_below_parts_and_never_skip_one() -> None:
    book = [entry("a", 0, part="P"), entry("b", 3, part="P"), entry("c", 0, part="Q"), entry("d", 0)]
    found = [(line.depth, line.text) for line in lines(book, headings=True)]
    assert found == [(0, "P"), (1, "a"), (2, "b"), (0, "Q"), (1, "c"), (0, "d")]


def test_headings_come_below_their_page_except_its_own_title() -> None:
    book = [entry("a", 0, headings=(("a", "a.xhtml#a"), ("x", "a.xhtml#x")))]
    assert [(line.depth, line.text) for line in lines(book, headings=True)] == [(0, "a"), (1, "x")]
    assert [(line.depth, line.text) for line in lines(book, headings=False)] == [(0, "a")]


def test_the_site_s_number_stands_before_the_title() -> None:
    book = [replace(entry("a", 0, headings=(("a", "a.xhtml#a"),)), number="4.1.")]
    assert [line.text for line in lines(book, headings=True)] == ["4.1. a"]


def test_a_book_with_very_many_headings_lists_pages_only() -> None:
    assert with_headings([entry("a", 0, headings=(("x", "y"),) * 10)])
    assert not with_headings(entry(str(n), 0, headings=(("x", "y"),) * 10) for n in range(300))


def test_both_forms_are_well_formed_and_name_the_same_places() -> None:
    contents = [
        Line(0, "a & b", "a.xhtml"),
        Line(1, "b", "b.xhtml#x"),
        Line(2, "c", "c.xhtml"),
        Line(0, "d", "d.xhtml"),
    ]
    document = etree.fromstring("".join(nav(INFO, contents, "a.xhtml")).encode())
    old = etree.fromstring("".join(ncx(INFO, "id", contents)).encode())
    links = [str(link.get("href")) for link in document.iter("{*}a")]
    assert links[:4] == ["text/a.xhtml", "text/b.xhtml#x", "text/c.xhtml", "text/d.xhtml"]
    assert [str(content.get("src")) for content in old.iter("{*}content")] == links[:4]
    assert document.findtext(".//{*}h1") == "目次"
    first = document.find(".//{*}ol")
    assert first is not None
    assert [len(item.findall("{*}ol")) for item in first] == [1, 0]
