"""Drawings in the page: pictures with SVG's own names, and no icon, sprite or ornament among them."""

from __future__ import annotations

from base64 import b64decode

import pytest
from lxml import etree

from sitebookify.book.extract.clean import clean
from sitebookify.book.picture import Picture
from sitebookify.book.read_picture import read_picture
from sitebookify.book.tree import fragment
from support.documents import to_html
from support.pages import SITE, cleaned

SHAPES = '<rect width="80" height="40"/><path d="M80 20h40"/><rect x="120" width="80" height="40"/>'
WORDS = '<text x="9" y="9">Start</text>'
BOX = 'viewBox="0 0 200 40"'


def picture_of(drawing: str) -> Picture:
    """The picture that a drawing in a page becomes, as it is stored."""
    root = fragment(f"<p>Before</p>{drawing}<p>After</p>")
    embedded = clean(root, SITE + "page", "Title")
    (source,) = embedded
    assert f'src="{source}"' in to_html(root)
    return read_picture(b64decode(embedded[source].partition(",")[2]))


@pytest.mark.parametrize(
    "drawing",
    [
        f"<svg {BOX}>{WORDS}{SHAPES}</svg>",
        f"<div><svg {BOX}>{SHAPES}</svg></div>",
        f"<a href='/large'><svg {BOX}>{WORDS}{SHAPES}</svg></a>",
        "<figure><svg viewBox='0 0 500 500'><path d='M0 0h9'/></svg><figcaption>Curve</figcaption></figure>",
        "<svg width='300' height='100'><path d='M0 0h9'/></svg>",
        f"<svg>{WORDS}{SHAPES}</svg>",
        "<svg><foreignObject width=90 height=20><div>Start</div></foreignObject></svg>",
    ],
)
def test_drawings_become_pictures(drawing: str) -> None:
    assert cleaned(f"<p>Before</p>{drawing}<p>After</p>").count('<img src="https://example.org/page#picture-') == 1


@pytest.mark.parametrize(
    "icon",
    [
        "<svg viewBox='0 0 24 24'><path d='M0 0h9'/><path d='M0 0h9'/><path d='M0 0h9'/></svg>",
        "<svg viewBox='0 0 448 512'><path d='M0 0h9'/></svg>",
        "<svg viewBox='0 0 256 256'><rect/><line/><line/><line/></svg>",
        "<svg width='1em' height='1em' viewBox='0 0 512 512'><rect/><line/><line/></svg>",
        f"<svg aria-hidden='true' {BOX}>{WORDS}{SHAPES}</svg>",
        f"<svg role='presentation' {BOX}>{WORDS}{SHAPES}</svg>",
        f"<svg style='display: none' {BOX}>{WORDS}{SHAPES}</svg>",
        f"<button><svg {BOX}>{WORDS}{SHAPES}</svg></button>",
        f"<a href='/'><svg {BOX}>{SHAPES}</svg></a>",
        "<svg width='300' height='100'><use href='#sprite'/></svg>",
        f"<svg width='300' height='100'><symbol id='a'>{SHAPES}</symbol><defs>{SHAPES}</defs></svg>",
        "<svg viewBox='0 0 1440 320'><path d='M0 0h9'/></svg>",
    ],
)
def test_icons_sprites_and_ornaments_go(icon: str) -> None:
    assert cleaned(f"<p>Before</p>{icon}<p>After</p>") == "<p>Before</p><p>After</p>"
    heading = f"<h2>Before <svg {BOX}>{WORDS}{SHAPES}</svg></h2>"
    assert cleaned(heading) == "<h2>Before</h2>"


@pytest.mark.parametrize(
    ("named", "alt"),
    [
        ("aria-label='A flow'><title>Else</title>", "A flow"),
        ("aria-labelledby='t d'><title id=t>A</title><desc id=d>flow</desc>", "A flow"),
        ("><title> A\n flow </title><desc>Else</desc>", "A flow"),
        ("><desc>A flow</desc>", "A flow"),
        ("><text>then <tspan>end</tspan></text>", "Start then end"),
    ],
)
def test_a_drawing_is_called_by_its_label_its_title_or_its_words(named: str, alt: str) -> None:
    attributes, _, inner = named.partition(">")
    html = cleaned(f"<svg {BOX} {attributes} id='flow'>{WORDS}{inner}{SHAPES}</svg>")
    assert f'alt="{alt}"' in html
    assert 'id="flow"' in html


def test_names_have_their_case_again_and_shares_of_the_page_become_a_size() -> None:
    picture = picture_of(
        f'<svg width="100%" preserveAspectRatio="none" {BOX} @click="x" data-v-1="" aria-label="x">'
        '<defs><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop offset="0"/></linearGradient>'
        '<clipPath id="c"><rect width="9" height="9"/></clipPath></defs>'
        f"<style><![CDATA[.a > .b {{ fill: url(#g) }}]]></style>{WORDS}"
        '<g clip-path="url(#c)"><use xlink:href="#g" xml:space="preserve"/></g></svg>'
    )
    root = etree.fromstring(picture.data)
    assert (picture.width, picture.height, root.get("width"), root.get("height")) == (200, 40, "200", "40")
    assert root.get("preserveAspectRatio") == "none"
    assert "click" not in picture.data.decode()
    assert [etree.QName(node).localname for node in root.iter() if node.get("id")] == ["linearGradient", "clipPath"]
    assert "gradientUnits" in picture.data.decode()
    assert ".a &gt; .b { fill: url(#g) }" in picture.data.decode()
    assert 'xlink:href="#g"' in picture.data.decode()


def test_words_in_boxes_of_html_stay_and_a_switch_has_them_once() -> None:
    box = "<foreignObject x='10' y='20' width='80' height='40'><div><p>Ask</p>twice<br>more</div></foreignObject>"
    text = picture_of(f"<svg {BOX}>{box}<switch>{box}<text>Ask</text></switch></svg>").data.decode()
    assert [text.count(f">{word}</text>") for word in ("Ask", "twice", "more")] == [2, 1, 1]
    assert 'x="50" text-anchor="middle"' in text
    assert "foreignobject" not in text.lower()


def test_a_drawing_that_the_sites_stylesheet_colours_is_drawn_in_lines() -> None:
    """Black shapes would hide its words."""
    assert b"fill:none" in picture_of(f"<svg class='d' {BOX}>{WORDS}{SHAPES}</svg>").data
    assert b"fill:none" not in picture_of(f"<svg class='d' fill='red' {BOX}>{WORDS}{SHAPES}</svg>").data


@pytest.mark.parametrize(
    "inner",
    [
        "<script>evil()</script>",
        "<g onclick='evil()'/>",
        "<foreignObject><iframe src='//evil'></iframe><script>evil()</script></foreignObject>",
        "<foreignObject><form action='//evil'><img src='//evil' onerror='evil()'></form></foreignObject>",
        "<image href='https://evil/x.png'/>",
        "<image xlink:href='//evil/x.png'/>",
        "<use href='https://evil/x.svg#a'/>",
        "<a href='javascript:evil()'><circle r='1'/></a>",
        "<a xlink:href='https://evil/'><circle r='1'/></a>",
        "<style>@import 'https://evil/x.css'; .a{fill:red}</style>",
        "<style><![CDATA[.a{fill:url(https://evil/)}]]></style>",
        "<rect style='fill:url(//evil)'/>",
        "<animate attributeName='href' to='//evil'/>",
        "<x:evil/><evil:x/>",
        "<rect evil:x='evil' xmlns:evil='evil'/>",
        "<svg><script>evil()</script></svg>",
    ],
)
def test_nothing_in_a_drawing_acts_or_loads(inner: str) -> None:
    picture = picture_of(f"<svg {BOX} onload='evil()'>{WORDS}{SHAPES}{inner}</svg>")
    assert b"evil" not in picture.data
    assert b"Start" in picture.data


def test_pictures_that_are_shown_as_objects() -> None:
    """The picture that stands in for it, where there is one: readers know it."""
    assert cleaned('<object type="image/svg+xml" data="/a.svg" width="100%">A <b>plan</b></object>') == (
        '<p><img src="https://example.org/a.svg" alt="A plan"></p>'
    )
    assert cleaned('<object data="a.svg"><img src="a.png" alt="A"></object>') == (
        '<p><img src="https://example.org/a.png" alt="A"></p>'
    )
    assert cleaned('<p>x</p><object data="a.swf" type="application/x-shockwave-flash">y</object>') == "<p>x</p>"
