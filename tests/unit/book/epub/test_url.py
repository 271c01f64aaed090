"""Web addresses in a book: spelled by the rules, or none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitebookify.book.epub.url import PLAIN, spelled, written


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://e.org/a b", "http://e.org/a%20b"),
        ("http://E.org/a/../b?q=é", "http://e.org/b?q=%C3%A9"),
        ("https://e.org:443/a#b", "https://e.org/a#b"),
        ("mailto:a%zz@b.org", "mailto:a%25zz@b.org"),
        ("javascript:alert(1)", None),
        ("http://user@e.org/", None),
        ("http://a..b/", None),
        ("ch1.xhtml#a", None),
    ],
)
def test_an_address_is_spelled_by_the_rules_or_none(href: str, expected: str | None) -> None:
    assert written(href) == expected


@settings(max_examples=300)
@given(st.from_regex(PLAIN, fullmatch=True))
def test_what_looks_well_spelled_is(href: str) -> None:
    assert spelled(href) == href
