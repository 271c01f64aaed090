"""A page's body, and where its links lead."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from sitebookify.book.extract.body import absolute, base_of, body_of, parse_page
from sitebookify.book.html.parser import NotADocument
from sitebookify.book.tree import words_of


@pytest.mark.parametrize(
    "html", ["", "<html><head><title>t</title></head></html>", "<frameset><frame src=x></frameset>"]
)
def test_without_a_body_it_is_no_document(html: str) -> None:
    with pytest.raises(NotADocument):
        parse_page(html)


def test_links_against_the_base() -> None:
    """A page's base element counts, and what no book can hold is no link."""
    document = parse_page('<base href="/docs/"><p>x</p>')
    assert base_of(document, "https://example.org/a/b") == "https://example.org/docs/"
    assert absolute("c#d", "https://example.org/docs/") == "https://example.org/docs/c#d"
    assert [absolute(href, "https://e.org/") for href in ("javascript:x", "data:,x", "http://[", "file:///x")] == [
        ""
    ] * 4


@pytest.mark.parametrize(
    "href", ["b.html", "b/c.html#d", "../b.html", "b//c", "./b", "..", "b?c", "//b.test/c", "b:c", "#d"]
)
@pytest.mark.parametrize(
    "base",
    [
        "http://a.test",
        "http://a.test/x/y",
        "http://a.test/x//y",
        "http://a.test/x/../y/z",
        "http://a.test/x?y/z",
        "http://a.test/x?y#z",
    ],
)
def test_links_are_what_the_standard_library_makes_of_them(base: str, href: str) -> None:
    assert absolute(href, base) in {urljoin(base, href), ""}
    assert (absolute(href, base) == "") == (href == "b:c")


def test_a_base_that_is_no_url_makes_no_link() -> None:
    assert absolute("b.html", "http://[broken") == ""


def test_lines_between_blocks_are_blocks() -> None:
    """So that a bar of loose links can be told from the text; what follows a heading belongs to its section."""
    body = body_of(parse_page("<body><i>the book</i> <a href=a>next</a><hr>a<p>b</p><b>c</b>d<h2>e</h2>f<hr><td>"))
    assert [(child.tag, words_of(child)) for child in body if words_of(child)] == [
        ("div", "the book next"),
        ("div", "a"),
        ("p", "b"),
        ("div", "cd"),
        ("h2", "e"),
    ]
    assert words_of(body) == "the book nextabcdef"
