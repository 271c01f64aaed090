"""Documents as XHTML and HTML: valid by construction, ids where something names them, notes that lead both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.nodes import (
    Admonition,
    Attr,
    BulletList,
    Cell,
    Code,
    CodeBlock,
    DefinitionItem,
    DefinitionList,
    Direction,
    Div,
    Document,
    Emph,
    Footnote,
    Header,
    Image,
    LineBlock,
    Link,
    ListItem,
    Math,
    MathNode,
    Note,
    OrderedList,
    Para,
    Plain,
    Quoted,
    Row,
    RowGroup,
    Ruby,
    Span,
    Tab,
    Table,
    TabSet,
    Term,
)
from sitebookify.book.document.walk import walk
from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.render.parts import Part
from sitebookify.book.tree import text_of
from sitebookify.book.write.formulas import formulas_of
from sitebookify.book.write.highlight import plain
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml import EpubDialect, WrittenSection, written_sections
from sitebookify.messages import Message
from support.documents import URL, document_from_html
from support.orders import ordered
from support.random_documents import documents


class OneFile:
    """The dialect of a format that has all pages in one file."""

    xml = False

    def place_id(self, slug: str, anchor: str) -> str:
        return f"{slug}/{anchor}" if anchor else slug

    def href(self, target: Target) -> str:
        return f"#{target.slug}/{target.anchor}"

    def image(self, image: Image, name: str, attributes: str) -> str:
        return f'<img src="data:{name}" alt="{image.alt}"{attributes}>'


def sections(
    document: Document, order: PageOrder | None = None, *, parts: Sequence[Part] = (), **options: Any
) -> tuple[WrittenSection, ...]:
    context = PageContext(document=document, order=order or ordered(), **options)
    return written_sections(context, EpubDialect(), parts)


def inside(section: WrittenSection) -> str:
    """What is inside the section, on one line."""
    markup = section.markup
    return markup[markup.index(">") + 1 : markup.rindex("<")].replace("\n", "")


def written(html: str, order: PageOrder | None = None) -> str:
    """What becomes of clean HTML."""
    (section,) = sections(document_from_html(html), order)
    return inside(section)


def of(*blocks: Any, order: PageOrder | None = None, notes: tuple[Footnote, ...] = ()) -> str:
    """What becomes of the blocks."""
    document = Document(url=URL, title="T", blocks=blocks, notes=notes)
    (section,) = sections(document, order)
    return inside(section)


@pytest.mark.parametrize(
    ("html", "xhtml"),
    [
        ("loose <b>text</b>", "<p>loose <strong>text</strong></p>"),
        ("<div>a<p>b</p>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<h2>a &lt; b<br>c</h2>", '<h2 id="section-1">a &lt; b<br/>c</h2>'),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a<p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<dl><dd>a</dd><dt>b</dt></dl>", "<dl><dt></dt><dd>a</dd><dt>b</dt><dd></dd></dl>"),
        ("<ol start='3' type='a'><li value='5'>a</li></ol>", '<ol start="3" type="a"><li value="5">a</li></ol>'),
        ("<ol start='x' type='q'><li>a</li></ol>", "<ol><li>a</li></ol>"),
        ("<details><summary>a</summary>b</details>", '<div class="details"><p class="summary">a</p><p>b</p></div>'),
        ("<p lang='ja' dir='rtl' style='x' onclick='y'>a</p>", '<p lang="ja" xml:lang="ja" dir="rtl">a</p>'),
        ("<p>a <bdo>b</bdo> <abbr title='&quot;x&quot;'>c</abbr></p>",
         '<p>a <bdo dir="ltr">b</bdo> <abbr title="&quot;x&quot;">c</abbr></p>'),
        ("<p>a\x0b\ufffeb</p>", "<p>ab</p>"),
        ("<ruby>漢<rt>かん</rt></ruby>", "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>"),
        ("<ruby>漢</ruby>", "<p>漢</p>"),
        ("<hr>", "<hr/>"),
    ],
)  # fmt: skip
def test_each_kind_of_thing_has_its_mark_up(html: str, xhtml: str) -> None:
    assert written(html) == xhtml


@pytest.mark.parametrize(
    ("block", "xhtml"),
    [
        (Para((Quoted((Emph(("a",)),)), Code(("x", Link(("y",), "https://e.org/")), sample=True))),
         '<p><q><em>a</em></q><samp>x<a href="https://e.org/">y</a></samp></p>'),
        (LineBlock((("a",), ("b",))), "<p>a<br/>b</p>"),
        (Para((Ruby((("漢", "かん"), ("字", "じ"), ("x", ""))),)),
         "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>x</p>"),
        (BulletList((ListItem((Plain(("a",)),), done=True), ListItem((Para(("b",)),), done=False))),
         '<ul class="tasks"><li>\u2611 a</li><li><p>\u2610 b</p></li></ul>'),
        (OrderedList((ListItem(()), ListItem(())), start=2, reversed=True),
         '<ol reversed="reversed"><li></li><li></li></ol>'),
        (Admonition(AdmonitionKind.TIP, (Para(("b",)),), ("a",)),
         '<div class="admonition tip"><p class="admonition-title">a</p><p>b</p></div>'),
        (TabSet((Tab(("a",), (Para(("b",)),)), Tab(("c",), (Para(("d",)),)))),
         "<p><strong>a</strong></p><p>b</p><p><strong>c</strong></p><p>d</p>"),
        (BulletList((ListItem((Plain(("a",)), Plain(("b",)))),)), "<ul><li><p>a</p><p>b</p></li></ul>"),
        (DefinitionList((DefinitionItem((Term(("a",)), Term(("b",))), ()),)),
         "<dl><dt>a</dt><dt>b</dt><dd></dd></dl>"),
        (Table(()), ""),
        (DefinitionList(()), ""),
        (Para(("",)), ""),
    ],
)  # fmt: skip
def test_what_html_says_otherwise_has_its_mark_up_too(block: object, xhtml: str) -> None:
    assert of(block) == xhtml


def test_a_cell_says_what_it_heads_how_it_is_aligned_and_that_its_words_may_break() -> None:
    head = Cell((Plain(("a",)),), header=True, scope="row")
    other = Cell((Plain(("w" * 60,)),), align="right")
    cells = f'<th scope="row">a</th><td class="align-right breaks">{"w" * 60}</td>'
    table = f"<table><tbody><tr>{cells}</tr></tbody></table>"
    assert of(Table((RowGroup((Row((head, other)),)),))) == f'<div class="table whole">{table}</div>'


def test_a_box_that_fills_half_a_screen_may_go_over_to_the_next_page() -> None:
    """A shorter one stays whole: its title would be left behind."""
    of_words = [of(Admonition(AdmonitionKind.NOTE, (Para(("word " * count,)),), ())) for count in (40, 400)]
    assert ['class="admonition note long"' in xhtml for xhtml in of_words] == [False, True]


def test_a_table_has_its_parts_in_order_and_only_sound_spans() -> None:
    html = "<table><tfoot><tr><td>f</td></tr></tfoot><tr></tr><tr><td colspan='0' rowspan='2'>a</td></tr></table>"
    assert written(html) == (
        '<div class="table whole"><table><tbody><tr><td rowspan="2">a</td></tr></tbody>'
        "<tfoot><tr><td>f</td></tr></tfoot></table></div>"
    )


def test_a_figure_has_one_caption_where_the_first_stood() -> None:
    html = "<figure><figcaption>a</figcaption><p>b</p></figure><figure><p>b</p><figcaption>c</figcaption></figure>"
    assert written(html) == (
        "<figure><figcaption>a</figcaption><p>b</p></figure><figure><p>b</p><figcaption>c</figcaption></figure>"
    )


def test_only_ids_that_something_names_stay_each_once() -> None:
    same = Attr(id="a")
    blocks = (Para(("x",), same), Para(("y",), Attr(id="b")), Para(("z",), same), Para((), Attr(id="é")))
    assert of(*blocks, order=ordered("a", "é")) == '<p id="a">x</p><p>y</p><p>z</p><p id="id-4a99557e4033"></p>'


def test_code_keeps_every_character_and_marks_what_matters() -> None:
    xhtml = written('<pre><code class="language-rust">fn a() {\n\t"&lt;b&gt;"\n}\n</code></pre>')
    assert '<span class="k">fn </span>' in xhtml
    assert text_of(etree.fromstring(xhtml)) == 'fn a() {\t"<b>"}'  # `inside` takes line ends out


def test_code_is_plain_where_nothing_is_to_be_highlighted() -> None:
    document = Document(url=URL, title="T", blocks=(CodeBlock("fn a() {}", "rust"),))
    (section,) = sections(document, highlight=plain)
    assert "<pre><code>fn a() {}</code></pre>" in section.markup


def test_code_runs_from_left_to_right_in_texts_that_do_not() -> None:
    blocks = (CodeBlock("a"), CodeBlock("b", attr=Attr(dir="rtl")), Para((Code(("c",)),)))
    document = Document(url=URL, title="T", blocks=blocks, direction="rtl")
    (section,) = sections(document, highlight=plain)
    assert inside(section) == (
        '<pre dir="ltr"><code>a</code></pre><pre dir="rtl"><code>b</code></pre><p><code dir="ltr">c</code></p>'
    )


@pytest.mark.parametrize(
    ("language", "direction", "attribute"),
    [("ar", "rtl", None), ("ar", "", "ltr"), ("en", "rtl", "rtl"), ("en", "", None)],
)
def test_in_one_file_a_page_says_so_where_its_text_runs_otherwise_than_the_book_s(
    language: str, direction: Direction, attribute: str | None
) -> None:
    document = Document(url=URL, title="T", blocks=(Para(("a",)),), direction=direction)
    (section,) = written_sections(PageContext(document=document, order=ordered(language=language)), OneFile())
    assert etree.fromstring(section.markup).get("dir") == attribute


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://e.org/a b", "http://e.org/a%20b"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        (URL + "#in-the-book", "q.2.xhtml#x"),
        ("http://[::1", None),
        ("http://a..b/", None),
        ("http://user@e.org/", None),
        ("http://e.org:99999/", None),
    ],
)
def test_a_link_is_spelled_by_the_rules_or_no_link(href: str, expected: str | None) -> None:
    order = ordered(links={URL + "#in-the-book": Target(slug="q", part=1, anchor="x")})
    xhtml = of(Para((Link(("x",), href),)), order=order)
    assert xhtml == (f'<p><a href="{expected}">x</a></p>' if expected else "<p>x</p>")


def test_an_image_that_is_lost_leaves_its_alternative_text() -> None:
    blocks = Para((Image("http://e.org/a", "<a>", width=3), Image("http://e.org/b", "<b>")))
    xhtml = of(blocks, order=ordered(images={"http://e.org/a": "a.png"}))
    assert xhtml == '<p><img src="../images/a.png" alt="&lt;a&gt;" width="3"/>&lt;b&gt;</p>'


def test_headings_sink_and_those_of_the_second_level_get_ids_for_the_contents() -> None:
    taken = Attr(id="section-1")
    blocks = (Header(1, ("A",)), Header(2, ("B", Note("n"))), Header(2, (Emph(("C",)),), Attr(id="c")), Para((), taken))
    document = Document(url=URL, title="T", blocks=blocks)
    (section,) = sections(document, ordered("c", "section-1", shift=1))
    assert section.headings == (("A", "", False), ("B", "section-2", True), ("C", "c", True))
    assert inside(section) == ('<h2>A</h2><h3 id="section-2">B</h3><h3 id="c"><em>C</em></h3><p id="section-1"></p>')


NOTED = Document(
    url=URL,
    title="T",
    blocks=(Para(("a", Note("m", Attr(id="c")), Note("n"), Note("m", Attr(id="c2")))),),
    notes=(Footnote("m", (Para(("M", Note("n"))),)), Footnote("n", (CodeBlock("N"),))),
)


def test_a_note_and_its_first_call_lead_to_each_other() -> None:
    (section,) = sections(NOTED)
    call = 'role="doc-noteref" epub:type="noteref"'
    assert inside(section) == (
        f'<p>a<a href="p.xhtml#m" {call} id="c">1</a><a href="p.xhtml#n" {call} id="to-n-1">2</a>'
        f'<a href="p.xhtml#m" {call}>1</a></p><section role="doc-endnotes" epub:type="footnotes"><ol>'
        f'<li id="m"><p>M<a href="p.xhtml#n" {call}>2</a> <a href="p.xhtml#c" role="doc-backlink">↩</a></p></li>'
        '<li id="n"><pre><code>N</code></pre><p><a href="p.xhtml#to-n-1" role="doc-backlink">↩</a></p></li>'
        "</ol></section>"
    )


def test_notes_in_another_part_than_their_calls_are_led_to_and_go_on_counting() -> None:
    parts = [Part(NOTED.blocks), Part((), NOTED.notes[:1]), Part((), NOTED.notes[1:])]
    first, second, third = (section.markup for section in sections(NOTED, parts=parts))
    assert 'href="p.2.xhtml#m"' in first
    assert 'href="p.3.xhtml#n"' in first
    assert 'href="p.xhtml#c" role="doc-backlink"' in second
    assert '<ol start="2">\n<li id="n">' in third


def test_formulas_are_mathml_or_else_tex_and_pandoc_is_asked_once_for_all() -> None:
    own = MathNode("math", children=(MathNode("mi", "y", (("mathvariant", "normal"),)),))
    blocks = (
        Para((Math("x^2"), Math("\\nosuch{"), Math("x^2"), Math("", mathml=own))),
        Para((Math("<", display=True),)),
    )
    troubles: list[Message] = []
    document = Document(url=URL, title="T", blocks=blocks)
    (section,) = sections(document, formulas=formulas_of(blocks, troubles))
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>'
    assert section.math
    assert inside(section).startswith(f'<p>{math}<span class="tex">\\(\\nosuch{{\\)</span>{math}<math')
    assert '<mi mathvariant="normal">y</mi></math></p><p><math display="block"' in inside(section)
    assert troubles == [Message("trouble.some_formulas", missing=1, formulas=3)]


def test_the_last_part_names_the_sources() -> None:
    order = ordered(language="de", sources=[("A & B", "http://e.org/?a&b"), ("", "c")])
    first, last = sections(NOTED, order, parts=[Part(()), Part(())])
    assert "Quellen" not in first.markup
    assert '<div class="sources">\n<p>Quellen:</p>\n<p>A &amp; B, <a href="http://e.org/?a&amp;b">' in last.markup


def test_html_has_no_namespaces_and_its_ids_name_the_page() -> None:
    blocks = (
        Header(2, ("B",)),
        Para(("a", Span(("b",), attr=Attr(lang="ja")), Image("http://e.org/a"), Note("n")), Attr(id="x")),
        Div((Para((Math("", mathml=MathNode("math")),)),), Attr(dir="rtl")),
    )
    note = Footnote("n", (Para(("N",)),))
    document = Document(url=URL, title="T", blocks=blocks, notes=(note,), language="ja", direction="rtl")
    order = ordered("x", images={"http://e.org/a": "a.png"})
    (section,) = written_sections(PageContext(document=document, order=order), OneFile())
    assert ("B", "section-1", True) in section.headings
    assert section.markup.replace("\n", "") == (
        '<section id="p" lang="ja" dir="rtl" role="doc-chapter"><h2 id="p/section-1">B</h2>'
        '<p id="p/x">a<span lang="ja">b</span><img src="data:a.png" alt=""><a href="#p/n" role="doc-noteref" '
        'id="p/to-n-1">1</a></p><div dir="rtl"><p><math></math></p></div><section role="doc-endnotes"><ol>'
        '<li id="p/n"><p>N <a href="#p/to-n-1" role="doc-backlink">↩</a></p></li></ol></section></section>'
    )


@settings(max_examples=40)
@given(documents())
def test_any_document_is_well_formed_loses_no_word_and_has_no_id_twice(document: Document) -> None:
    (section,) = sections(document, ordered("a", "b c"))
    tree = etree.fromstring(f'<html xmlns:epub="http://www.idpf.org/2007/ops">{section.markup}</html>')
    ids = [node.get("id") for node in tree.iter("*") if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {str(link.get("href")).partition("#")[2] for link in tree.iter("a") if link.get("role")} <= set(ids)
    shown = "".join("".join(map(str, tree.itertext())).split())
    for node in walk(document.blocks, document.notes):
        if isinstance(node, str | CodeBlock):
            text = node if isinstance(node, str) else node.text
            assert "".join(text.split()) in shown
