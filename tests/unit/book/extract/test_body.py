"""A page's body."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import body_of, parse_page
from sitebookify.book.html.parser import NotADocument
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
