"""Elements with thousands of attributes are recognised before they are parsed, in time that grows with the page."""

from __future__ import annotations

import pytest

from sitebookify.book.crawl.digest import digest
from sitebookify.book.html.attributes import MOST_ATTRIBUTES, too_many_attributes
from sitebookify.errors import TooComplex
from support.growth import assert_proportional

MANY = MOST_ATTRIBUTES + 1


@pytest.mark.parametrize(
    ("before", "attribute", "after"),
    [
        ("<p", " a", ">"),
        ("<p", "/a", ">"),
        ("<p", " a=1", ">"),
        ("<p", ' a="> <"', ">"),
        ("<p", "\na='>'", "><"),
        ("<P", ' data-abc="1"', "/>"),
        ("<script", " a", "></script>"),
        ("<!-- <p a a a --><p", " a", ">"),
    ],
)
def test_one_attribute_too_many_is_seen_however_it_is_written(before: str, attribute: str, after: str) -> None:
    assert too_many_attributes(f"<title>t</title>{before}{attribute * MANY}{after}text")
    assert not too_many_attributes(f"<title>t</title>{before}{attribute * MOST_ATTRIBUTES}{after}text")


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "1 < 2 " * MANY,
        "<script>for(i=0;i<n;i++) " + "word " * 2 * MANY + "</SCRIPT><p>text",
        "<!-- <p" + " a" * 2 * MANY + " --><p>text",
        "<title>a <b " + "word " * 2 * MANY + "</title><p>text",
        '<img src="data:image/svg+xml,' + "%20 a=1 " * 2 * MANY + '">',
        "<p a=1>text" * 2 * MANY,
    ],
)
def test_what_only_looks_like_it_is_let_through(page: str) -> None:
    assert not too_many_attributes(page)


def test_the_crawl_refuses_such_a_page_at_once() -> None:
    page = "<title>t</title><p" + "".join(f" a{n}" for n in range(270_000)) + ">text"
    with pytest.raises(TooComplex):
        digest(page.encode(), "text/html", "https://example.org/")


@pytest.mark.parametrize(
    "unit", ["<script ", "<a <", "<p a='", '<p a="', " a", '"', "<p a='\"", "<a =", "<!--", "<script></script", "<p a>"]
)
def test_time_grows_with_the_page(unit: str) -> None:
    assert_proportional(lambda times: too_many_attributes(unit * times), 20_000)
