"""Searching a book: what is found, and at what cost where a page says the same again and again."""

from __future__ import annotations

import io
import zipfile

import pytest

from sitebookify_api.web.book import Book
from sitebookify_api.web.search import search
from support.ebook import ebook
from support.growth import assert_proportional


def book(body: str) -> Book:
    return Book(zipfile.ZipFile(io.BytesIO(ebook({"a.xhtml": ("A", f"<p>{body}</p>")}))))


@pytest.mark.parametrize(
    ("body", "words", "match"),
    [
        ("a Straße here", "STRAßE", "Straße"),
        ("an İstanbul here", "here", "here"),
        ("ΟΔΟΣ and ς", "οδοσ", "ΟΔΟΣ"),
        ("sixteen  <b>Words\n</b> are", "words ARE", "Words are"),
        ("a+b (c)", "A+B (C)", "a+b (c)"),
    ],
)
def test_words_are_found_whatever_their_case(body: str, words: str, match: str) -> None:
    (hit,), complete = search(book(body), words)
    assert (hit.match, complete) == (match, True)


def test_time_grows_with_the_text_whatever_is_searched() -> None:
    """The words nearly stand at each place of the text."""

    def once(size: int) -> None:
        hits, _ = search(book("a" * 200 * size), "a" * size + "b")
        assert not hits

    assert_proportional(once, 20)
