"""A site as a crawl meets it: five posts beside three times as many lists, tags and archives."""

from __future__ import annotations

import pytest

from support.pages import NAMES, content_of, contents, prose, site

_POSTS = NAMES[:5]
_SHELL = "<title>{title} - Quay</title><body><div class=top><a href=/>Quay</a></div><div class=wrap>{main}</div>"


def _crawled(inside: str = "", before: str = "", after: str = "") -> dict[str, str]:
    """The contents of the posts."""
    teasers = "".join(f"<div class=teaser><a href=/{name}>{name}</a></div>" for name in _POSTS)
    lists = {
        name: _SHELL.format(title=name, main=f"<div class=list><h1>{name}</h1>{teasers}</div>") for name in NAMES[5:20]
    }
    posts = {}
    for number, name in enumerate(_POSTS):
        text = f"{before}{prose(name)}{inside}{prose(name + 'more')}{after}".format(name=name, number=number)
        main = f"<div class=post><div class=head><h1>{name}</h1></div><div class=text>{text}</div></div>"
        posts[name] = _SHELL.format(title=name, main=main)
    return {name: html for name, html in contents(posts | lists).items() if name in posts}


@pytest.mark.parametrize(
    "notice",
    [
        "<div class=licence><p>These letters may be copied with a link.</p></div>",
        "<div class=donate-box><h3>Keep us afloat</h3><p>Readers pay for this. <a href=/give>Give</a></p></div>",
        "<div class=around><a href=/{name}/prev>Back</a> <a href=/{name}/next>On</a></div>",
    ],
)
def test_what_all_posts_end_with_goes(notice: str) -> None:
    """Though they are a quarter of the pages."""
    for name, html in _crawled(after=notice).items():
        assert html == f"<h1>{name}</h1>{prose(name)}{prose(name + 'more')}"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Dear mother,</p>",
        "<p>Place: Town hall, room 2</p>",
        "<dl class=facts><dt>Place</dt><dd>Town hall</dd></dl>",
        "<p class=release>Released 2024-03-0{number} · <a href=/{name}.tgz>tarball</a> · 1{number} commits</p>",
        "<div class=facts><div class=row><b>Day</b><i>{number} June 2024</i></div></div>",
    ],
)
def test_what_is_each_posts_own_stays(line: str) -> None:
    """A greeting in a line of the text, a place, a record, a line in which numbers differ."""
    for number, (name, html) in enumerate(_crawled(before=line, after=line).items()):
        words = line.format(name=name, number=number).replace("<", " <").split("<")
        for text in (part.rpartition(">")[2].strip() for part in words):
            assert text in html


def test_a_title_that_all_pages_have_gives_way_to_a_heading() -> None:
    """Reference manuals call every page by the name of the whole."""
    layout = "<header><h1>The manual</h1></header><main><h2>Class {name}</h2>{prose}</main>"
    pages = {
        path: html.replace(f"<title>{path}</title>", "<title>The manual</title>") for path, html in site(layout).items()
    }
    assert content_of(pages).startswith(f"<h1>Class {NAMES[0]}</h1><p>")


def test_a_row_of_links_below_a_boxed_heading_goes() -> None:
    row = '<a href=/>Index</a> | <a href="{prev}">Back</a> | <a href="{next}">Next</a>'
    assert (
        content_of(site(f"<center><h1>{{name}}</h1></center>{row}{{prose}}", 4))
        == f"<h1>{NAMES[0]}</h1>{prose(NAMES[0])}"
    )


def test_code_that_all_pages_end_with_stays() -> None:
    layout = "<main><h1>{name}</h1>{prose}<div><code>public evening() : string</code></div></main>"
    assert "evening()" in content_of(site(layout))


def test_a_heading_in_lines_is_parted() -> None:
    """A name and what it stands for are no one word."""
    layout = "<main><h1><span class=name>{name}</span><span class=text>A tree of {number}</span></h1>{prose}</main>"
    assert content_of(site(layout)).startswith(f"<h1>{NAMES[0]}</h1><p>A tree of 1")
    layout = layout.replace("class=name", "class=chapter")
    assert content_of(site(layout)).startswith(f"<h1>{NAMES[0]} A tree of 1</h1>")
