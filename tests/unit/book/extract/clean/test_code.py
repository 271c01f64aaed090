"""Code blocks of every highlighter come out as their author wrote them."""

from __future__ import annotations

import pytest

from support.pages import cleaned


def _block(code: str, language: str = "text") -> str:
    return f'<pre><code class="language-{language}">{code}\n</code></pre>'


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ("<pre>a\n\n\n    b  \n\n</pre>", _block("a\n\n\n    b")),
        (
            '<div class="highlight-python3"><pre><b>def</b> f():\n  <i>x</i></pre></div>',
            _block("def f():\n  x", "python3"),
        ),
        ('<figure class="highlight"><pre data-lang="go">x</pre></figure>', f"<figure>{_block('x', 'go')}</figure>"),
        ('<pre class="brush: php; gutter: false">x</pre>', _block("x", "php")),
        ('<pre class="prettyprint lang-js">x</pre>', _block("x", "js")),
        ('<pre><code class="hljs rust">x</code></pre>', _block("x", "rust")),
        ('<pre><code class="nohighlight">x</code></pre>', _block("x")),
        ("<pre>a<br>b<div>c</div>d</pre>", _block("a\nb\nc\nd")),
        ("<pre>a\u00a0b\u200b</pre>", _block("a b")),
        ("<pre><button>Copy</button>x</pre>", _block("x")),
    ],
)
def test_one_form(drawn: str, plain: str) -> None:
    """White space is exact, the language is kept, and nothing else is in it."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    "drawn",
    [
        '<table><tr><td class="linenos"><pre>1\n2</pre></td><td class="code"><pre>a\n b</pre></td></tr></table>',
        '<table class="rouge-table"><tr><td class="gutter"><pre>1\n2</pre></td><td><pre>a\n b</pre></td></tr></table>',
        '<pre><span class="lineno">1 </span>a\n<span class="lineno">2 </span> b</pre>',
        '<div class="fragment"><div class="line"><span class="lineno">1</span>a</div><div class="line"> b</div></div>',
        '<div><div class="line">a</div><div class="line"> b</div><div class="ttc">what a is</div></div>',
    ],
)
def test_line_numbers_and_tooltips_are_no_code(drawn: str) -> None:
    """However the numbers stand beside the code, only the code is left."""
    assert cleaned(drawn) == _block("a\n b")


def test_the_number_of_a_single_line_is_no_code() -> None:
    """Beside one block of code, that is; a number among the cells of data stays."""
    row = "<tr><td><pre>12</pre></td><td><pre>a</pre></td></tr>"
    assert cleaned(f"<table>{row}</table>") == _block("a")
    assert cleaned(f"<table>{row}{row}</table>").count(">12") == 2


def test_a_table_of_numbers_stays_a_table() -> None:
    """Only a gutter counts lines: data that happens to be numbers is data."""
    html = cleaned("<table><tr><td>1</td><td>2</td></tr><tr><td>2</td><td>3</td></tr></table>")
    assert html == "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>2</td><td>3</td></tr></tbody></table>"


def test_languages_are_those_of_the_block_itself() -> None:
    """A box around several blocks says nothing of each of them."""
    assert 'language-go"' not in cleaned('<div class="lang-go"><pre>a</pre><pre>b</pre></div>')


def test_code_in_a_table_beside_a_picture_leaves_the_picture() -> None:
    html = cleaned("<table><tr><td><pre>a</pre></td><td><div><img src='a.png'></div></td></tr></table>")
    assert _block("a") in html
    assert '<img src="https://example.org/a.png">' in html


def test_code_in_inline_code_is_a_block() -> None:
    """As old pages have it; inside inline code nothing could be a block."""
    assert cleaned("<tt><pre><font size=2>a\n  b</font></pre></tt>") == _block("a\n  b")
