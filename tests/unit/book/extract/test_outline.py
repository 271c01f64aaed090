"""A page as a tree of blocks."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.outline import outline
from sitebookify.book.tree import fragment


@pytest.mark.parametrize(
    "inner", ["<picture><img src=x></picture>", "<slot></slot>", "<rb></rb>", "<nobr></nobr>", "<map></map>"]
)
def test_what_stands_in_a_line_is_no_block(inner: str) -> None:
    (paragraph,) = outline(fragment(f"<p>one {inner} two</p>"), frozenset()).children
    assert paragraph.children == []
    assert paragraph.words == ("one", "two")


@pytest.mark.parametrize(
    "inner",
    [
        "<video>Your browser shows no video</video>",
        "<datalist><option>a</datalist>",
        "<dialog>Do you like cookies?</dialog>",
        "<map><area href=x></map>",
    ],
)
def test_what_is_silent_has_no_words(inner: str) -> None:
    page = outline(fragment(f"<div>one {inner} two</div>"), frozenset())
    assert page.size == 2
