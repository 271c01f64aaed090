"""What a page says of the order of pages."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.navigation import navigation, neighbour, parent_page

_BASE = "https://example.org/docs/b"


def _lists(html: str) -> list[list[tuple[str, str, int]]]:
    """Each list's entries, with paths for URLs."""
    found = navigation(parse_page(html), _BASE, frozenset())
    return [[(url.removeprefix("https://example.org"), text, depth) for url, text, depth in rows] for _, rows in found]


def test_a_nested_list_with_labels() -> None:
    """What is nested is deeper; an item without a link that holds others is a label."""
    html = (
        "<nav><ul><li><a href=a>A</a></li><li>Part<ul><li><a href=b>1. B</a></li><li><a href=/c>C</a></li></ul></li>"
        "</ul></nav>"
    )
    (entries,) = _lists(html)
    assert [entry[:2] for entry in entries] == [("/docs/a", "A"), ("", "Part"), ("/docs/b", "1. B"), ("/c", "C")]
    first, part, *inner = (depth for _, _, depth in entries)
    assert first == part < inner[0] == inner[1]


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>See <a href=a>A</a> for all there is to know of it, and more</li><li><a href=c>C</a></li></ul>",
        "<ul><li><a href=https://other.example/a>A</a></li><li><a href=https://other.example/b>B</a></li></ul>",
        "<ul><li><a href=#a>A</a></li><li><a href=#b>B</a></li></ul>",
        "<p><a href=a>A</a> <a href=c>C</a></p>",
        "<ul><li><a href=a#x>x</a></li><li><a href=a#y>y</a></li><li><a href=c>c</a></li></ul>",
    ],
)
def test_what_is_no_navigation(html: str) -> None:
    """Sentences, other hosts, places of this page, single links, an index of words."""
    assert all(len({url for url, _, _ in rows}) < 2 for rows in _lists(html))


def test_a_table_of_contents_of_places() -> None:
    """Where most entries lead to places of different pages, the pages are meant, each once."""
    html = "".join(f"<li><a href={name}#top>{name}</a></li>" for name in "acde")
    assert _lists(f"<ol>{html}</ol>") == [[(f"/docs/{name}", name, 0) for name in "acde"]]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="next" href="c">',
        '<a rel="nofollow NEXT" href="c">on</a>',
        '<a accesskey="n" href="c#top">on</a>',
        '<a class="nav-next" href="c">on</a>',
        '<div class="next"><a href="c">on</a></div>',
    ],
)
def test_neighbours(link: str) -> None:
    """By relation, access key or class, never by a word of some language."""
    assert neighbour(parse_page(f"<body>{link}<p>x</p>"), _BASE, "next") == "https://example.org/docs/c"
    assert neighbour(parse_page(f"<body>{link}<p>x</p>"), _BASE, "prev") == ""


def test_the_page_above() -> None:
    """By its relation, else the last link of a breadcrumb that leads elsewhere."""
    crumbs = (
        '<ol class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="a">A</a></li><li><a href="b">B</a></li></ol>'
    )
    assert parent_page(parse_page(crumbs), _BASE) == "https://example.org/docs/a"
    assert parent_page(parse_page(f'<a rel="up" href="/up">u</a>{crumbs}'), _BASE) == "https://example.org/up"
    assert parent_page(parse_page("<p>x</p>"), _BASE) == ""
