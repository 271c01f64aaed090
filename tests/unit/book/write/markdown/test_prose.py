"""A page of a book as Markdown: where its links lead, its anchors, its notes and its sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import text_of
from sitebookify.book.links import Target, anchor_name
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.markdown import prose
from sitebookify.book.write.page_context import PageContext
from support.documents import URL, document_from_html
from support.random_documents import documents

ORDER = PageOrder(slug="page", shift=0, language="en", ids={}, links={}, images={}, sources=())
OTHER = "https://example.org/other"


def page_markdown(document: n.Document, order: PageOrder) -> str:
    return prose.page(PageContext(document=document, order=order, marker="m:"))


def page(html: str, order: PageOrder = ORDER) -> str:
    """The page's Markdown, without the anchor that it begins with."""
    markdown = page_markdown(document_from_html(html), order)
    begin = '<a id="page"></a>\n\n'
    assert markdown.startswith(begin)
    return markdown.removeprefix(begin)


def anchored(html: str, *names: str) -> str:
    """The page's Markdown in a book in which these ids are named."""
    return page(html, replace(ORDER, ids=dict.fromkeys(names, 0)))


def test_links_into_the_book_are_marked_and_others_go_where_they_went() -> None:
    order = replace(ORDER, links={OTHER: Target(slug="other"), f"{OTHER}#a": Target(slug="other", part=1, anchor="a")})
    link = '<a href="{}">b</a>'.format
    assert page(f"<p>{link(OTHER)}</p>", order) == "[b](m:other.md#other)\n"
    assert page(f"<p>{link(OTHER + '#a')}</p>", order) == "[b](m:other.md#other--a)\n"
    assert page(f"<p>{link('https://a.test/')} {link('tel:+1')}</p>") == "[b](https://a.test/) [b](tel:+1)\n"


def test_a_link_that_leads_nowhere_keeps_its_words() -> None:
    document = n.Document(URL, "", (n.Para((n.Link(("a", n.Emph(("b",))), "gopher://x"),)),))
    assert page_markdown(document, ORDER).endswith("\n\na*b*\n")


def test_pictures_of_the_book_are_files_and_others_their_alternative_text() -> None:
    order = replace(ORDER, images={"https://a.test/a.png": "1.png"})
    html = '<p><img src="https://a.test/a.png" alt="a"> <img src="https://a.test/b.png" alt="b*"></p>'
    assert page(html, order) == "![a](assets/1.png) b\\*\n"
    table = f"<table><tr><td colspan='2'>{html}</td></tr></table>"
    assert '<td colspan="2"><img src="assets/1.png" alt="a"> b*</td>' in page(table, order)


def test_headings_are_as_deep_as_their_page_but_never_deeper_than_six() -> None:
    assert page("<h1>a</h1><h5>b</h5>", replace(ORDER, shift=2)) == "### a\n\n###### b\n"


@pytest.mark.parametrize(
    ("html", "want"),
    [
        ('<h2 id="a">b</h2>', "{}\n\n## b\n"),
        ('<p id="a">b <span id="c">d</span></p>', "{}b d\n"),
        ('<p>b <em id="a">c</em></p>', "b {}*c*\n"),
        ('<p>b<span id="a"></span></p>', "b{}\n"),
        ('<div id="a"><ul><li>b</li></ul></div>', "{}\n\n- b\n"),
        ('<ul><li id="a">b</li></ul>', "- {}b\n"),
        ('<ul><li id="a"><p>1. b</p></li></ul>', "- {}1. b\n"),
        ('<dl><dt id="a">b</dt><dd>c</dd></dl>', "<dl>\n<dt>\n\n{}b\n\n</dt>\n<dd>\n\nc\n\n</dd>\n</dl>\n"),
        ('<pre id="a"><code>b</code></pre>', "{}\n\n```\nb\n```\n"),
        ('<blockquote id="a">b</blockquote>', "{}\n\n> b\n"),
        ('<div class="admonition note" id="a"><p>b</p></div>', "> [!NOTE]\n> {}b\n"),
        ('<div class="admonition tip" id="a"><p class="admonition-title">T</p></div>', "> [!TIP]\n> {}**T**\n"),
        ('<details id="a"><summary>b</summary></details>', "{}\n\n<details>\n<summary>b</summary>\n</details>\n"),
    ],
)
def test_an_id_that_is_named_becomes_an_anchor(html: str, want: str) -> None:
    assert anchored(html, "a") == want.format('<a id="page--a"></a>')


@pytest.mark.parametrize("holder", ["tbody", "tr", "td"])
def test_what_leads_to_a_row_leads_into_its_first_cell(holder: str) -> None:
    rows = "<tbody><tr><td></td><td>x</td></tr></tbody>".replace(f"<{holder}>", f'<{holder} id="r">', 1)
    assert '| <a id="page--r"></a> | x ' in anchored(f"<table>{rows}</table>", "r")
    as_html = rows.replace("<td>x", '<td colspan="2">x')
    assert '<tr><td><a id="page--r"></a></td><td colspan="2">x</td></tr>' in anchored(f"<table>{as_html}</table>", "r")


def test_an_anchor_has_a_name_that_needs_no_escaping() -> None:
    anchor = f"page--{anchor_name('a b')}"
    assert anchored('<p id="a b">c</p>', "a b") == f'<a id="{anchor}"></a>c\n'


def test_notes_of_a_page_have_names_of_their_own() -> None:
    html = (
        f'<p>x<a href="{URL}#n" role="doc-noteref" id="c">1</a></p>'
        '<section role="doc-endnotes"><ol><li id="n" role="doc-endnote"><p>note</p></li></ol></section>'
    )
    assert page(html) == "x[^page-1]\n\n[^page-1]: note\n"
    want = 'x<a id="page--c"></a>[^page-1]\n\n[^page-1]: <a id="page--n"></a>note\n'
    assert anchored(html, "c", "n") == want


def test_sources_stand_at_the_end() -> None:
    one = replace(ORDER, sources=(("A", "https://a.test/"),))
    assert page("<p>a</p>", one) == "a\n\n---\n\nSource: <https://a.test/>\n"
    two = replace(one, language="de", sources=(*one.sources, ("B", "https://b.test/a>b")))
    assert page("<p>a</p>", two) == "a\n\n---\n\nQuellen:\n\n- <https://a.test/>\n- <https://b.test/a%3Eb>\n"


@settings(max_examples=60, deadline=None)
@given(documents())
def test_no_text_is_lost_whatever_the_document_holds(document: n.Document) -> None:
    """A letter that the writer itself never writes stands for all."""
    texts = text_of(document.blocks) + text_of(document.notes)
    markdown = page_markdown(document, replace(ORDER, ids={"a": 0, "b c": 0}))
    assert markdown.count("é") >= texts.count("é")
