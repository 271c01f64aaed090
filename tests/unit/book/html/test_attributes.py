"""Elements with thousands of attributes are recognised before they are parsed, in time that grows with the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sitebookify.book.crawl.crawl_tasks import digest, digest_plain, emptiness_served
from sitebookify.book.extract.clean import media
from sitebookify.book.html.attributes import MOST_ATTRIBUTES, too_many_attributes
from sitebookify.book.tree import make
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


def emptiness(body: bytes, content_type: str, _: str) -> object:
    return emptiness_served(body, content_type)


@pytest.mark.parametrize(
    ("read", "content_type"), [(digest, "text/html"), (digest_plain, "text/markdown"), (emptiness, "text/html")]
)
def test_whoever_reads_a_page_refuses_it_at_once(read: Callable[[bytes, str, str], object], content_type: str) -> None:
    """HTML in Markdown is a page as well."""
    page = "<title>t</title>\n\n<p" + "".join(f" a{n}" for n in range(270_000)) + ">text"
    with pytest.raises(TooComplex):
        read(page.encode(), content_type, "https://example.org/")


@pytest.mark.parametrize("size", [MANY, 10])
def test_a_fallback_s_markup_is_read_where_it_can_be(size: int) -> None:
    """A tree may come with it as text."""
    fallback = make("noscript")
    fallback.text = f"<img src='/a.png'{''.join(f' a{n}=b' for n in range(size))}>"
    box = make("div")
    box.append(fallback)
    media.normalise(box, "https://example.org/", {})
    assert (box.find("img") is not None) is (size == 10)


@pytest.mark.parametrize(
    "unit", ["<script ", "<a <", "<p a='", '<p a="', " a", '"', "<p a='\"", "<a =", "<!--", "<script></script", "<p a>"]
)
def test_time_grows_with_the_page(unit: str) -> None:
    assert_proportional(lambda times: too_many_attributes(unit * times), 20_000)
