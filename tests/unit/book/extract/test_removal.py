"""What is dropped takes with it the heading that announced it and the box that held it."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.removal import Explanation, drop_all
from sitebookify.book.tree import fragment
from support.documents import to_html

_GONE = "<form id=gone><input></form>"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<h1>Ash</h1><p>a</p><h3>Replies</h3>{_GONE}", "<h1>Ash</h1><p>a</p>"),
        (f"<h1>Ash</h1><p>a</p><h3>Replies</h3><div><h4>Write one</h4>{_GONE}</div>", "<h1>Ash</h1><p>a</p>"),
        (f"<h1>Ash</h1><h2>More</h2>{_GONE}<h2>Elm</h2><p>e</p>", "<h1>Ash</h1><h2>Elm</h2><p>e</p>"),
        (f"<h1>Ash</h1><h2>Ways</h2>{_GONE}<h3>By sea</h3>", "<h1>Ash</h1><h2>Ways</h2><h3>By sea</h3>"),
        ("<h1>Ash</h1><h2>Of trees</h2><div id=gone>Ann, today</div>", "<h1>Ash</h1><h2>Of trees</h2>"),
        ("<h1>Ash</h1><h2>Pages</h2><div id=gone><ul><li>x</li></ul></div>", "<h1>Ash</h1>"),
        (f"<h1>Ash</h1><h2>More</h2>{_GONE}<p>e</p>", "<h1>Ash</h1><h2>More</h2><p>e</p>"),
        (f"<h1>Ash</h1><h2>More</h2>{_GONE} e", "<h1>Ash</h1><h2>More</h2> e"),
        (f"<h1>Ash</h1><h2>More</h2>so <!-- -->{_GONE}", "<h1>Ash</h1><h2>More</h2>so <!-- -->"),
        (f"<h2>Ash</h2>{_GONE}<h2>Elm</h2><p>e</p>", "<h2>Ash</h2><h2>Elm</h2><p>e</p>"),
        (f"<p>a</p><details><summary>On this page</summary><div>{_GONE}</div></details>", "<p>a</p>"),
        (
            f"<p>a</p><details><summary>More</summary>{_GONE}<p>b</p></details>",
            "<p>a</p><details><summary>More</summary><p>b</p></details>",
        ),
        (f'<p>a</p><div><img src="a.png">{_GONE}</div>', '<p>a</p><div><img src="a.png"></div>'),
        ("<h1>Ash</h1><p>a</p><h2>More</h2><span id=gone>x</span>", "<h1>Ash</h1><p>a</p><h2>More</h2>"),
        ("<h1>Ash</h1><p>a</p><h2>More</h2><h2 id=gone>Elm</h2>", "<h1>Ash</h1><p>a</p><h2>More</h2>"),
        (f"<p>a</p><div>b {_GONE}</div>", "<p>a</p><div>b </div>"),
    ],
)
def test_a_heading_over_nothing_goes(html: str, left: str) -> None:
    """But not the page's first, nor one that has text, pictures or sections below it, nor for the sake of a word."""
    root = fragment(html)
    gone = next(each for each in root.iter() if each.get("id") == "gone")
    drop_all(root, [("gone", gone)], Explanation())
    assert to_html(root) == f"<div>{left}</div>"


def test_a_heading_that_goes_is_explained() -> None:
    root = fragment(f"<h1>Ash</h1><p>a</p><h3>Replies</h3>{_GONE}")
    explanation = Explanation(detailed=True)
    drop_all(root, [("form", next(root.iter("form")))], explanation)
    assert explanation.dropped == [
        "dropped by form: <form#gone> 0 words: ",
        "dropped by nothing is left below it: <h3> 1 words: Replies",
    ]
