"""Lines and paragraphs."""

from __future__ import annotations

import pytest

from support.pages import cleaned


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (
            "one<br><br>two<br>three<br> <br><b>four</b><br><br>",
            "<p>one</p><p>two<br>three</p><p><strong>four</strong></p>",
        ),
        ("<p id=a>one<br><br><br>two</p>", '<p id="a">one</p><p>two</p>'),
        ("<p><br><br>one<br></p>", "<p>one</p>"),
        ("<p>one<br>two</p>", "<p>one<br>two</p>"),
    ],
)
def test_blank_lines_end_paragraphs(lines: str, paragraphs: str) -> None:
    assert cleaned(lines) == paragraphs


def test_a_place_in_an_empty_paragraph_stays() -> None:
    """Links lead to what follows it; where nothing does, to the paragraph."""
    empty = '<p><span id="a"></span></p>'
    assert cleaned(f"<p>x</p>{empty}<p>y</p>") == '<p>x</p><p id="a">y</p>'
    assert cleaned(f'<p>x</p>{empty}<p id="b">y</p>') == '<p>x</p><p id="b"><span id="a"></span>y</p>'
    assert 'id="a"' in cleaned(f'<p>x</p>{empty}<ul id="b"><li>y</li></ul>')
    assert 'id="a"' in cleaned(f"<p>x</p>{empty}")
