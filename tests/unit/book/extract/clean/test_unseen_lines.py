"""What stands in a line and no reader of the page sees."""

from __future__ import annotations

import pytest

from support.growth import assert_proportional
from support.pages import cleaned


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        (
            "<p>See <a href='/x'>the guide<span class=sr-only> (opens in a new window or tab)</span></a>.</p>",
            '<p>See <a href="https://example.org/x">the guide</a>.</p>',
        ),
        ("<p>Saved<span hidden> just now</span> to disk</p>", "<p>Saved to disk</p>"),
        ("<p>a <span style='display: none'>Copied!</span>b</p>", "<p>a b</p>"),
        ("<p>a <b class=hidden>x</b>b</p>", "<p>a b</p>"),
        ("<p><i class=material-icons>info</i> Note this.</p>", "<p>Note this.</p>"),
        ("<p><i class='icon'>\uf05a</i> Note this.</p>", "<p>Note this.</p>"),
        ("<ul><li>a<span class=visually-hidden>, item 1</span></li></ul>", "<ul><li>a</li></ul>"),
        ("<p>★★★<span class=sr-only>3 of 5</span></p>", "<p>★★★</p>"),
        ("<p><span aria-hidden=true>★★★</span> Good</p>", "<p>★★★ Good</p>"),
    ],
)
def test_what_is_not_seen_goes(html: str, seen: str) -> None:
    assert cleaned(html) == seen


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<table><tr><td>a<td><i class=tick></i><span class=sr-only>Yes</span></table>", "Yes"),
        ("<p>See <a href='/x'><span class=sr-only>the source</span></a>.</p>", "the source"),
        ("<p>See <a href='/x'><i class=material-icons>home</i></a>.</p>", "home"),
        ("<p>a <span style='display:none'><img src='x.png' alt=p></span></p>", "x.png"),
        ("<p>a <code class=hidden>x</code></p>", "<code>x</code>"),
    ],
)
def test_what_is_the_only_thing_said_stays(html: str, seen: str) -> None:
    """And what a reader could have opened."""
    assert seen in cleaned(html)


def test_a_sign_that_only_its_font_can_draw_is_never_all_that_is_said() -> None:
    assert cleaned("<table><tr><td>a<td>b<tr><td>c<td><i>\ue001</i></table>").count("<td></td>") == 1


def test_links_to_what_is_not_seen_still_lead_there() -> None:
    html = cleaned("<p>a <a class=sr-only id=x name=y>anchor</a>b</p><p><a href='#x'>to it</a>")
    assert '<span id="x"></span>b' in html


def test_many_are_looked_at_once() -> None:
    assert_proportional(lambda times: cleaned(f"<div>{'<span class=sr-only>x</span>' * times}</div>"), 1_000)
