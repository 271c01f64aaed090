"""Clean HTML as GitHub's Markdown: what each thing becomes."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from sitebookify.book.markdown import to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>A <code>b</code></h2>", "## A `b`\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ("<p>*a* _b_ [c] &lt;d&gt; # e</p>", "\\*a\\* \\_b\\_ \\[c\\] \\<d\\> \\# e\n"),
        ('<pre><code class="language-rust">fn a() {\n\n\tb\n}\n</code></pre>', "``` rust\nfn a() {\n\n\tb\n}\n```\n"),
        ("<p><code>a</code><code>b</code></p>", "`ab`\n"),
        ('<p><code>a <a href="http://e.org/">b</a>()</code></p>', "`a` [`b`](http://e.org/)`()`\n"),
        ("<p><code>a<em>b</em></code></p>", "`ab`\n"),
        ("<p><code>a<br>b</code></p>", "`a`\\\n`b`\n"),
        ("<p>Press <kbd>Ctrl</kbd></p>", "Press <kbd>Ctrl</kbd>\n"),
        (
            "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>",
            "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>\n",
        ),
        ('<p><abbr title="a &quot;b&quot;">c</abbr></p>', '<abbr title="a &quot;b&quot;">c</abbr>\n'),
        ('<p id="x" lang="ja"><span id="y">a</span></p>', "a\n"),
        ('<p><img src="assets/a.png" alt="b" width="9"></p>', "![b](assets/a.png)\n"),
        ('<p><span class="math inline">\\(a_1 &lt; |b|\\)</span> for $5</p>', "$a_1 < |b|$ for \\$5\n"),
        ('<p><span class="math display">\\[\\int x\\]</span></p>', "$$\\int x$$\n"),
        ("<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>", "$\\frac{a}{2}$\n"),
        ("<figure><img src='a.png' alt='b'><figcaption>c</figcaption></figure>", "![b](a.png)\n\n*c*\n"),
        (
            "<details><summary>a &amp; b</summary>c</details>",
            "<details>\n<summary>a &amp; b</summary>\n\nc\n\n</details>\n",
        ),
    ],
)
def test_each_thing_becomes_its_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


def test_an_admonition_becomes_an_alert_and_keeps_a_title_of_its_own() -> None:
    html = '<div class="admonition {0}"><p class="admonition-title">{1}</p><p>text</p></div>'
    assert to_markdown(html.format("note", "Note")) == "> [!NOTE]\n> text\n"
    assert to_markdown(html.format("warning", "Mind the gap")) == "> [!WARNING]\n> **Mind the gap**\n>\n> text\n"


def test_definitions_are_html_around_markdown() -> None:
    """GitHub's Markdown has no definition lists; blank lines let Markdown be read inside HTML."""
    html = "<dl><dt><code>a</code></dt><dt>b</dt><dd><p>c</p><ul><li>d</li></ul></dd></dl>"
    markdown = to_markdown(html)
    assert markdown.startswith("<dl>\n<dt>\n\n`a`\n\n</dt>\n<dt>\n\nb\n\n</dt>\n<dd>\n\nc\n\n- d\n\n</dd>\n</dl>")
    rendered = MarkdownIt("commonmark", {"html": True}).render(markdown)
    assert "<dt>\n<p><code>a</code></p>\n</dt>" in rendered


def test_definitions_inside_a_list_item_are_not_glued_to_its_line() -> None:
    assert to_markdown("<ul><li>a <dl><dt>b</dt><dd>c</dd></dl></li></ul>").startswith("- a\n\n  <dl>\n  <dt>\n")


def test_a_bar_in_a_pipe_table_is_escaped_in_code_and_formulas_too() -> None:
    row = '<td><code>a|b</code></td><td>c | d</td><td><span class="math inline">|x|</span></td>'
    markdown = to_markdown(f"<table><thead><tr><th>1</th><th>2</th><th>3</th></tr></thead><tr>{row}</tr></table>")
    assert "`a\\|b`" in markdown
    assert "c \\| d" in markdown
    assert "$\\|x\\|$" in markdown
    assert "<table" not in markdown


def test_a_table_that_markdown_cannot_hold_stays_html_with_its_code_and_formulas() -> None:
    cells = (
        '<td colspan="2" class="x" onclick="y"><pre><code class="language-py">a\n\n\nb\n</code></pre></td>'
        '<td><span class="math inline">\\(x\\)</span></td>'
    )
    markdown = to_markdown(f"<table><tr>{cells}</tr></table>")
    assert '<td colspan="2"><pre><code class="language-py">' in markdown
    assert "$x$" in markdown
    assert "\n\n" not in markdown.strip()  # a blank line would end the HTML
    rendered = MarkdownIt("commonmark", {"html": True}).render(markdown)
    assert "a\n&#10;&#10;b\n" in rendered


def test_footnotes_get_the_prefix_and_only_named_ids_become_anchors() -> None:
    html = (
        '<h2 id="a">A</h2><p id="b">x<a href="#n" role="doc-noteref">1</a></p>'
        '<section class="footnotes" role="doc-endnotes"><ol>'
        '<li id="n" role="doc-endnote"><p>note</p></li></ol></section>'
    )
    markdown = to_markdown(html, anchors={"a": "page--a"}, note_prefix="page-")
    assert markdown == '<a id="page--a"></a>\n\n## A\n\nx[^page-1]\n\n[^page-1]: note\n'


def test_a_note_called_twice_is_written_once() -> None:
    call = '<a href="#{0}" role="doc-noteref">{0}</a>'
    notes = "".join(f'<li id="{name}" role="doc-endnote"><p>note {name}</p></li>' for name in "ab")
    markdown = to_markdown(
        f"<p>x{call.format('a')} y{call.format('b')}</p><h2>z{call.format('b')}</h2><p><em>v{call.format('a')}</em></p>"
        f'<section class="footnotes" role="doc-endnotes"><ol>{notes}</ol></section>',
        note_prefix="p-",
    )
    assert markdown == "x[^p-1] y[^p-2]\n\n## z[^p-2]\n\n*v[^p-1]*\n\n[^p-1]: note a\n\n[^p-2]: note b\n"


def test_markup_cannot_pass_itself_off_as_a_message_to_the_writer() -> None:
    """Only the project's own code elements are passed through as HTML; those of a page are code."""
    assert to_markdown('<p><code class="raw-html">&lt;script&gt;</code></p>') == "`<script>`\n"
    assert to_markdown('<pre class="raw-html"><code>&lt;script&gt;</code></pre>') == "``` text\n<script>\n```\n"
    assert "```" in to_markdown('<pre><code class="language-raw-html">&lt;script&gt;</code></pre>')
    assert "`" in to_markdown('<p><code class="language-tex-inline">x</code></p>')


@pytest.mark.parametrize("holder", ["tbody", "tr", "td"])
def test_what_leads_to_a_row_leads_into_its_first_cell(holder: str) -> None:
    rows = "<tbody><tr><td></td><td>x</td></tr></tbody>".replace(f"<{holder}>", f'<{holder} id="r">', 1)
    assert '| <a id="p--r"></a> | x ' in to_markdown(f"<table>{rows}</table>", anchors={"r": "p--r"})
