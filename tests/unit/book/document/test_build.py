"""Clean HTML as a document: nothing is copied, nothing that a reader would miss is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.nodes import (
    Admonition,
    BulletList,
    Code,
    CodeBlock,
    DefinitionList,
    Figure,
    Footnote,
    Header,
    Link,
    Math,
    Note,
    OrderedList,
    Para,
    Plain,
    Ruby,
    Span,
    Strong,
    Table,
    TabSet,
)
from sitebookify.book.document.walk import line_of, text_of, walk
from sitebookify.book.model import Page
from support.documents import URL, document_from_html


def first(html: str) -> object:
    """The first block of the document."""
    return document_from_html(html).blocks[0]


def content(html: str) -> object:
    """What the first paragraph holds."""
    block = first(f"<p>{html}</p>")
    assert isinstance(block, Para)
    return block.content


def test_white_space_is_collapsed_across_elements() -> None:
    assert content(" a <b> b </b> c<br> d \n") == ("a ", Strong(("b ",)), "c", *content("x<br>y")[1:2], "d")  # type: ignore[index]


def test_code_keeps_its_text_and_links_and_nothing_else() -> None:
    link = Link(("b",), "https://x.org/")
    assert content('<code>a <b>c</b><a href="https://x.org/">b</a></code>') == (Code(("a c", link)),)


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://x.org/日本?q=ä b", "https://x.org/%E6%97%A5%E6%9C%AC?q=%C3%A4%20b"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("javascript:x()", None),
        ("data:text/html,x", None),
        ("page.html", None),
    ],
)
def test_links_lead_where_a_reader_can_go(href: str, target: str | None) -> None:
    assert content(f'<a href="{href}">x</a>') == ((Link(("x",), target),) if target else ("x",))


def test_a_link_to_where_it_stands_is_none() -> None:
    heading = first(f'<h2 id="a">One <a href="{URL}#a">here</a></h2>')
    assert isinstance(heading, Header)
    assert heading.content == ("One here",)


def test_links_do_not_nest() -> None:
    inner = '<a href="https://a.org/">x <span><a href="https://b.org/">y</a></span></a>'
    document = document_from_html(f"<p>{inner}</p>")
    assert text_of(document.blocks).split() == ["x", "y"]
    for node in walk(document.blocks):
        assert not isinstance(node, Link) or not any(isinstance(inner, Link) for inner in walk(node.content))


def test_a_card_that_is_a_link_keeps_it_on_its_title() -> None:
    document = document_from_html('<a href="https://a.org/"><div><h3>Card</h3><p>More</p></div></a>')
    assert document.blocks == (Header(3, (Link(("Card",), "https://a.org/"),)), Para(("More",)))


def test_notes_stand_apart_and_are_called_by_name() -> None:
    document = document_from_html(
        f'<p>One<a role="doc-noteref" id="r" href="{URL}#n">1</a>, two<a role="doc-noteref" href="{URL}#n">1</a>.</p>'
        f'<section role="doc-endnotes"><ol><li id="n" role="doc-endnote"><p>Text <a role="doc-backlink" '
        f'href="{URL}#r">b</a></p></li></ol></section>'
    )
    assert document.notes == (Footnote("n", (Para(("Text",)),)),)
    assert [node.name for node in walk(document.blocks) if isinstance(node, Note)] == ["n", "n"]
    assert len(document.blocks) == 1


def test_a_note_that_nothing_calls_stays_as_a_list() -> None:
    notes = '<section role="doc-endnotes"><ol><li id="n" role="doc-endnote">Text</li></ol></section>'
    document = document_from_html(f"<p>a</p>{notes}")
    assert isinstance(document.blocks[1], OrderedList)
    assert text_of(document.blocks).split() == ["a", "Text"]


def test_lists_tasks_and_numbers() -> None:
    document = document_from_html('<ul><li>☑ a</li><li>☐ b</li></ul><ol start="3" type="a"><li value="7">c</li></ol>')
    bullets, numbers = document.blocks
    assert isinstance(bullets, BulletList)
    assert [(item.done, item.blocks) for item in bullets.items] == [(True, (Plain(("a",)),)), (False, (Plain(("b",)),))]
    assert isinstance(numbers, OrderedList)
    assert (numbers.start, numbers.style, numbers.items[0].value) == (3, "a", 7)


@pytest.mark.parametrize(("start", "number"), [("", 2), ("start='9'", 9), ("start='x'", 2)])
def test_a_list_that_counts_downwards_begins_with_its_number_of_items(start: str, number: int) -> None:
    numbers = first(f"<ol reversed {start}><li>a</li><li>b</li></ol>")
    assert isinstance(numbers, OrderedList)
    assert (numbers.start, numbers.reversed) == (number, True)


def test_a_line_above_a_nested_list_stays_a_line_and_beside_other_blocks_is_a_paragraph() -> None:
    tight = first("<ul><li>a<ul><li>b</li></ul></li></ul>")
    loose = first("<ul><li>a<p>b</p></li></ul>")
    assert isinstance(tight, BulletList)
    assert isinstance(tight.items[0].blocks[0], Plain)
    assert isinstance(loose, BulletList)
    assert loose.items[0].blocks == (Para(("a",)), Para(("b",)))


def test_a_row_that_is_only_a_rule_is_no_row_but_one_of_empty_cells_is() -> None:
    table = first(
        "<table><tr><td>a<td>b<tr><td colspan=2><hr><tr><td><td><tr><td id=x><hr><tr><td rowspan=2><hr></table>"
    )
    assert isinstance(table, Table)
    assert [[len(cell.blocks) for cell in row.cells] for row in table.bodies[0].rows] == [[1, 1], [0, 0], [1], [1]]


def test_tables_have_groups_spans_and_scopes() -> None:
    table = first(
        '<table id="t"><caption>C</caption><thead><tr><th scope="col">a</th></tr></thead>'
        '<tbody><tr id="r"><td colspan="2" rowspan="99999999" align="RIGHT">b</td></tr></tbody>'
        "<tbody><tr><td>c</td></tr></tbody></table>"
    )
    assert isinstance(table, Table)
    assert table.head is not None
    assert table.head.rows[0].cells[0].scope == "col"
    assert len(table.bodies) == 2
    cell = table.bodies[0].rows[0].cells[0]
    assert (cell.colspan, cell.rowspan, cell.align) == (2, 1, "right")
    assert line_of(getattr(table.caption[0], "content", ())) == "C"


def test_boxes_definitions_figures_tabs_and_formulas() -> None:
    box = first('<div class="admonition tip"><p class="admonition-title">T</p>x</div>')
    assert box == Admonition(AdmonitionKind.TIP, (Para(("x",)),), ("T",))
    definitions = first("<dl><dt>a</dt><dt>b</dt><dd>c</dd><dd>d</dd></dl>")
    assert isinstance(definitions, DefinitionList)
    assert [(len(item.terms), len(item.definitions)) for item in definitions.items] == [(2, 2)]
    figure = first("<figure><figcaption>c</figcaption><p>x</p></figure>")
    assert isinstance(figure, Figure)
    assert figure.caption_first
    tabs = first('<div class="tab-set"><div class="tab"><p class="tab-label">pip</p><p>x</p></div></div>')
    assert isinstance(tabs, TabSet)
    assert (tabs.tabs[0].label, tabs.tabs[0].blocks) == (("pip",), (Para(("x",)),))
    assert content('<span class="math display">\\[x^2\\]</span>') == (Math("x^2", display=True),)
    assert content("<ruby>漢<rt>かん</rt>字</ruby>") == (Ruby((("漢", "かん"), ("字", ""))),)


def test_mathml_without_tex_is_built_anew_or_comes_as_text() -> None:
    kept = content('<math onclick="x()"><mfrac><mi>a</mi><mi>b</mi></mfrac></math>')
    assert isinstance(kept, tuple)
    assert isinstance(kept[0], Math)
    assert kept[0].mathml is not None
    assert [node.tag for node in kept[0].mathml.children] == ["mfrac"]
    assert content("<math><mfrac><mi>a</mi></mfrac></math>") == ("a",)


@pytest.mark.parametrize(
    "formula",
    ["<mi>a</mi><script>b</script>", "<mrow>" * 61 + "<mi>a</mi>", "<mtd><mi>a</mi></mtd>"],
)
def test_mathml_that_holds_what_it_must_not_comes_as_text(formula: str) -> None:
    document = document_from_html(f"<p><math>{formula}</math></p>")
    assert text_of(document.blocks).startswith("a")
    assert not any(isinstance(node, Math) for node in walk(document.blocks))


def test_what_is_astray_in_a_table_stands_before_it() -> None:
    rows = "<tr>a<td>1</td></tr>b"
    blocks = document_from_html(f"<table><tbody>{rows}</tbody>c</table>").blocks
    assert [type(block) for block in blocks] == [Para, Para, Para, Table]
    assert text_of(blocks[:3]).split() == ["a", "b", "c"]


def test_boxes_among_definitions_group_them_or_are_one() -> None:
    block = first("<dl><div><dt>a</dt><dd>b</dd></div><dt>c</dt><div>d</div></dl>")
    assert isinstance(block, DefinitionList)
    assert [text_of([item]).split() for item in block.items] == [["a", "b"], ["c", "d"]]


def test_numbers_of_windows_1252_are_its_letters() -> None:
    assert content("a\x93b\x94") == ("a\u201cb\u201d",)


def test_code_blocks_are_exact() -> None:
    block = first('<pre><code class="language-python">  a\n\n\tb  \n</code></pre>')
    assert block == CodeBlock("  a\n\n\tb  ", "python")
    assert first('<pre><code class="language-text">x\n</code></pre>') == CodeBlock("x")


def test_a_formula_without_tex_says_its_letters_in_the_contents() -> None:
    heading = first("<h2>Solve <math><mi>x</mi><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math> now</h2>")
    assert isinstance(heading, Header)
    assert line_of(heading.content) == "Solve x+12 now"


def test_an_id_counts_once_and_an_anchor_without_text_is_a_place() -> None:
    document = document_from_html('<p id="a">x</p><p id="a">y</p><p><span id="b"></span></p><h2 id="c"></h2>')
    ids = [attr.id for node in walk(document.blocks) if (attr := getattr(node, "attr", None))]
    assert ids == ["a", "b", "c"]
    assert isinstance(document.blocks[2], Para)
    assert isinstance(document.blocks[2].content[0], Span)


def test_what_is_nested_too_deep_keeps_its_text() -> None:
    deep = "<div>" * 200 + "text" + "</div>" * 200
    lines = "<b>" * 200 + "more" + "</b>" * 200
    assert text_of(document_from_html(deep + f"<p>{lines}</p>").blocks).split() == ["text", "more"]


_TAGS = st.sampled_from(
    "a b code div p ul ol li table tr td th dl dt dd pre blockquote figure figcaption details summary h2 span ruby rt "
    "section math mi script x".split()
)


@st.composite
def _html(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(
            st.one_of(_TAGS.map(lambda tag: f"<{tag}>"), _TAGS.map(lambda tag: f"</{tag}>"), st.just("w ")), max_size=60
        )
    )
    return "".join(pieces)


@given(_html())
@example("<ruby>w <rt>w ")
def test_words_are_not_lost_and_the_stored_form_is_the_same_page(html: str) -> None:
    """Whatever the tags, every word outside scripts comes through, in order, and storing changes nothing."""
    if "<script>" in html:
        html = html.replace("<script>", "")
    document = document_from_html(html)
    rubies = (node for node in walk(document.blocks) if isinstance(node, Ruby))
    readings = "".join(reading for ruby in rubies for _, reading in ruby.segments)
    assert (text_of(document.blocks) + readings).count("w") == html.count("w ")
    page = Page(document=document)
    assert Page.unpack(page.pack()) == page
    assert page.pack() == page.pack()
