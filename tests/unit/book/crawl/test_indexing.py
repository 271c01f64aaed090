"""noindex and nofollow, as pages and answers say them."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl.indexing import NOFOLLOW, NOINDEX, directives
from sitebookify.book.crawl.reading import read_document

BOTH = {NOINDEX, NOFOLLOW}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("noindex", {NOINDEX}),
        ("NOINDEX, follow", {NOINDEX}),
        ("max-snippet:20, noindex,nofollow", BOTH),
        ("none", BOTH),
        ("index, follow, max-image-preview:large", set()),
        ("unavailable_after: 2030-01-01", set()),
        ("googlebot: noindex", set()),
        ("sitebookify: noindex", {NOINDEX}),
        ("", set()),
    ],
)
def test_a_value_names_what_is_asked_of_us(value: str, expected: set[str]) -> None:
    assert directives([value]) == expected


def test_values_add_up() -> None:
    assert directives(["otherbot: none", "noindex", "nofollow"]) == BOTH


@pytest.mark.parametrize(("name", "expected"), [("Robots", {NOINDEX}), ("googlebot", set()), ("description", set())])
def test_a_page_says_it_in_its_head(name: str, expected: set[str]) -> None:
    html = f'<head><meta content="noindex" name="{name}"><title>T</title></head><p>text'
    assert read_document(html, "https://example.org/").directives == expected
