"""Lines that end where they end in the page."""

from __future__ import annotations

import pytest

from support.pages import cleaned

DOCUTILS = (
    '<div class="line-block"><div class="line">One</div><div class="line-block"><div class="line">two</div></div>'
    '<div class="line">three <em>x</em></div></div>'
)


def test_line_blocks_of_docutils() -> None:
    """They are verse, not code; the lines of a block inside are indented."""
    made = cleaned(DOCUTILS)
    assert made.startswith('<div class="line-block">')
    assert "<pre>" not in made
    assert "\N{EM SPACE}two" in made
    assert "three <em>x</em>" in made


@pytest.mark.parametrize(
    "drawn",
    [
        '<pre class="wp-block-verse">The fog\n  comes <em>in</em>\n</pre>',
        '<div class="verseblock"><pre class="content">The fog\n  comes <em>in</em></pre></div>',
    ],
)
def test_verse_in_pre(drawn: str) -> None:
    assert cleaned(drawn) == "<p>The fog<br>\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}comes <em>in</em></p>"


def test_style_keeps_lines() -> None:
    assert cleaned('<p style="white-space: pre-line">One\ntwo</p>') == "<p>One<br>two</p>"
    assert cleaned("<p>One\ntwo</p>") == "<p>One two</p>"


def test_code_in_pre_stays_code() -> None:
    assert cleaned('<div class="poem-tools"><pre><code>x\ny</code></pre></div>').startswith("<pre>")
