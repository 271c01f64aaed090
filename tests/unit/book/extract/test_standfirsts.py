"""What stands below a post's heading and says what it is about is kept, also where the text is a box of its own."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_unboxed
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.meta_lines import standfirst_of
from sitebookify.book.extract.profile import Profile
from support.documents import URL
from support.pages import html_in, prose

_HEAD = "<meta property='article:published_time' content='2024-03-04T08:00Z'>"


def _page(line: str, head: str = _HEAD) -> str:
    meta = "<div><span title='2024-03-04'>4 March 2024</span> | <a href=/edit rel=edit>Suggest changes</a></div>"
    header = f"<header><div><a href=/>Home</a> » <a href=/posts/>Posts</a></div><h1>Ash</h1>{line}{meta}</header>"
    pager = "<nav><a href=/fir>« Prev</a> <a href=/elm>Next »</a></nav>"
    end = f"<footer><ul><li><a href=/tags/a/>a</a></li></ul>{pager}</footer>"
    text = f"<div class=post-content>{prose('ash')}{prose('fir')}</div>"
    html = f"<html><head><title>Ash</title>{head}</head><body><main><article>{header}{text}{end}</article></main>"
    return html_in(extract_page(html, URL, Profile()))


@pytest.mark.parametrize("name", ["post-description", "subtitle", "article__standfirst", "entry-summary"])
def test_a_standfirst_is_kept_once(name: str) -> None:
    html = _page(f"<div class={name}>What a tree says of its hill.</div>")
    assert html.startswith("<h1>Ash</h1>")
    assert html.count("What a tree says of its hill.") == 1


@pytest.mark.parametrize(
    "line",
    [
        "<div class=subtitle><a href=/trees>All trees</a></div>",
        "<div class=lead-advert>Buy trees</div>",
        "<div class=subtitle style='display:none'>Trees</div>",
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert standfirst_of(parse_unboxed(f"<h1>Ash</h1>{line}")) == ""
    assert standfirst_of(parse_unboxed("<h1>Ash</h1><p class=subtitle>Trees</p>")) == "Trees"
