"""What does not go through pandoc's HTML reader comes out as if it had."""

from __future__ import annotations

import json

import pytest

from sitebookify.book import pandoc
from sitebookify.book.markdown.document import document
from sitebookify.book.tree import fragment

HTML = "html-auto_identifiers"
TAKEN = (
    "<p>one two\n three <em> spaced </em><strong>a</strong><strong>b</strong>, <code>x | y</code>.</p>",
    "<p># no heading</p><p>1. no list</p><p>- none</p><p>+ a_b_c *d* [e] $f$ ~g~ `h` &lt;i&gt; C #sharp @who</p>",
    '<p><a href="https://a.test/x?y=1&amp;z#w" title="t">a <em>link</em> </a>and <a href="x.md">another</a></p>',
    '<p>Picture <img src="assets/a.png" alt="two words" title="t">\xa0kept\u3000日本語</p>',
    "<h1>Title <code>code</code></h1><h2>\n  Spaced\n</h2><hr><p>  </p>",
    "<ul><li>plain</li><li>more <em>text</em><ul><li>below</li></ul></li></ul>",
    "<ol start='4'><li><p>paragraph</p><p>two</p></li><li>plain among them</li></ol>",
    "<ul><li>plain<p>beside a paragraph</p></li></ul><blockquote>plain<ul><li>above a list</li></ul></blockquote>",
    "<blockquote><p>said</p><ul><li>x</li></ul></blockquote><blockquote>bare</blockquote>",
    '<pre><code class="language-rust">\n  let x = "`";\n\t// end   \n\n\n</code></pre>',
    '<pre><code class="language-text">a ```\n```\nfence\n`````\n~~~\n</code></pre>',
    '<ul><li><p>item</p><pre><code class="language-c++">x</code></pre></li></ul>',
    '<pre class="raw-html"><code>&lt;dl&gt;\n&lt;dt&gt;</code></pre><p>term<br>line</p>',
    '<p>H<sub>2</sub>O x<sup>2</sup> <del>gone</del> <code class="raw-html">&lt;kbd&gt;</code>K</p>',
    '<p><code class="tex-inline">a_1</code> and <code class="tex-display">b = \\frac{1}{2}</code></p>',
)
LEFT = (
    "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
    '<div class="note"><div class="title"><p>Note</p></div><p>text</p></div>',
    '<p>an <a href="a b.html">odd link</a></p>',
    "<p>spaces at <code> the ends </code></p>",
    "<ul></ul>",
    '<ol type="a"><li>lettered</li></ol>',
    "<p>\x80 of Windows</p>",
    "<p><u>under</u></p>",
)


def _markdown(text: str, source: str) -> str:
    return pandoc.run(text, source=source, target="gfm-tex_math_gfm+tex_math_dollars")


def _raw(html: str) -> list[str]:
    """What was left to pandoc's reader."""
    blocks = json.loads(document(fragment(html), HTML))["blocks"]
    return [block["c"][1] for block in blocks if block["t"] == "RawBlock" and block["c"][0] == HTML]


@pytest.mark.parametrize("html", TAKEN)
def test_blocks_that_are_taken_say_the_same(html: str) -> None:
    assert not _raw(html)
    assert _markdown(document(fragment(html), HTML), "json") == _markdown(html, HTML)


@pytest.mark.parametrize("html", LEFT)
def test_blocks_with_anything_else_are_left_to_pandoc(html: str) -> None:
    around = f"<p>before</p>{html}<p>after</p>"
    assert len(_raw(around)) == 1
    assert _markdown(document(fragment(around), HTML), "json") == _markdown(around, HTML)


@pytest.mark.parametrize(
    "html",
    [
        "<p>first</p>words between<p>last</p>",
        "a line with <em>no</em> paragraph",
        (
            '<p>called<a href="#n" role="doc-noteref">1</a></p><p>between</p><section role="doc-endnotes"><ol>'
            '<li id="n" role="doc-endnote"><p>note</p></li></ol></section>'
        ),
    ],
)
def test_what_hangs_together_is_left_whole(html: str) -> None:
    assert len(_raw(html)) == 1
    assert _markdown(document(fragment(html), HTML), "json") == _markdown(html, HTML)


def test_nesting_without_end_is_left_to_pandoc() -> None:
    html = "<p>x</p>" + "<blockquote>" * 600 + "<p>deep</p>" + "</blockquote>" * 600
    assert len(_raw(html)) == 1
