"""Who wrote a post, and when: from the page's head and from what it shows, which stays a line of the post."""

from __future__ import annotations

import json

import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.bylines import byline_of
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.generators import named
from sitebookify.book.html.days import day_in
from sitebookify.book.tree import Element
from support.pages import SITE, contents, html_in, prose

_META = "<meta property='article:published_time' content='2024-03-04T08:00Z'>"


def _ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


_PUBLISHED = {"datePublished": "2024-03-04"}
_MARKED = "<span itemprop=author><span itemprop=name>Ann</span></span>"


@pytest.mark.parametrize(
    ("head", "line", "authors"),
    [
        (_META + "<meta name=author content=Ann>", "", ["Ann"]),
        (_ld({"@type": "BlogPosting", **_PUBLISHED, "author": [{"name": "Ann"}, {"name": "Bo"}]}), "", ["Ann", "Bo"]),
        (_ld({"@graph": [{"@type": ["NewsArticle"], **_PUBLISHED, "author": "Ann"}]}), "", ["Ann"]),
        (_ld("no article"), "<p>By <a rel=author>Ann</a>, <time datetime=2024-03-04>Monday</time></p>", ["Ann"]),
        ("", f"<div class=post-meta>{_MARKED} <time>2024-03-04</time></div>", ["Ann"]),
        ("", "<p>By Ann Smith · March 4, 2024</p>", ["Ann Smith"]),
        ("", "<div class=hizuke>2024年3月4日</div>", []),
    ],
)
def test_where_authors_and_dates_stand(head: str, line: str, authors: list[str]) -> None:
    byline = byline_of(_parsed(head, line))
    assert (byline.authors, byline.date) == (tuple(authors), "2024-03-04")


@pytest.mark.parametrize(
    "line",
    ["<p>Updated on <time datetime=2024-03-04>4 March</time></p>", "<p>Nothing happened in March 2024.</p>"],
)
def test_other_dates_are_none_of_publication(line: str) -> None:
    assert byline_of(_parsed("", line)).date == ""


def _parsed(head: str, line: str) -> Element:
    html = f"<html><head><title>Ash</title>{head}</head><body><h1>Ash</h1>{line}{prose('ash')}</body></html>"
    return parse_unboxed(html)


def test_entries_name_the_places() -> None:
    line = "<time class='byline-meta-date' datetime=2024-03-04>today</time><h4 class=author-name>Ann</h4>"
    byline = byline_of(_parsed("", line), named("ghost"))
    assert (byline.authors, byline.date) == (("Ann",), "2024-03-04")


def test_the_authors_of_others_are_not_the_posts() -> None:
    """Those of comments, of the site, and of the posts in a list."""
    banner = "<header><a rel=author href=/>The site</a></header>"
    line = "<time datetime=2024-03-04>4 March 2024</time><a rel=author href=/ann>Ann</a>"
    comments = "<ol><li class=comment><a rel=author href=/eve>Eve</a><time>2025-01-01</time></ol>"
    byline = byline_of(parse_unboxed(f"<body>{banner}<h1>Ash</h1>{line}{comments}"))
    assert (byline.authors, byline.date) == (("Ann",), "2024-03-04")
    posts = "".join(f"<article><h2>{day}</h2><time>2024-03-0{day}</time></article>" for day in (1, 2))
    assert byline_of(parse_unboxed(f"<body><h1>Posts</h1>{posts}")).date == ""


def test_a_line_outside_the_content_is_put_before_the_text() -> None:
    """In the form of all others, with its tags; a line in the content stays as it is."""
    line = "<header><h1>Ash</h1><time datetime=2024-03-04>4 March 2024</time> <a rel=author href=/ann>Ann</a></header>"
    tags = "<footer><a rel=tag href=/t/rope>rope</a></footer>"
    html = f"<title>Ash</title><main><article>{line}<div>{prose('ash')}</div>{tags}</article></main>"
    assert "<p>Ann · 4 March 2024 · #rope</p>" in html_in(extract_page(html, f"{SITE}ash", Profile()))
    inside = f"<title>Ash</title><main><h1>Ash</h1><p>By Ann on 4 March 2024</p>{prose('ash')}</main>"
    assert (
        html_in(extract_page(inside, f"{SITE}ash", Profile()))
        == f"<h1>Ash</h1><p>By Ann on 4 March 2024</p>{prose('ash')}"
    )


def test_all_posts_by_one_author_keep_their_lines() -> None:
    """What is the same on all of them but for the date is no notice of the site."""
    names = "ash birch cedar damson elder fig".split()
    line = "<p class=byline>By Ann Smith · 2024-03-0{}</p>"
    pages = {
        name: f"<title>{name}</title><main><h1>{name}</h1>{line.format(day)}{prose(name)}</main>"
        for day, name in enumerate(names, start=1)
    }
    for day, html in enumerate(contents(pages).values(), start=1):
        assert f"Ann Smith · 2024-03-0{day}</p>" in html


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-04T10:00:00Z", "2024-03-04"),
        ("Posted on Mar 4, 2024", "2024-03-04"),
        ("4th March 2024", "2024-03-04"),
        ("2024年3月4日", "2024-03-04"),
        ("2024-13-44", ""),
        ("May 0, 2031", ""),
        ("version 2024.1", ""),
    ],
)
def test_days(text: str, day: str) -> None:
    assert day_in(text) == day
