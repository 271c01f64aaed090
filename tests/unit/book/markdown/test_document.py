"""Markdown as pandoc writes it, where that says what the page says; and what has to be otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from sitebookify.book import pandoc
from sitebookify.book.markdown.document import markdown
from sitebookify.book.tree import Element, fragment, make, to_html, words_of

SOURCE, TARGET = "html-auto_identifiers", "gfm-tex_math_gfm+tex_math_dollars"
TAKEN = (
    "<p>one two\n three <em> spaced </em><strong>a</strong><strong>b</strong>, <code>x | y</code>.</p>",
    "<p>1. no list</p><p>- none</p><p>+ a_b_c *d* [e] $f$ ~g~ `h` &lt;i&gt; C# @who</p><p># no heading</p>",
    "<p>1) a</p><p>iv. a</p><p>A. b</p><p>II. c</p><p>(a) d</p><p>-<em>x</em></p><p>#. c</p><p>=</p>",
    '<p><a href="https://a.test/x?y=1&amp;z#w" title="t">a <em>link</em> </a>and <a href="x.md">another</a></p>',
    '<p><a href="https://a.test/">https://a.test/</a> <a href="mailto:a@b.test">a@b.test</a> <a href="a:b">a:b</a></p>',
    '<p>Picture <img src="assets/a.png" alt="two words" title="t">\xa0kept\u3000日本語</p>',
    "<h1>Title <code>code</code></h1><h2>\n  Spaced\n</h2><hr><p>  </p>",
    "<ul><li>plain</li><li>more <em>text</em><ul><li>below</li></ul></li></ul>",
    "<ol start='4'><li><p>paragraph</p><p>two</p></li><li>plain among them</li></ol>",
    "<ol start='98'><li>a</li><li><ol><li>b</li></ol></li><li>c</li></ol><ol><li>another</li></ol>",
    "<ul><li>plain<p>beside a paragraph</p></li></ul><blockquote>plain<ul><li>above a list</li></ul></blockquote>",
    "<ul><li><ul><li>x</li></ul></li><li>y</li><li><h2>t</h2></li></ul><ul><li>☐ todo</li><li>☒ done</li></ul>",
    "<blockquote><p>said</p><hr><ul><li>x</li></ul></blockquote><blockquote>bare</blockquote>",
    '<pre><code class="language-rust">\n  let x = "`";\n\t// end   \n</code></pre>',
    '<pre><code class="language-text">a ```\n```\nfence\n`````\n~~~\n</code></pre>',
    '<ul><li><p>item</p><pre><code class="language-c++">x\n\n   \ny</code></pre></li></ul>',
    '<blockquote><pre><code class="language-x">x\n\n   \ny</code></pre></blockquote>',
    '<pre class="raw-html"><code>&lt;dl&gt;\n&lt;dt&gt;</code></pre><p>term<br>line</p>',
    '<p>H<sub>2</sub>O x<sup>2</sup> <del>gone</del> <code class="raw-html">&lt;kbd&gt;</code>K</p>',
    '<p><code class="tex-inline">a_1</code> and <code class="tex-display">b = \\frac{1}{2}</code></p>',
    '<p><code class="tex-inline">x</code>2 <code> at  the ends </code> <code>l\nm</code></p>',
    "<p><code>a`b</code> <code>`</code></p>",
    '<div class="note"><div class="title"><p>Note</p></div><p>text</p><p>more</p></div>',
    "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
    (
        "<table><thead><tr><th>a</th><th>日本</th></tr></thead>"
        "<tbody><tr><td align='right'>x</td><td></td></tr></tbody></table>"
    ),
    "<table><tr><td>a</td><td>b</td></tr><tr><td>x</td><td>" + "long " * 20 + "</td></tr></table>",
    "<p>first</p>words between<p>last</p>",
    "a line with <em>no</em> paragraph",
)
LEFT = (
    "<ul><ul><li>x</li></ul></ul>",
    "<p>\x80 of Windows</p>",
    "<p><u>under</u></p>",
    "<table><tbody><tr><td>a<ul><li>b</li></ul></td></tr></tbody></table>",
)


def _markdown(html: str, left: list[str] | None = None) -> str:
    def leave(part: str) -> str:
        assert left is not None, f"left to pandoc: {part}"
        left.append(part)
        return _by_pandoc(part)

    return markdown(fragment(html), leave, note_prefix="")


def _by_pandoc(html: str) -> str:
    return pandoc.run(html, source=SOURCE, target=TARGET)


@pytest.mark.parametrize("html", TAKEN)
def test_it_is_written_as_pandoc_does(html: str) -> None:
    assert _markdown(html) == _by_pandoc(html)


@pytest.mark.parametrize("html", LEFT)
def test_blocks_with_anything_else_are_left_to_pandoc(html: str) -> None:
    left: list[str] = []
    around = f"<p>before</p>{html}<p>after</p>"
    assert _markdown(around, left) == _by_pandoc(around)
    assert len(left) == 1


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<p>C:\\(x) '\\' \\w</p>", "C:\\\\(x) '\\\\' \\w\n"),
        ("<p>write &amp;lt; for &lt;, &amp; so</p>", "write \\&lt; for \\<, & so\n"),
        ('<pre><code class="language-x">a\n\n\n</code></pre>', "``` x\na\n\n\n```\n"),
        ("<p>line<br></p><p>next</p>", "line\n\nnext\n"),
        ("<p>one<br>- two<br>1. three<br>===</p>", "one\\\n\\- two\\\n1\\. three\\\n\\===\n"),
        ("<p>---</p><p>--</p>", "\\---\n\n--\n"),
        ('<p><a href="x" title="the &quot;y&quot;">z</a></p>', '[z](x "the \\"y\\"")\n'),
        ('<p><a href="a(b">c</a> <a href="a(b)">c</a> <a href="a b">d</a></p>', "[c](a%28b) [c](a(b)) [d](a%20b)\n"),
        ('<p>Look!<a href="x">y</a></p>', "Look\\![y](x)\n"),
        (
            '<div class="tip"><div class="title"><p>Tip</p></div><ul><li>a</li></ul></div>',
            "> [!TIP]\n> - a\n",
        ),
        ("<ul><li><ol><li>a</li></ol></li><li>b</li></ul>", "- 1.  a\n- b\n"),
        ('<ul><li>a<ol start="4"><li>b</li></ol></li></ul>', "- a\n\n  4.  b\n"),
        ("<ul><li>a<ul><li></li><li>b</li></ul></li></ul>", "- a\n\n  -\n  - b\n"),
        (f'<ol start="{"9" * 5000}"><li>a</li></ol>', "1.  a\n"),
        ('<p><a href="x" title="y | z">a</a></p>', '[a](x "y \\| z")\n'),
        ("<p>これは<strong>「強い」</strong>です。</p>", "これは<strong>「強い」</strong>です。\n"),
        ("<p><em>a<strong>b</strong></em>c</p>", "<em>a**b**</em>c\n"),
    ],
)
def test_what_pandoc_loses_or_readers_would_take_otherwise(html: str, want: str) -> None:
    assert _markdown(html) == want


def test_notes_stand_at_the_end_in_the_order_of_their_calls() -> None:
    call = '<a href="#{0}" role="doc-noteref">{0}</a>'.format
    note = '<li id="{0}" role="doc-endnote">{1} <a href="#back" role="doc-backlink">↩</a></li>'.format
    html = (
        f"<p>x{call('b')} y{call('a')}</p><section role='doc-endnotes'><ol>"
        + note("a", f"<p>says{call('c')}</p><p>more</p>")
        + note("b", "plain")
        + note("c", "<ul><li>item</li></ul>")
        + "</ol></section>"
    )
    said = markdown(fragment(html), str, note_prefix="p-")
    assert said == ("x[^p-1] y[^p-2]\n\n[^p-1]: plain\n\n[^p-2]: says[^p-3]\n\n    more\n\n[^p-3]:\n    - item\n")


def test_an_admonition_that_is_left_to_pandoc_keeps_its_kind() -> None:
    left: list[str] = []
    html = '<div class="note"><div class="title"><p>Note</p></div><p><u>under</u></p></div>'
    assert _markdown(html, left) == "> [!NOTE]\n> <u>under</u>\n"
    assert left == [html]


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(RecursionError):
        _markdown("<blockquote>" * 600 + "<p>deep</p>" + "</blockquote>" * 600)


_WORDS = st.text("ab1 *_`[]()<>&\\\\!~#-+.=|:\"'é「」。、^$;x", min_size=1, max_size=12)
_LINES = st.recursive(
    _WORDS.map(lambda text: [text]),
    lambda inner: st.lists(st.tuples(st.sampled_from(["em", "strong", "a", "del", "br"]), inner) | _WORDS, max_size=5),
    max_leaves=8,
)


def _filled(element: Element, parts: object) -> Element:
    """The element with texts and elements, as `_LINES` has them; no link in a link."""
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, tuple):
            tag, inner = part
            if tag == "a" and (element.tag == "a" or any(True for _ in element.iterancestors("a"))):
                tag = "em"
            child = make(tag, **({"href": "x.md"} if tag == "a" else {}))
            element.append(child)
            if tag != "br":
                _filled(child, inner)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + str(part)
        else:
            element.text = (element.text or "") + str(part)
    return element


def _said(element: Element, around: frozenset[str] = frozenset()) -> Iterator[tuple[str, list[str]]]:
    """Every letter and sign, and what it stands in."""

    def signs(text: str | None) -> Iterator[tuple[str, list[str]]]:
        yield from ((sign, sorted(around)) for sign in text or "" if not sign.isspace())

    yield from signs(element.text)
    for child in element:
        yield from _said(child, around | ({str(child.tag)} & {"em", "strong", "a", "del"}))
        yield from signs(child.tail)


@settings(max_examples=300, deadline=None)
@given(_LINES)
@example(["a", ("em", ["b*", ("strong", ["c"])]), "1"])
@example([("strong", ["「a」"]), "b", ("br", []), "- c"])
@example(["1.", ("em", ["a"])])
@example(["!", ("a", ["b"])])
def test_readers_take_it_for_what_it_was(parts: list[object]) -> None:
    """CommonMark's own way back: nothing lost, nothing added, everything in what it stood in."""
    paragraph = _filled(make("p"), parts)
    want = list(_said(paragraph))
    if not words_of(paragraph):
        return
    left: list[str] = []
    said = _markdown(to_html(paragraph), left)
    if left:  # an element that says nothing
        return
    rendered = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").render(said)
    rendered = rendered.replace("<s>", "<del>").replace("</s>", "</del>")
    whole = lxml_html.fragment_fromstring(rendered, create_parent="div")
    assert [str(block.tag) for block in whole] == ["p"], said
    assert list(_said(whole[0])) == want, said
