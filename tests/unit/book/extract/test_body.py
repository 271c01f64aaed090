"""A page's body."""

from __future__ import annotations

import pytest
from lxml import etree
from lxml.html import HtmlElement

from sitebookify.book.extract.body import as_lxml_html, body_of, parse_page
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.tree import words_of


@pytest.mark.parametrize(
    "html", ["", "<html><head><title>t</title></head></html>", "<frameset><frame src=x></frameset>"]
)
def test_without_a_body_it_is_no_document(html: str) -> None:
    with pytest.raises(NotADocument):
        parse_page(html)


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


@pytest.mark.parametrize("box", ["div", "aside", "header", "th", "fieldset"])
@pytest.mark.parametrize("line", ["a", "<abbr>a</abbr>", "<ruby>a</ruby>", "<a href=x>a</a>"])
def test_a_line_is_one_whatever_it_is_made_of(box: str, line: str) -> None:
    html = f"<{box}>{line}<ul><li>b</ul></{box}>"
    body = body_of(parse_page(f"<body><table>{html}</table>" if box == "th" else f"<body>{html}"))
    (holder,) = body.iter(box) if box != "div" else body
    assert [(child.tag, words_of(child)) for child in holder] == [("div", "a"), ("ul", "b")]


@pytest.mark.parametrize(
    "html", ["<p>a</p><p>b</p>", "a <b>b</b>", "<x-box>a</x-box><p>b</p>", "<p>a</p><img src=x><br>"]
)
def test_boxes_of_blocks_or_of_lines_alone_stay(html: str) -> None:
    """So do elements of the page's own making, which may be either."""
    body = body_of(parse_page(f"<body><div>{html}</div>"))
    assert body.find("div/div") is None


def test_a_copy_of_elements_of_lxml_html() -> None:
    """All of them, with what stands between them; the page itself stays as it was."""
    document = parse_page("<html lang=en><head><title>t</title></head><body class=x>a<p id=p>b<i>c</i>d</p>e")
    before = etree.tostring(document)
    copy = as_lxml_html(document)
    assert etree.tostring(copy) == before
    assert {type(element) for element in copy.iter("*")} == {HtmlElement}
    copy.clear()
    assert etree.tostring(document) == before
