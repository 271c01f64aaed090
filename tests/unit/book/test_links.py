"""Where links lead: every spelling of a page of the book, and no fragment that is not there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.links import PageIndex, anchor_name, fragment_in, slugs, text_file

PAGES = ["https://e.org/a/", "https://e.org/a/b.html", "https://e.org/c?x=1"]
ALIASES = {"https://e.org/old": "https://e.org/a/b.html", "https://e.org/gone": "https://e.org/not-in-the-book"}


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://e.org/a/#x", ("https://e.org/a/", "x")),
        ("https://e.org/a/index.html", ("https://e.org/a/", "")),
        ("http://www.e.org/a", ("https://e.org/a/", "")),
        ("https://e.org/a/b.html?utm_source=y#z", ("https://e.org/a/b.html", "z")),
        ("https://e.org/old#x", ("https://e.org/a/b.html", "x")),
        ("https://e.org/c?x=1", ("https://e.org/c?x=1", "")),
        ("https://e.org/c?x=2", None),
        ("https://e.org/gone", None),
        ("https://other.org/a/", None),
        ("mailto:a@e.org", None),
        ("https://[::1", None),
    ],
)
def test_a_link_finds_its_page_in_any_spelling(link: str, found: tuple[str, str] | None) -> None:
    assert PageIndex(PAGES, ALIASES).find(link) == found


def test_a_fragment_is_found_as_written_or_decoded() -> None:
    assert fragment_in({"日本": 0, "a%20b": 1}, "%E6%97%A5%E6%9C%AC") == "日本"
    assert fragment_in({"日本": 0, "a%20b": 1}, "a%20b") == "a%20b"
    assert fragment_in({}, "x") is None


@given(st.lists(st.text(max_size=40), max_size=20))
def test_slugs_are_plain_unique_and_the_same_again(paths: list[str]) -> None:
    urls = list(dict.fromkeys("https://e.org/" + re.sub(r"[?#\[\]]", "", path) for path in paths))
    named = slugs(urls)
    assert len(set(named.values())) == len(urls)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", slug) for slug in named.values())
    assert named == slugs(urls)


def test_slugs_keep_out_of_the_way_of_mdbook() -> None:
    assert slugs(["https://e.org/summary.html", "https://e.org/x/index.html", "https://e.org/"]) == {
        "https://e.org/summary.html": "page-summary",
        "https://e.org/x/index.html": "x",
        "https://e.org/": "page",
    }


@given(st.text(min_size=1))
def test_an_anchor_is_valid_in_xml_and_in_a_url(fragment: str) -> None:
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", anchor_name(fragment))


def test_parts_of_a_page_have_names_of_their_own() -> None:
    assert [text_file("a", 0), text_file("a", 1)] == ["a.xhtml", "a.2.xhtml"]
