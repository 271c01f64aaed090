"""Links to the pages before and after go from a single page by what they say, but not before the order is read."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from support.pages import SITE, html_in, page_of, prose

_BACK, _ON = "<a href=/oak>The oak</a>", "<a href=/fir>The fir</a>"


def _page(inside: str) -> str:
    return f"<title>Ash</title><main><h1>Ash</h1>{prose('ash')}{inside}</main>"


@pytest.mark.parametrize(
    "pager",
    [
        f"<ul class=x><li>← Previous<br> {_BACK}</li><li>Next →<br>{_ON}</li></ul>",
        f"<div><div>Previous post {_BACK}</div><div>Next post {_ON}</div></div>",
        "<div><a href=/oak>« The oak</a> <a href=/fir>The fir »</a></div>",
        f"<ul><li>Next →<br>{_ON}</li></ul>",
        "<div><a href=/oak>前の記事</a><a href=/fir>次の記事</a></div>",
        f"<div><div>Poprzednia strona {_BACK}</div><div>Następna strona {_ON}</div></div>",
    ],
)
def test_labelled_ways_go(pager: str) -> None:
    result = extract_page(_page(pager), f"{SITE}ash", Profile())
    assert html_in(result) == f"<h1>Ash</h1>{prose('ash')}"


def test_the_order_is_read_from_them_first() -> None:
    pager = "<div><a href=/oak>« The oak</a> <a href=/fir>The fir »</a></div>"
    page = page_of(extract_page(_page(pager), f"{SITE}ash", Profile()))
    assert (page.prev, page.next) == (f"{SITE}oak", f"{SITE}fir")


@pytest.mark.parametrize(
    "text",
    [
        "<div><a href=/start>Read the guide →</a></div>",
        "<div><a href=/next>Next steps</a></div>",
        f"<ul><li>Next {_ON}</li><li>Next {_BACK}</li></ul>",
        f"<div><p>Previous to that, in the years before the war, see {_BACK}.</p><p>Next to it stands {_ON}.</p></div>",
        "<div><a href=#a>Previous</a><a href=#b>Next</a></div>",
    ],
)
def test_other_links_stay(text: str) -> None:
    assert "<a " in html_in(extract_page(_page(text), f"{SITE}ash", Profile()))
