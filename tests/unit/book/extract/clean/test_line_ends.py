"""Line ends of the source between letters of Chinese and Japanese."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("行の\n途中で折れた\n  文。", "行の途中で折れた文。"),
        ("行の\n<strong>途中</strong>\nで", "行の<strong>途中</strong>で"),
        ("<em>行の\n</em>途中", "<em>行の</em>途中"),
        ("『\n<strong>\n灯</strong>\n』", "『<strong>灯</strong>』"),
        ("汉字。\n标点。", "汉字。标点。"),
        ("行の\nABC\n途中", "行の ABC 途中"),
        ("行の\n<code>x</code>\n途中", "行の <code>x</code> 途中"),
        ("行の 途中", "行の 途中"),
        ("한국어는\n띄어 쓴다", "한국어는 띄어 쓴다"),
        ("one\ntwo", "one two"),
        ("行の<br>\n途中", "行の<br>途中"),
    ],
)
def test_line_ends_between_letters(source: str, line: str) -> None:
    """None is a space between two letters that are written without, also across tags; beside Latin it is one."""
    assert cleaned(f"<p>{source}</p>") == f"<p>{line}</p>"


def test_code_and_other_blocks_are_left() -> None:
    assert cleaned("<pre>行の\n途中</pre>") == '<pre><code class="language-text">行の\n途中\n</code></pre>'
    assert cleaned("<p>行の\n</p>\n<p>途中</p>") == "<p>行の</p><p>途中</p>"
