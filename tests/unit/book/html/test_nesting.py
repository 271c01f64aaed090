"""Tags put right: what HTML lets end by itself is ended, and nothing nests deeper than asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.html.nesting import balanced
from support.growth import assert_proportional


@pytest.mark.parametrize(
    ("html", "better"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a<div>b</div>", "<p>a</p><div>b</div>"),
        ("<ul><li><b>a<li>b</ul>c", "<ul><li><b>a</b></li><li>b</li></ul>c"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<li><div>a<li>b", "<li><div>a</div></li><li>b</li>"),
        ("<dl><dt>a<dd>b<dt>c", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<dl><dd><ul><dd>b", "<dl><dd><ul><dd>b</dd></ul></dd></dl>"),
        ("<div><font>a</div>b", "<div><font>a</font></div>b"),
        ("<b><div>a</b>b</div>", "<b><div>ab</div></b>"),
        ("<h2>a<h3>b</h2>c", "<h2>a</h2><h3>b</h3>c"),
        ("<a href=1>a<a href=2>b", "<a href=1>a</a><a href=2>b</a>"),
        ("<table><tr><td>a<td>b<tr><th>c</table>d", "<table><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table>d"),
        (
            "<table><tbody><tr><td>a<tfoot><tr>",
            "<table><tbody><tr><td>a</td></tr></tbody><tfoot><tr></tr></tfoot></table>",
        ),
        (
            "<table><td><table><td>a<td>b</table>c<td>d",
            "<table><td><table><td>a</td><td>b</td></table>c</td><td>d</td></table>",
        ),
        ("<table><td>a</div></p></b>b</td>", "<table><td>ab</td></table>"),
        ("<div><table><td>a</div>b", "<div><table><td>ab</td></table></div>"),
        ("<p><button><p>a</button>b", "<p><button><p>a</p></button>b</p>"),
        ("<select><option>a<option>b</select>", "<select><option>a</option><option>b</option></select>"),
        ("<ruby>a<rt>b<rt>c</ruby>", "<ruby>a<rt>b</rt><rt>c</rt></ruby>"),
        ("a<br>b<img src=x>c<wbr>d", "a<br />b<img src=x />c<wbr />d"),
        ("<i/>a<a href=x/>b</a>", "<i/>a<a href=x/>b</a>"),
        (
            "<html><head><title>a<b></title></head><body>b</body></html>",
            "<html><head><title>a<b></title></head><body>b",
        ),
        ("a<!-- <b> -->b<!doctype x>c<?p?>d</i>", "abcd"),
        ("<script>'<b>'</script>a", "<script>'<b>'</script>a"),
        ("<STYLE><b></style>a", "<STYLE><b></style>a"),
        ("<textarea><b>", "<textarea><b></textarea>"),
        ("a < b <3 <> </ x", "a < b <3 <> </ x"),
        ("<a title=\"a > b\" href='>'>a", "<a title=\"a > b\" href='>'>a</a>"),
        ("<p>a<b", "<p>a</p>"),
        ("<p>a<b title='>", "<p>a</p>"),
        ("<p>a<!-- b", "<p>a</p>"),
    ],
)
def test_tags_that_were_left_out_are_written(html: str, better: str) -> None:
    assert balanced(html, levels=200) == better


def test_what_is_too_deep_follows_what_it_stood_in() -> None:
    assert balanced("<a><b><i>x<u>y</u>z</i></b></a>w", levels=3) == "<a><b><i>x</i><u>y</u>z</b></a>w"
    assert (
        balanced("<div>" * 5 + "x" + "</div>" * 5, levels=2)
        == "<div><div></div><div></div><div></div><div>x</div></div>"
    )


TAGS = "<p> </p> <b> </b> <div> </div> <li> <ul> </ul> <td> <table> </table> <a> </a> x".split()


@given(st.lists(st.sampled_from(TAGS)))
def test_what_is_right_stays(tags: list[str]) -> None:
    html = balanced("".join(tags), levels=200)
    assert balanced(html, levels=200) == html


@given(st.lists(st.sampled_from(TAGS)), st.integers(1, 4))
def test_each_element_ends_and_no_level_is_exceeded(tags: list[str], levels: int) -> None:
    open_elements: list[str] = []
    html = balanced("".join(tags), levels=levels)
    for end, name in re.findall(r"<(/?)([a-z]+)>", html):
        if end:
            assert open_elements.pop() == name
        else:
            open_elements.append(name)
        assert len(open_elements) <= levels
    assert open_elements == []
    assert html.count("x") == tags.count("x")


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b></i>",
        "<div><dd></dd>",
        "<p><b id=x>",
        "<a '",
        "<a x='",
        "<!--",
        "<!",
        "<title>",
        "<script ",
        "</x",
        "<table><tr><td>",
        "<li><ul>",
    ],
)
def test_time_grows_with_length_alone(piece: str) -> None:
    assert_proportional(lambda times: balanced("<dl><dd><ul>" + piece * times, levels=200), 3_000)
