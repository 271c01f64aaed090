"""Foreign HTML as a tree."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from sitebookify.book.extract.document import NotADocument, absolute, base_of, body_of, parse
from sitebookify.book.tree import words_of


@pytest.mark.parametrize(
    "html",
    [
        "<title>t</title><main><p>a</p></main><p>b</p>",
        "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><article>a</article>b",
        "<html><head><title>t</title></head><header>a</header><body>b",
        "<html><head><script>0</script></head><x-page>a b</x-page>",
        '<?xml version="1.0" encoding="latin1"?><html><body>a\x00 <!-- c -->b<?php echo 1 ?></body></html>',
        "a<wbr>\n b",
    ],
)
def test_all_that_is_said_is_in_the_body(html: str) -> None:
    """Also where HTML 5 lets the tags of head and body be left out, which libxml2 does not know."""
    assert words_of(body_of(parse(html))).replace(" ", "") == "ab"


@pytest.mark.parametrize("html", ["", "   ", "<!-- nothing -->", "<html><head><title>t</title></head></html>"])
def test_nothing_is_no_document(html: str) -> None:
    with pytest.raises(NotADocument):
        parse(html)


def test_links_against_the_base() -> None:
    """A page's base element counts, and what no book can hold is no link."""
    document = parse('<base href="/docs/"><p>x</p>')
    assert base_of(document, "https://example.org/a/b") == "https://example.org/docs/"
    assert absolute("c#d", "https://example.org/docs/") == "https://example.org/docs/c#d"
    assert [absolute(href, "https://e.org/") for href in ("javascript:x", "data:,x", "http://[", "file:///x")] == [
        ""
    ] * 4


@pytest.mark.parametrize("tag", ["div", "font", "b"])
@pytest.mark.parametrize("times", [300, 1500])
def test_nothing_is_too_deep(tag: str, times: int) -> None:
    """Tags that are never closed nest; what they hold is all there, and shallow enough for everything after."""
    document = parse(f"<title>t</title><body><h1>T</h1>{f'<{tag}>' * times}<p>a</p><p>b</p>")
    assert words_of(body_of(document)) == "Tab"
    assert max(sum(1 for _ in element.iterancestors()) for element in document.iter("*")) < 300


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
    body = body_of(parse("<body><i>the book</i> <a href=a>next</a><hr>a<p>b</p><b>c</b>d<h2>e</h2>f<hr><td>"))
    assert [(child.tag, words_of(child)) for child in body if words_of(child)] == [
        ("div", "the book next"),
        ("div", "a"),
        ("p", "b"),
        ("div", "cd"),
        ("h2", "e"),
    ]
    assert words_of(body) == "the book nextabcdef"
