"""book.adoc: nothing on a page is lost, or taken for mark-up.

What Asciidoctor makes of it was tried with 8,000 blocks at random, whose text is full of mark-up; these are the cases
in which pandoc's own writer lost something, and what keeps them from it now.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from sitebookify.book.document.nodes import Document
from sitebookify.book.document.walk import text_of
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.links import Target
from sitebookify.book.pandoc import MEMORY_BYTES
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.asciidoc import asciidoc
from sitebookify.book.write.asciidoc import page as asciidoc_page
from sitebookify.book.write.page_context import PageContext
from sitebookify.messages import Message
from support.documents import URL, document_from_html
from support.sampled_documents import LETTERS, SEEDS, random_document

_WORD = re.compile(f"[{LETTERS}]+")


def order(**more: Any) -> PageOrder:
    settings: dict[str, Any] = {"slug": "page", "shift": 0, "language": "en", "ids": {}}
    return PageOrder(**{**settings, "links": {}, "images": {}, "sources": (), **more})


def page_asciidoc(
    document: Document, order: PageOrder, troubles: list[Message] | None = None, *, memory: int = MEMORY_BYTES
) -> str:
    troubles = [] if troubles is None else troubles
    return asciidoc_page(PageContext(document=document, order=order, troubles=troubles), memory=memory)


def adoc(html: str, **more: Any) -> str:
    """What comes after the title."""
    page = page_asciidoc(document_from_html(f"<h1>T</h1>{html}"), order(**more))
    return page.removeprefix("[[page]]\n== T\n\n").removesuffix("\n")


def test_the_page_s_number_stands_in_its_heading_of_which_the_contents_are_made() -> None:
    document = document_from_html("<h1>T</h1><h2>U</h2>")
    assert page_asciidoc(document, order(number="4.1.")) == "[[page]]\n== 4&#46;1. T\n\n=== U\n"


@settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(SEEDS)
def test_no_word_is_lost(seed: int) -> None:
    document = random_document(seed)
    page = page_asciidoc(document, order())
    assert Counter(_WORD.findall(text_of([document]))) - Counter(_WORD.findall(unescape(page))) == Counter()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "plain words, a_b 2*3 C# std::vector: done; e.g. [no]",
            "plain words, a_b 2*3 C&#35; std::vector: done; e.g. &#91;no&#93;",
        ),
        (
            "*a* _b_ `c` #d# ^e^ ~f~ +g+",
            "&#42;a&#42; &#95;b&#95; &#96;c&#96; &#35;d&#35; &#94;e&#94; &#126;f&#126; &#43;g&#43;",
        ),
        (
            "{name} &lt;&lt;x>> ((i)) $$p$$",
            "&#123;name&#125; &#60;&#60;x&#62;&#62; &#40;&#40;i)) &#36;&#36;p&#36;&#36;",
        ),
        ("a--b ... (C) (TM) &amp;amp;", "a&#45;&#45;b ... &#40;C) &#40;TM) &#38;amp;"),
        ("http://e.com/ a@b.c link:x[y]", "http&#58;//e.com/ a&#64;b.c link:x&#91;y&#93;"),
        ("--all -- a; {;;", "&#45;-all &#45;&#45; a; &#123;&#59;&#59;"),
        ("= a", "&#61; a"),
        ("* a", "&#42; a"),
        (". a", "&#46; a"),
        ("1. a", "1&#46; a"),
        ("iv) a", "iv&#41; a"),
        ("// a", "&#47;/ a"),
        (":a: b", "&#58;a: b"),
        ("----", "&#45;&#45;&#45;&#45;"),
        ("|===", "&#124;==="),
        ("NOTE: a", "NOTE&#58; a"),
        ("a:: b", "a&#58;&#58; b"),
        ("include::/etc/passwd[]", "include::/etc/passwd&#91;&#93;"),
        ("a<br>. b<br><br>+<br>c", "a +\n&#46; b +\n&#43; +\nc"),
        ("\ue000a\ue010", "&#57344;a&#57360;"),
    ],
)
def test_text_is_text(text: str, written: str) -> None:
    assert adoc(f"<p>{text}</p>") == written


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<b>a</b> <i>b</i>, <code>c</code> (<mark>d</mark>)", "*a* _b_, `c` (#d#)"),
        ("<b>a</b>b <i> c </i>d x<code>y</code>", "**a**b _c_ d x``y``"),
        ("<b>a <i>b</i></b> <b>c <b>d</b></b>", "**a __b__** *c d*"),
        ("<kbd>k</kbd> <u>u</u> <del>d</del>", "{empty}[.kbd]##k## [.underline]##u## [.line-through]##d##"),
        ("x<sup>a b</sup><sub>c</sub> <q>d</q>", "x^a&#32;b^~c~ “d”"),
        ("<code>don't {x}...</code>; all:", "`don&#39;t &#123;x&#125;&#46;&#46;&#46;`; all:"),
        ("all:<kbd>k</kbd>", "all&#58;[.kbd]##k##"),
        ('<a href="https://e.com/a_">https://e.com/a_</a>', "link:++https://e.com/a_++[]"),
        (
            '<a href="https://e.com/_x_?a=[1]">t = [a]</a><b>b</b>',
            "link:++https://e.com/_x_?a=[1]++[t &#61; &#91;a&#93;]{empty}**b**",
        ),
        ('<a href="https://e.com/c++">c</a>', "link:++https://e.com/c%2B%2B++[c]"),
        ('<span class="math inline">\\(a]b\\)</span>', r"latexmath:[a\]b]"),
    ],
)
def test_lines(html: str, written: str) -> None:
    assert adoc(f"<p>{html}</p>") == written


def test_links_into_the_book_and_pictures() -> None:
    html = (
        f'<p><a href="{URL}#it">here</a>, <a href="{URL}x">there</a>, <a href="{URL}#_x_">_x_</a></p>'
        '<h2 id="it">It</h2>'
        '<p id="_x_"><a href="https://e.com/_"><img src="https://e.com/a.png" alt="a, &quot;b&quot;" width="20"></a>'
    )
    links = {
        f"{URL}#it": Target(slug="page", anchor="it"),
        f"{URL}x": Target(slug="two--2"),
        f"{URL}#_x_": Target(slug="page", anchor="_x_"),
    }
    written = adoc(html, links=links, images={"https://e.com/a.png": "a.png"}, ids={"it": 0, "_x_": 0})
    assert written == (
        "xref:#page.it[here], xref:#two.2[there], xref:#page.id-f1f6bd62c1e0[&#95;x&#95;]\n\n"
        "[[page.it]]\n=== It\n\n"
        '{empty}[[page.id-f1f6bd62c1e0]]image:assets/a.png["a, &#34;b&#34;",width=20,link="https://e.com/%5F"]'
    )


def test_quotation_marks_are_those_of_the_language() -> None:
    html = "<h1>T</h1><p><q>a <q>b</q></q></p>"
    assert "“a " in page_asciidoc(document_from_html(html), order())
    assert "「a 『b』」" in page_asciidoc(document_from_html(html, language="ja"), order())


def test_code_is_exact() -> None:
    code = "include::/etc/passwd[]\n----\n// a\nifdef::x[]\n"
    assert adoc(f'<pre><code class="language-rust">{code}</code></pre>') == (
        "[source,rust]\n-----\n\\include::/etc/passwd[]\n----\n// a\n\\ifdef::x[]\n-----"
    )
    assert adoc(
        f'<table><tr><td>a</td><td><pre><code class="language-text">|===\n{code}</code></pre></td></tr></table>'
    ) == ('[cols=",",]\n|===\n|a a|\n....\n\\|===\n include::/etc/passwd[]\n----\n // a\n ifdef::x[]\n....\n\n|===')


def test_boxes_in_boxes_have_ends_of_their_own() -> None:
    html = (
        '<div class="admonition note"><p class="admonition-title">One</p><p>a</p>'
        '<div class="admonition tip"><blockquote><h2>h</h2><p>b</p></blockquote></div>'
        '<pre><code class="language-text">=====</code></pre></div>'
    )
    assert adoc(html) == (
        "[NOTE]\n.One\n======\na\n\n[TIP]\n=======\n______\n*h*\n\nb\n\n______\n\n=======\n\n"
        "----\n=====\n----\n\n======"
    )


def test_definitions() -> None:
    html = "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dt>e</dt><dd><p>f</p><ul><li>g</li></ul></dd></dl>"
    assert adoc(html) == "a::\nb +\nc\nd::\n{empty}\ne::\n+\n--\nf\n\n* g\n\n--"
    table = "<table><tr><td>x</td></tr></table>"
    assert adoc(f"<dl><dt>a</dt><dd>{table}</dd></dl>").startswith("[none]\n* *a*\n+\n[cols=")


def test_notes_stand_in_the_line_whatever_they_hold() -> None:
    html = (
        f'<p>a<a class="footnote-ref" role="doc-noteref" href="{URL}#n">1</a></p>'
        '<section class="footnotes" role="doc-endnotes"><ol><li id="n" role="doc-endnote"><p>b ]</p><ul><li>c</li></ul>'
        '<pre><code class="language-text">d\ne</code></pre></li></ol></section>'
    )
    assert adoc(html) == "afootnote:[b &#93; +\n&#8226; c +\n`d` +\n``e``]"


def test_figures_tables_and_rules() -> None:
    image = '<img src="https://e.com/a.png" alt="cat">'
    images = {"https://e.com/a.png": "a.png"}
    assert adoc(f"<figure>{image}<figcaption>A [cat]</figcaption></figure>", images=images) == (
        '.A &#91;cat&#93;\nimage::assets/a.png["cat"]'
    )
    assert adoc("<figure><p>a</p><p>b</p><figcaption>c</figcaption></figure>") == ".c\n====\na\n\nb\n\n===="
    table = (
        "<table><caption>c</caption><thead><tr><th>a</th><th>b|</th></tr></thead><tr><td colspan=2>d</td></tr></table>"
    )
    assert adoc(f"{table}<hr><p>x</p>") == (
        ".c\n[cols=\",\",options=\"header\",]\n|===\n|a |b&#124;\n2+|d\n|===\n\n'''''\n\nx"
    )


def test_headings_go_as_deep_as_there_are_sections() -> None:
    page = page_asciidoc(document_from_html("<h1>T =</h1><h2>a</h2><h6>b</h6>"), order(shift=3))
    assert re.findall("^=+ .*", page, re.MULTILINE) == ["===== T &#61;", "====== a", "====== b"]


def test_headings_leave_out_no_level() -> None:
    page = page_asciidoc(document_from_html("<h1>T</h1><h4>a</h4><h5>b</h5><h2>c</h2><h4>d</h4>"), order())
    assert re.findall("^=+ .*", page, re.MULTILINE) == ["== T", "=== a", "==== b", "=== c", "==== d"]


def test_a_page_that_pandoc_refuses_comes_as_its_text() -> None:
    document = document_from_html("<h1>T</h1><p>* a</p><ul><li>b</li></ul>")
    troubles: list[Message] = []
    assert page_asciidoc(document, order(), troubles, memory=2**20) == "[[page]]\n== T\n\n&#42; a\n\nb\n"
    assert [each.id for each in troubles] == ["trouble.simplified"]


def test_the_book() -> None:
    info = BookInfo(
        title="The *Book*",
        language="en",
        source="https://example.org/",
        generator="sitebookify 1",
        date="2024-05-06",
        author="A. Author",
        licence="MIT",
    )
    pages = [("Part", "[[a]]\n=== A\n"), ("Part", "[[b]]\n=== B\n"), ("", "[[c]]\n== C\n")]
    assert b"".join(asciidoc(info, pages)).decode() == (
        "= The &#42;Book&#42;\n:author: A. Author\n:revdate: 2024-05-06\n:doctype: book\n:lang: en\n:toc: left\n"
        ":toc-title: Contents\n:stem: latexmath\n\nSource: link:++https://example.org/++[]\n\n"
        "MIT\n\nsitebookify 1\n\n== Part\n\n[[a]]\n=== A\n\n[[b]]\n=== B\n\n[[c]]\n== C\n"
    )
