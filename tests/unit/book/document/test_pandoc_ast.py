"""The document in pandoc's AST: whatever it holds, pandoc reads it and no word is lost."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from sitebookify.book.document import nodes
from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.nodes import Attr, Cell, Document, ListItem, Para, Plain, Row, RowGroup, Table
from sitebookify.book.document.pandoc_ast import to_pandoc
from sitebookify.book.document.pandoc_json import Places, pandoc_document
from sitebookify.book.document.walk import text_of
from sitebookify.book.pandoc import run
from sitebookify.book.tree import fragment, words_of
from support.sampled_documents import IMAGE, LETTERS, SEEDS, URL, random_document

PLACES = Places(
    ids={"one": "page--one", "top": "page--top"},
    links={f"{URL}#one": "#page--one"},
    images={IMAGE: "assets/a.png"},
)
AT_RANDOM = settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
_WORD = re.compile(f"[{LETTERS}]+")


def page(*blocks: nodes.Block, notes: tuple[nodes.Footnote, ...] = ()) -> Document:
    return Document(URL, "Title", blocks, notes)


def as_format(document: Document, target: str, places: Places = PLACES) -> str:
    blocks = to_pandoc(document, places)
    return run(json.dumps(pandoc_document(blocks)), source="json", target=target)


@AT_RANDOM
@given(SEEDS)
def test_pandoc_reads_what_it_is_given(seed: int) -> None:
    """Read and written again by pandoc, it is the same."""
    document = random_document(seed, wild=True)
    given = json.loads(json.dumps(pandoc_document(to_pandoc(document, PLACES))))
    read = json.loads(run(json.dumps(given), source="json", target="json"))
    assert read["blocks"] == given["blocks"]


@AT_RANDOM
@given(SEEDS)
def test_no_word_is_lost(seed: int) -> None:
    document = random_document(seed)
    expected = Counter(_WORD.findall(text_of([document])))
    written = Counter(_WORD.findall(words_of(fragment(as_format(document, "html")))))
    assert expected - written == Counter()


def native(*blocks: nodes.Block, places: Places = PLACES, notes: tuple[nodes.Footnote, ...] = ()) -> str:
    """What pandoc says that it read, on one line."""
    written = to_pandoc(page(*blocks, notes=notes), places)
    text = run(json.dumps(pandoc_document(written)), source="json", target="native")
    return " ".join(text.split())


def test_words_and_spaces() -> None:
    assert native(Para(("a  b\nc", nodes.Emph(("d\u00a0e",)), " f"))) == (
        '[ Para [ Str "a" , Space , Str "b" , Space , Str "c" , Emph [ Str "d\\160e" ] , Space , Str "f" ] ]'
    )


def test_an_id_that_something_names_is_an_anchor() -> None:
    assert native(Para(("a",), Attr("one"))) == '[ Div ( "page--one" , [] , [] ) [ Para [ Str "a" ] ] ]'
    assert native(Para(("a",), Attr("two"))) == '[ Para [ Str "a" ] ]'
    assert native(nodes.Header(2, ("a",), Attr("one")), places=Places(ids={"one": "x"}, shift=6)) == (
        '[ Header 6 ( "x" , [] , [] ) [ Str "a" ] ]'
    )


@pytest.mark.parametrize(
    ("target", "written"),
    [
        (f"{URL}#one", '[ Para [ Link ( "" , [] , [] ) [ Str "a" ] ( "#page--one" , "" ) ] ]'),
        ("https://e.com/", '[ Para [ Link ( "" , [] , [] ) [ Str "a" ] ( "https://e.com/" , "" ) ] ]'),
        ("TEL:1", '[ Para [ Link ( "" , [] , [] ) [ Str "a" ] ( "TEL:1" , "" ) ] ]'),
        ("javascript:x", '[ Para [ Str "a" ] ]'),
        ("file:///etc/passwd", '[ Para [ Str "a" ] ]'),
    ],
)
def test_links(target: str, written: str) -> None:
    assert native(Para((nodes.Link(("a",), target),))) == written


def test_an_image_that_the_book_does_not_have_is_its_text() -> None:
    """Pandoc would fetch what it is given: nothing but the book's own files reaches it."""
    shown = nodes.Image(IMAGE, "my cat", "Tom", 20, 10)
    lost = nodes.Image("file:///etc/passwd", "my dog")
    assert native(Para((shown, lost))) == (
        '[ Para [ Image ( "" , [] , [ ( "width" , "20px" ) , ( "height" , "10px" ) ] ) '
        '[ Str "my" , Space , Str "cat" ] ( "assets/a.png" , "Tom" ) , Str "my" , Space , Str "dog" ] ]'
    )


def test_code_with_a_link_in_it() -> None:
    link = nodes.Link(("b",), "https://e.com/")
    assert native(Para((nodes.Code(("a ", link)),))) == (
        '[ Para [ Code ( "" , [] , [] ) "a " , '
        'Link ( "" , [] , [] ) [ Code ( "" , [] , [] ) "b" ] ( "https://e.com/" , "" ) ] ]'
    )


def test_a_list_that_does_not_count_up_is_several() -> None:
    items = tuple(ListItem((Plain((letter,)),), value) for letter, value in zip("abc", (None, None, 7), strict=True))
    numbers = nodes.OrderedList(items, start=3, style="i")
    assert native(numbers) == (
        '[ OrderedList ( 3 , LowerRoman , DefaultDelim ) [ [ Plain [ Str "a" ] ] , [ Plain [ Str "b" ] ] ] , '
        'OrderedList ( 7 , LowerRoman , DefaultDelim ) [ [ Plain [ Str "c" ] ] ] ]'
    )
    down = nodes.OrderedList(items[:2], start=2, reversed=True)
    assert re.findall(r"\( (\d) ,", native(down)) == ["2", "1"]


def test_tasks_and_items_with_anchors() -> None:
    items = (ListItem((Plain(("a",)),), done=True), ListItem((Plain(("b",)),), attr=Attr("one")))
    assert native(nodes.BulletList(items)) == (
        '[ BulletList [ [ Plain [ Str "\\9746" , Space , Str "a" ] ] , '
        '[ Div ( "page--one" , [] , [] ) [ Plain [ Str "b" ] ] ] ] ]'
    )


def test_terms_without_definitions_and_the_reverse() -> None:
    item = nodes.DefinitionItem((nodes.Term(("a",)), nodes.Term(("b",))), (nodes.Definition((Plain(("c",)),)),))
    bare = nodes.DefinitionItem((), (nodes.Definition((Plain(("d",)),)),))
    assert native(nodes.DefinitionList((item, bare))) == (
        '[ DefinitionList [ ( [ Str "a" ] , [] ) , ( [ Str "b" ] , [ [ Plain [ Str "c" ] ] ] ) , '
        '( [ Str "\\160" ] , [ [ Plain [ Str "d" ] ] ] ) ] ]'
    )


def test_an_admonition_is_what_pandoc_takes_for_an_alert() -> None:
    box = nodes.Admonition(AdmonitionKind.TIP, (Para(("b",)),), ("A",), Attr(lang="ja"))
    assert native(box) == (
        '[ Div ( "" , [ "tip" ] , [ ( "lang" , "ja" ) ] ) '
        '[ Div ( "" , [ "title" ] , [] ) [ Para [ Str "A" ] ] , Para [ Str "b" ] ] ]'
    )


def test_an_admonition_where_nobody_knows_alerts() -> None:
    written = to_pandoc(page(nodes.Admonition(AdmonitionKind.TIP, (Para(("b",)),), ("A",))), PLACES, alerts=False)
    strong = {"t": "Strong", "c": [{"t": "Str", "c": "A"}]}
    body = {"t": "Para", "c": [{"t": "Str", "c": "b"}]}
    assert written == [{"t": "BlockQuote", "c": [{"t": "Para", "c": [strong]}, body]}]


def test_tabs_and_details_are_laid_open() -> None:
    tabs = nodes.TabSet((nodes.Tab(("Rust",), (Para(("a",)),)),))
    assert native(tabs, nodes.Details(("More",), ())) == (
        '[ Div ( "" , [ "tab-set" ] , [] ) [ Div ( "" , [ "tab" ] , [] ) '
        '[ Para [ Strong [ Str "Rust" ] ] , Para [ Str "a" ] ] ] , '
        'Div ( "" , [ "details" ] , [] ) [ Para [ Strong [ Str "More" ] ] ] ]'
    )


def test_notes_hold_the_notes_that_they_call_and_are_written_at_every_call() -> None:
    notes = (
        nodes.Footnote("x", (Para(("first", nodes.Note("y"), nodes.Note("y"))),)),
        nodes.Footnote("y", (Para(("second",)),)),
    )
    text = native(Para((nodes.Note("x"), nodes.Note("y"), nodes.Note("z"))), notes=notes)
    assert text == (
        '[ Para [ Note [ Para [ Str "first" , Superscript [ Str "a" ] , Superscript [ Str "a" ] ] , '
        'Para [ Superscript [ Str "a" ] , Space , Str "second" ] ] , Note [ Para [ Str "second" ] ] ] ]'
    )


def test_notes_are_not_repeated_for_ever() -> None:
    """Two thousand calls of a note of a thousand letters, from the page and from notes that call each other."""
    calls = tuple(nodes.Note(name) for name in "xy") * 1000
    notes = tuple(nodes.Footnote(name, (Para(("long " * 200, *calls)),)) for name in "xy")
    written = json.dumps(to_pandoc(page(Para(calls), notes=notes), PLACES))
    assert written.count('"Note"') == 3
    assert written.count("long") < 200 * 10


def test_the_title_is_the_anchor_of_the_page() -> None:
    title = nodes.Header(1, ("a",), Attr("one"))
    assert native(title, nodes.Header(2, ("b",)), places=Places(page="page", ids={"one": "page--one"})) == (
        '[ Header 1 ( "page" , [] , [] ) [ Span ( "page--one" , [] , [] ) [] , Str "a" ] , '
        'Header 2 ( "" , [] , [] ) [ Str "b" ] ]'
    )


def test_a_page_in_another_language_says_so() -> None:
    document = Document(URL, "T", (Para(("a",)),), language="ja")
    assert to_pandoc(document, PLACES, language="en")[0]["c"][0] == ["", [], [["lang", "ja"]]]
    assert to_pandoc(document, PLACES, language="ja")[0]["t"] == "Para"


def test_a_formula_that_is_mathml_alone_becomes_tex() -> None:
    two = nodes.MathNode("mn", "2")
    total = nodes.MathNode("mrow", children=(nodes.MathNode("mi", "x"), nodes.MathNode("mo", "+"), two))
    power = nodes.MathNode("msup", children=(nodes.MathNode("mi", "y"), two))
    fraction = nodes.MathNode("math", children=(nodes.MathNode("mfrac", children=(total, power)),))
    assert native(Para((nodes.Math("", mathml=fraction),))) == ('[ Para [ Math InlineMath "\\\\frac{x + 2}{y^{2}}" ] ]')
    assert native(Para((nodes.Math("x^2", display=True),))) == '[ Para [ Math DisplayMath "x^2" ] ]'


# --- Tables ---


def cell(text: str, **more: Any) -> Cell:
    return Cell((Plain((text,)),), **more)


def rows(*each: tuple[Cell, ...]) -> RowGroup:
    return RowGroup(tuple(Row(cells) for cells in each))


def as_html(table: Table) -> str:
    return re.sub(r"\s*\n\s*", "", as_format(page(table), "html"))


def test_a_table_keeps_its_spans_heads_and_alignment() -> None:
    table = Table(
        bodies=(rows((cell("b", header=True, rowspan=9), cell("c", align="right")), (cell("d"),)),),
        head=rows((cell("a", header=True, colspan=2),)),
        foot=rows((cell("e"), cell("f"))),
        caption=(Para(("Caption",)),),
    )
    assert as_html(table) == (
        '<table><caption><p>Caption</p></caption><thead><tr><th colspan="2">a</th></tr></thead>'
        '<tbody><tr><th rowspan="2">b</th><td style="text-align: right;">c</td></tr><tr><td>d</td></tr></tbody>'
        "<tfoot><tr><td>e</td><td>f</td></tr></tfoot></table>"
    )


def test_rows_of_unequal_length_lose_no_cell() -> None:
    table = Table((rows((cell("a", rowspan=2), cell("b")), (cell("c"), cell("d"), cell("e"))),))
    assert re.findall("<td[^>]*>(.?)</td>", as_html(table)) == ["a", "b", "", "", "c", "d", "e"]


def test_a_table_too_wide_for_any_page_is_its_cells_in_a_row() -> None:
    fits = Table((rows(tuple(cell("a") for _ in range(63))),))
    wide = Table((rows((cell("a", colspan=1000), *(cell("b", colspan=1000) for _ in range(2000)))),))
    assert to_pandoc(page(fits), PLACES)[0]["t"] == "Table"
    (box,) = to_pandoc(page(wide), PLACES)
    assert box["t"] == "Div"
    assert len(box["c"][1]) == 2001


def test_a_language_of_code_is_no_order_to_pandoc() -> None:
    """Classes that mean something when pandoc reads HTML from us mean nothing here."""
    block = nodes.CodeBlock("<script>", "raw-html")
    assert as_format(page(block), "html") == '<pre class="raw-html"><code>&lt;script&gt;</code></pre>'
