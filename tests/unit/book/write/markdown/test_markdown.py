"""Documents as GitHub's Markdown: what each thing becomes."""

from __future__ import annotations

import pytest

from sitebookify.book.document import nodes as n
from sitebookify.book.write.markdown import document_markdown
from support.documents import URL, document_from_html


def markdown(html: str, language: str = "") -> str:
    """Clean HTML by way of its document."""
    return document_markdown(document_from_html(html, language=language))


def written(*blocks: n.Block) -> str:
    """Blocks as Markdown."""
    return document_markdown(n.Document(URL, "Title", blocks))


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<p>one\n two <em> spaced </em><strong>a</strong><strong>b</strong>.</p>", "one two *spaced* **ab**."),
        ("<p>a<br>b</p>", "a\\\nb"),
        ("<p>line<br></p><p>next</p>", "line\n\nnext"),
        (
            "<p>H<sub>2</sub>O x<sup>2</sup> <del>gone</del> <u>under</u></p>",
            "H<sub>2</sub>O x<sup>2</sup> ~~gone~~ <u>under</u>",
        ),
        ("<p><code>a</code><code>b</code></p>", "`ab`"),
        ("<p><code>a`b</code> <code>`</code> <code>x | y</code></p>", "`` a`b `` `` ` `` `x | y`"),
        ("<p><code> at  the ends </code> <code>l\nm</code></p>", "`at the ends` `l m`"),
        ('<p><code>a <a href="http://e.org/">b</a>()</code></p>', "`a` [`b`](http://e.org/)`()`"),
        ("<p><code>a<em>b</em></code></p>", "`ab`"),
        ("<p><code>a<br>b</code></p>", "`a`\\\n`b`"),
        ("<p>Press <kbd>Ctrl</kbd><kbd>C</kbd></p>", "Press <kbd>Ctrl</kbd><kbd>C</kbd>"),
        ("<p><var>x</var>, <dfn>y</dfn>, <cite>z</cite>, <small>w</small></p>", "*x*, *y*, *z*, w"),
        ("<p><em>a<em>b</em></em></p>", "*ab*"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>"),
        ('<p><abbr title="a &quot;b&quot; |">c</abbr></p>', '<abbr title="a &quot;b&quot; &#124;">c</abbr>'),
        ('<p><bdo dir="rtl">abc</bdo></p>', '<bdo dir="rtl">abc</bdo>'),
        ('<p id="x" lang="ja"><span id="y">a</span></p>', "a"),
        ("<p>Picture\xa0kept\u3000日本語</p>", "Picture\xa0kept\u3000日本語"),
    ],
)
def test_what_stands_in_a_line(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        (
            '<p><a href="https://a.test/x?y=1&amp;z#w" title="t">a <em>link</em> </a>and</p>',
            '[a *link*](https://a.test/x?y=1&z#w "t") and',
        ),
        ('<p><a href="https://a.test/">https://a.test/</a></p>', "<https://a.test/>"),
        ('<p><a href="mailto:a@b.test">a@b.test</a></p>', "<a@b.test>"),
        ('<p><a href="https://a.test/b(c">d</a></p>', "[d](https://a.test/b%28c)"),
        ('<p><a href="https://a.test/b(c)">d</a></p>', "[d](https://a.test/b(c))"),
        ('<p><a href="https://a.test/b)c(">d</a></p>', "[d](https://a.test/b%29c%28)"),
        ('<p><a href="https://a.test/a b">d</a></p>', "[d](https://a.test/a%20b)"),
        (
            '<p><a href="https://a.test/" title="the &quot;y&quot; | z">z</a></p>',
            '[z](https://a.test/ "the \\"y\\" \\| z")',
        ),
        ('<p>Look!<a href="https://a.test/">^y</a></p>', "Look\\![\\^y](https://a.test/)"),
        (
            '<p><img src="https://a.test/b.png" alt="two words" title="t" width="9"></p>',
            '![two words](https://a.test/b.png "t")',
        ),
        ('<p><img alt="no source"></p>', "no source"),
    ],
)
def test_links_and_pictures(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<p>*a* _b_ [c] &lt;d&gt; # e</p>", "\\*a\\* \\_b\\_ \\[c\\] \\<d\\> \\# e"),
        ("<p>a_b_c C# @who $f$ `h`</p>", "a_b_c C# @who \\$f\\$ \\`h\\`"),
        ("<p>10~20 ~~x~~ ~/a /~b</p>", "10\\~20 \\~\\~x\\~\\~ ~/a /~b"),
        ("<p>C:\\(x) '\\' \\w</p>", "C:\\\\(x) '\\\\' \\w"),
        ("<p>write &amp;lt; for &lt;, &amp; so</p>", "write \\&lt; for \\<, & so"),
        (
            "<p>1. a</p><p>1) b</p><p>iv. c</p><p>II. d</p><p>(a) e</p>",
            "1\\. a\n\n1\\) b\n\niv\\. c\n\nII\\. d\n\n\\(a\\) e",
        ),
        ("<p>- a</p><p>+ b</p><p>-<em>c</em></p><p># d</p>", "\\- a\n\n\\+ b\n\n\\-*c*\n\n\\# d"),
        ("<p>one<br>- two<br>1. three<br>===</p>", "one\\\n\\- two\\\n1\\. three\\\n\\==="),
        ("<p>---</p><p>--</p>", "\\---\n\n--"),
        ("<p>これは<strong>「強い」</strong>です。</p>", "これは<strong>「強い」</strong>です。"),
        ("<p><em>a<strong>b</strong></em>c</p>", "<em>a**b**</em>c"),
        ("<p><em>a<strong>b</strong>c</em></p>", "*a<strong>b</strong>c*"),
        ("<p><strong>a</strong><em>b</em></p>", "<strong>a</strong>*b*"),
    ],
)
def test_text_is_not_taken_for_signs(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


@pytest.mark.parametrize(
    ("language", "want"),
    [("", "“a ‘b’”"), ("de-AT", "„a ‚b‘“"), ("ja", "「a 『b』」"), ("fr", "«\xa0a “b”\xa0»")],  # noqa: RUF001 - as they are
)
def test_quotations_have_the_marks_of_their_language(language: str, want: str) -> None:
    assert markdown("<p><q>a <q>b</q></q></p>", language) == want + "\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ('<p><span class="math inline">\\(a_1 &lt; |b|\\)</span> for $5</p>', "$a_1 < |b|$ for \\$5"),
        ('<p><span class="math display">\\[\\int x\\]</span></p>', "$$\\int x$$"),
        ("<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>", "$\\frac{a}{2}$"),
        ('<p><span class="math inline">\\(x\\)</span>2</p>', "$x$<!-- -->2"),
        (
            '<p><span class="math inline">\\(x\\)</span><span class="math inline">\\(y\\)</span></p>',
            "$x$<!-- -->$y$",
        ),
    ],
)
def test_formulas_are_tex_that_nothing_beside_them_spoils(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<h2>\n  A <code>b</code><br>c</h2><hr><p>  </p>", f"## A `b` c\n\n{'-' * 72}"),
        ('<pre><code class="language-rust">fn a() {\n\n\tb\n}\n</code></pre>', "```rust\nfn a() {\n\n\tb\n}\n```"),
        ("<pre><code>a ```\n```\nb\n`````\n~~~\n</code></pre>", "``````\na ```\n```\nb\n`````\n~~~\n``````"),
        ('<pre><code class="language-x">a\n\n\n</code></pre>', "```x\na\n\n\n```"),
        ('<pre><code class="language-a`b">x</code></pre>', "```\nx\n```"),
        (
            "<blockquote><p>said</p><hr><ul><li>x</li></ul></blockquote>",
            f"> said\n>\n> {'-' * 72}\n>\n> - x",
        ),
        (
            '<blockquote><pre><code class="language-x">x\n\n   \ny</code></pre></blockquote>',
            "> ```x\n> x\n>\n>    \n> y\n> ```",
        ),
        ("<p>first</p>words between<p>last</p>", "first\n\nwords between\n\nlast"),
        (
            '<div class="line-block"><div>\xa0one</div><div></div><div>two</div></div>',
            "\xa0one\\\n\\\ntwo",
        ),
        (
            "<figure><img src='https://a.test/a.png' alt='b'><figcaption>c</figcaption></figure>",
            "![b](https://a.test/a.png)\n\n*c*",
        ),
        (
            "<figure><figcaption>c</figcaption><pre><code>x</code></pre></figure>",
            "*c*\n\n```\nx\n```",
        ),
        (
            '<div class="tab-set"><div class="tab"><p class="tab-label">A</p>a</div><div class="tab">b</div></div>',
            "**A**\n\na\n\nb",
        ),
        (
            "<details><summary>a &amp; <code>b</code></summary>c</details>",
            "<details>\n<summary>a &amp; <code>b</code></summary>\n\nc\n\n</details>",
        ),
    ],
)
def test_blocks(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ("<ul><li>plain</li><li>more<ul><li>below</li></ul></li></ul>", "- plain\n- more\n  - below"),
        (
            "<ol start='4'><li><p>a</p><p>two</p></li><li>plain</li></ol>",
            "4.  a\n\n    two\n\n5.  plain",
        ),
        (
            "<ol start='98'><li>a</li><li><ol><li>b</li></ol></li><li>c</li></ol><ol><li>other</li></ol>",
            "98. a\n99. 1.  b\n100. c\n\n<!-- -->\n\n1.  other",
        ),
        ("<ul><li>plain<p>beside a paragraph</p></li></ul>", "- plain\n\n  beside a paragraph"),
        ("<ul><li>☐ to do</li><li>☒ done</li></ul>", "- [ ] to do\n- [x] done"),
        ("<ul><li>a<ol start='4'><li>b</li></ol></li></ul>", "- a\n\n  4.  b"),
        ("<ul><li>a<ul><li></li><li>b</li></ul></li></ul>", "- a\n\n  -\n  - b"),
        (f"<ol start='{'9' * 5000}'><li>a</li></ol>", "1.  a"),
        (
            '<ul><li><p>item</p><pre><code class="language-c++">x\n\n   \ny</code></pre></li></ul>',
            "- item\n\n  ```c++\n  x\n\n     \n  y\n  ```",
        ),
        ("<ul><li><hr></li></ul>", f"- {'*' * 72}"),
        (
            "<ul><li>a <dl><dt>b</dt><dd>c</dd></dl></li></ul>",
            "- a\n\n  <dl>\n  <dt>\n\n  b\n\n  </dt>\n  <dd>\n\n  c\n\n  </dd>\n  </dl>",
        ),
    ],
)
def test_lists(html: str, want: str) -> None:
    assert markdown(html) == want + "\n"


def test_numbers_that_do_not_follow_each_other_begin_a_list_of_their_own() -> None:
    """Readers count on from a list's first number, whatever the others are."""
    html = "<ol><li>a</li><li>b</li><li value='7'>c</li><li>d</li></ol>"
    assert markdown(html) == "1.  a\n2.  b\n\n<!-- -->\n\n7.  c\n8.  d\n"
    assert markdown("<ol reversed start='2'><li>a</li><li>b</li></ol>") == "2.  a\n\n<!-- -->\n\n1.  b\n"


def test_an_admonition_becomes_an_alert_and_keeps_a_title_of_its_own() -> None:
    html = '<div class="admonition {0}"><p class="admonition-title">{1}</p><p>text</p></div>'
    assert markdown(html.format("note", "Note:")) == "> [!NOTE]\n> text\n"
    assert markdown(html.format("warning", "Mind the gap")) == "> [!WARNING]\n> **Mind the gap**\n>\n> text\n"


def test_definitions_are_html_around_markdown() -> None:
    """GitHub's Markdown has no definition lists; blank lines let Markdown be read inside HTML."""
    html = "<dl><dt><code>a</code></dt><dt>b</dt><dd><p>c</p><ul><li>d</li></ul></dd></dl>"
    want = "<dl>\n<dt>\n\n`a`\n\n</dt>\n<dt>\n\nb\n\n</dt>\n<dd>\n\nc\n\n- d\n\n</dd>\n</dl>\n"
    assert markdown(html) == want


def test_lists_in_definitions_share_their_lines_of_html() -> None:
    html = "<dl><dt>a</dt><dd><dl><dt>b</dt><dd>c</dd></dl></dd></dl>"
    assert "<dd>\n<dl>\n<dt>\n\nb\n\n" in markdown(html)
    assert markdown(html).endswith("c\n\n</dd>\n</dl>\n</dd>\n</dl>\n")


def test_a_table_between_pipes_is_lined_up_unless_it_is_wide() -> None:
    rows = "<thead><tr><th>a</th><th>日本</th></tr></thead><tbody><tr><td align='right'>x</td><td></td></tr></tbody>"
    assert markdown(f"<table>{rows}</table>") == "|   a | 日本 |\n|----:|------|\n|   x |      |\n"
    wide = markdown(f"<table><tr><td>a</td><td>{'long ' * 20}</td></tr></table>")
    assert wide == f"|  |  |\n|----|----|\n| a | {('long ' * 20).strip()} |\n"


def test_a_table_without_a_head_takes_its_first_row_if_it_is_all_headings() -> None:
    html = "<table><tr><th>a</th><th>b</th></tr><tr><th>x</th><td>y</td></tr></table>"
    assert markdown(html) == "| a   | b   |\n|-----|-----|\n| x   | y   |\n"


def test_a_bar_in_a_pipe_table_is_escaped_in_code_and_formulas_too() -> None:
    row = '<td><code>a|b</code><br>x</td><td>c | d</td><td><span class="math inline">|x|</span></td>'
    table = markdown(f"<table><tr><th>1</th><th>2</th><th>3</th></tr><tr>{row}</tr></table>")
    assert "| `a\\|b`<br />x | c \\| d | $\\|x\\|$ |" in table


def test_a_caption_follows_a_pipe_table_in_italics() -> None:
    assert markdown("<table><caption>c <em>d</em></caption><tr><td>a</td></tr></table>").endswith("|\n\n*c d*\n")


def test_a_table_that_pipes_cannot_hold_is_html_with_markdown_in_cells_of_blocks() -> None:
    cells = (
        '<td colspan="2" align="right">a &lt; <code>b</code><br><em>c</em></td>'
        '<td><pre><code class="language-py">a\n\n\nb\n</code></pre></td>'
    )
    assert markdown(f"<table><caption>C</caption><tr>{cells}</tr><tr><th scope='row'>d</th></tr></table>") == (
        "<table>\n<caption>C</caption>\n<tbody>\n<tr>\n"
        '<td colspan="2" align="right">a &lt; <code>b</code><br><em>c</em></td>\n'
        "<td>\n\n```py\na\n\n\nb\n```\n\n</td>\n</tr>\n"
        '<tr><th scope="row">d</th></tr>\n</tbody>\n</table>\n'
    )


def test_formulas_and_notes_in_such_a_table_are_read_as_markdown() -> None:
    html = (
        '<table><tr><td rowspan="2"><span class="math inline">\\(x\\)</span></td><td>y</td></tr></table>'
        '<p><a href="{0}#n" role="doc-noteref">1</a></p>'
        '<section role="doc-endnotes"><ol><li id="n" role="doc-endnote">z</li></ol></section>'
    )
    assert '<td rowspan="2">\n\n$x$\n\n</td>\n<td>y</td>' in markdown(html.format(URL))
    in_table = '<table><tr><td rowspan="2">a{0}</td></tr></table>{1}'
    call, _, section = html.format(URL).partition("<p>")[2].partition("</p>")
    assert markdown(in_table.format(call, section)).endswith("a[^1]\n\n</td>\n</tr>\n</tbody>\n</table>\n\n[^1]: z\n")


def test_markup_cannot_pass_itself_off_as_the_writers_own() -> None:
    assert markdown('<p><code class="raw-html">&lt;script&gt;</code></p>') == "`<script>`\n"
    assert markdown('<pre class="raw-html"><code>&lt;script&gt;</code></pre>') == "```\n<script>\n```\n"
    assert markdown("<table><tr><td colspan='2'>&lt;script&gt;</td></tr></table>").count("&lt;script&gt;") == 1


NOTE = n.Footnote


def test_notes_stand_at_the_end_in_the_order_of_their_calls() -> None:
    call = f'<a href="{URL}#{{0}}" role="doc-noteref">{{0}}</a>'.format
    note = '<li id="{0}" role="doc-endnote">{1} <a href="#back" role="doc-backlink">↩</a></li>'.format
    html = (
        f"<p>x{call('b')} y{call('a')}</p><h2>z{call('b')}</h2><section role='doc-endnotes'><ol>"
        + note("a", f"<p>says{call('c')}</p><p>more</p>")
        + note("b", "plain")
        + note("c", "<ul><li>item</li></ul>")
        + "</ol></section>"
    )
    assert markdown(html) == (
        "x[^1] y[^2]\n\n## z[^1]\n\n[^1]: plain\n\n[^2]: says[^3]\n\n    more\n\n[^3]:\n    - item\n"
    )


def test_a_call_is_not_taken_for_a_note_or_a_link_with_what_follows_it() -> None:
    notes = (n.Footnote("n", (n.Para(("note",)),)),)
    content = (n.Note("n"), ": a", n.Link(("b", n.Note("n"), "c"), "https://a.test/"), n.Note("n"), "(d)")
    document = n.Document(URL, "Title", (n.Para(content),), notes)
    want = "[^1]\\: a[b](https://a.test/)[^1][c](https://a.test/)[^1]\\(d)\n\n[^1]: note\n"
    assert document_markdown(document) == want


def test_a_note_that_is_not_called_keeps_its_text() -> None:
    document = n.Document(URL, "Title", (n.Para(("a", n.Note("none"))),), (n.Footnote("n", (n.Para(("note",)),)),))
    assert document_markdown(document) == "a\n\nnote\n"


@pytest.mark.parametrize(
    "around",
    [
        lambda inner: n.BlockQuote((inner,)),
        lambda inner: n.BulletList((n.ListItem((inner,)),)),
        lambda inner: n.Div((inner,)),
        lambda inner: n.Table((n.RowGroup((n.Row((n.Cell((inner,)),)),)),)),
        lambda inner: n.DefinitionList((n.DefinitionItem((), (n.Definition((inner,)),)),)),
    ],
)
def test_blocks_as_deep_as_documents_have_them(around: object) -> None:
    block: n.Block = n.Para(("deep",))
    for _ in range(100):
        block = around(block)  # type: ignore[operator]  # a function of the list above
    assert written(block).count("deep") == 1


def test_lines_as_deep_as_documents_have_them() -> None:
    content: n.Inlines = ("deep",)
    for number in range(100):
        content = ((n.Emph, n.Strong, n.Superscript, n.Quoted)[number % 4](content), "a")
    assert written(n.Para(content)).count("deep") == 1
