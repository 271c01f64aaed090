"""Long pages cut into files: nothing lost, nothing too long, the same cuts each time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.nodes import (
    Admonition,
    Attr,
    BlockQuote,
    CodeBlock,
    Definition,
    Details,
    Document,
    Footnote,
    Header,
    LineBlock,
    ListItem,
    Math,
    OrderedList,
    Para,
    Row,
    Strong,
    Table,
    TabSet,
    Term,
)
from sitebookify.book.document.walk import text_of, walk
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page, page_units
from sitebookify.book.render.division import weigh
from sitebookify.book.render.parts import LIMIT, Part, parts
from sitebookify.book.write.formulas import formulas_of
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml import EpubDialect, written_sections
from sitebookify.spec import Edition
from support.documents import URL, document_from_html
from support.orders import ordered
from support.pseudo_model import pseudo

SMALL = 2000
WORDS = " ".join(f"word{n}" for n in range(40))
ROW = f"<tr><td>{WORDS}</td><td>b</td></tr>"


def document(*blocks: Any, notes: tuple[Footnote, ...] = ()) -> Document:
    return Document(url=URL, title="T", blocks=blocks, notes=notes)


def text(part: Part) -> str:
    return "".join(text_of((*part.blocks, *part.notes)).split())


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{WORDS}</p>" * 20,
        "<section><div>" + f"<h2>a</h2><p>{WORDS}</p>" * 20 + "</div></section>",
        "<ul>" + f"<li>{WORDS}</li>" * 20 + "</ul>",
        "<ul><li>" + f"<p>{WORDS}</p>" * 20 + "</li></ul>",
        "<dl>" + f"<dt>a</dt><dd>{WORDS}</dd>" * 20 + "</dl>",
        "<dl><dt>a</dt>" + f"<dd>{WORDS}</dd>" * 20 + "</dl>",
        f"<table><caption>c</caption><thead><tr><th>head</th></tr></thead><tbody>{ROW * 20}</tbody></table>",
        f"<table><caption>{WORDS * 9}</caption><thead><tr><th>{WORDS * 9}</th></tr></thead>{ROW * 20}</table>",
        "<table><tr><td>" + f"<p>{WORDS}</p>" * 20 + "</td></tr></table>",
        "<pre><code class='language-text'>" + f"{WORDS}\n" * 20 + "</code></pre>",
        f"<pre>{WORDS * 20}</pre>",
        f"<p>{WORDS * 20}</p>",
        f"<p><b>{WORDS * 20}</b> <i>{WORDS}</i></p>",
        f"<h2>{WORDS * 20}</h2>",
        f"<p>{'&amp;' * 3000}</p>",
        f"loose {WORDS}<p>{WORDS}</p>" * 10,
        f"<blockquote>{WORDS}<p>{WORDS}</p></blockquote>" * 10,
        "<blockquote lang='ja'>" + f"<p>{WORDS}</p>" * 20 + "</blockquote>",
        "<details><summary>a</summary>" + f"<p>{WORDS}</p>" * 20 + "</details>",
        "<figure>" + f"<p>{WORDS}</p>" * 20 + f"<figcaption>{WORDS}</figcaption></figure>",
        f'<div class="admonition note"><p class="admonition-title">{WORDS * 5}</p>' + f"<p>{WORDS}</p>" * 9 + "</div>",
        '<div class="tab-set">' + f'<div class="tab"><p class="tab-label">a</p><p>{WORDS}</p></div>' * 20 + "</div>",
    ],
)
def test_every_part_fits_and_together_they_say_it_all(html: str) -> None:
    whole = document_from_html(html)
    cut = parts(whole, SMALL)
    assert len(cut) > 1
    assert all(weigh(*part.blocks, *part.notes) <= SMALL for part in cut)
    wanted = text(Part(whole.blocks, whole.notes))
    assert "".join(map(text, cut)).replace("head", "") == wanted.replace("head", "")  # a table's head is repeated


def bilingual(plain: Document) -> Document:
    order = EditOrder(source="en", language="de", edition=Edition.BILINGUAL)
    texts = [each for unit in page_units(plain, order) for each in unit.texts]
    return edited_page(plain, replace(order, answers={each: pseudo(each, "de") for each in texts}))


_LONG = f"<p>{WORDS}</p>" * 4


@pytest.mark.parametrize(
    "html",
    [
        f"<ul><li>{_LONG}</li><li>short</li></ul>",
        f"<dl><dt>{WORDS}</dt><dd>{_LONG}</dd></dl>",
        f"<table><tr><td>{WORDS}</td><td>{_LONG}</td></tr></table>",
        f"<details><summary>{WORDS}</summary>{_LONG}</details>",
        f'<div class="tab-set"><div class="tab"><p class="tab-label">{WORDS}</p>{_LONG}</div></div>',
    ],
)
def test_what_fits_without_its_translations_is_not_opened(html: str) -> None:
    """A bilingual book has the lists and tables of the book as it is."""
    plain = document_from_html(html)
    both = bilingual(plain)

    def boxes(document: Document) -> Counter[type]:
        kinds = (ListItem, Term, Definition, Row, Details, TabSet)
        return Counter(
            type(node) for part in parts(document, SMALL) for node in walk(part.blocks) if type(node) in kinds
        )

    assert weigh(*plain.blocks) < SMALL < weigh(*both.blocks)
    assert abs(weigh(*both.blocks, translations=False) - weigh(*plain.blocks)) < 20
    assert boxes(both) == boxes(plain)


def test_poems_and_formulas_that_fit_nowhere_are_cut_too() -> None:
    whole = document(LineBlock(((WORDS,),) * 20), Para((Math("x" * 100),)))
    cut = parts(whole, SMALL)
    assert "".join(map(text, cut)) == text(Part(whole.blocks))
    assert all(weigh(*part.blocks) <= SMALL for part in cut)


def test_a_short_page_is_one_part_as_it_is() -> None:
    whole = document(Para(("a",)), notes=(Footnote("n", ()),))
    assert parts(whole) == [Part(whole.blocks, whole.notes)]


def test_what_a_part_weighs_is_about_what_its_file_will_have() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td align='right'><a href='https://e.org/{n}'>{WORDS}</a></td></tr>" for n in range(99)
    )
    for html in (f"<p>{WORDS} <b>b</b></p><ul><li>a</li></ul>" * 50, f"<table>{rows}</table>", "<p><i>a</i></p>" * 200):
        whole = document_from_html(html)
        (section,) = written_sections(PageContext(document=whole, order=ordered()), EpubDialect())
        assert 0.9 < weigh(*whole.blocks) / len(section.markup.encode()) < 2


def test_highlighted_code_and_formulas_are_no_larger_than_they_weigh() -> None:
    blocks = (CodeBlock("def f(): '' # x\n" * 50, "python"), Para((Math("\\frac{a}{b}" * 20),)))
    context = PageContext(document=document(*blocks), order=ordered(), formulas=formulas_of(blocks, []))
    (section,) = written_sections(context, EpubDialect())
    assert section.math
    for block, name in zip(blocks, ("pre", "math"), strict=True):
        start, end = section.markup.index(f"<{name}"), section.markup.index(f"</{name}>")
        assert end - start <= weigh(block)


def test_the_same_document_is_cut_alike() -> None:
    html = f"<ol start='4'><li>{WORDS}</li></ol>" * 3 + "<ol>" + f"<li>{WORDS}</li>" * 20 + "</ol>"
    assert parts(document_from_html(html), SMALL) == parts(document_from_html(html), SMALL)


def test_a_cut_list_goes_on_counting() -> None:
    numbered = [
        part.blocks[0] for part in parts(document_from_html("<ol>" + f"<li>{WORDS}</li>" * 12 + "</ol>"), SMALL)
    ]
    assert all(isinstance(block, OrderedList) for block in numbered)
    starts = [block.start for block in numbered if isinstance(block, OrderedList)]
    counts = [len(block.items) for block in numbered if isinstance(block, OrderedList)]
    assert starts == [1 + sum(counts[:n]) for n in range(len(counts))]


def test_a_cut_table_repeats_its_head_and_not_its_caption() -> None:
    html = f"<table><caption>c</caption><thead><tr><th>head</th></tr></thead>{ROW * 20}</table>"
    tables = [part.blocks[0] for part in parts(document_from_html(html), SMALL)]
    assert all("head" in text_of((table,)) for table in tables)
    assert [bool(table.caption) for table in tables if isinstance(table, Table)] == [True] + [False] * (len(tables) - 1)


def test_cut_code_keeps_its_language_and_loses_no_line() -> None:
    code = "\n".join(f"line {number}" for number in range(100))
    blocks = [block for part in parts(document(CodeBlock(code, "rust")), SMALL) for block in part.blocks]
    assert "\n".join(block.text for block in blocks if isinstance(block, CodeBlock)) == code
    assert {block.language for block in blocks if isinstance(block, CodeBlock)} == {"rust"}


def test_a_cut_box_stays_a_box_with_its_title_at_the_beginning() -> None:
    words = (Para((WORDS,)),) * 20
    for box in (BlockQuote(words), Admonition(AdmonitionKind.TIP, words, ("Title",))):
        cut = [part.blocks[0] for part in parts(document(box), SMALL)]
        assert {type(piece) for piece in cut} == {type(box)}
        assert [bool(getattr(piece, "title", "")) for piece in cut[1:]] == [False] * (len(cut) - 1)


@pytest.mark.parametrize("before", range(4, 8))
def test_a_heading_goes_with_what_follows_it(before: int) -> None:
    html = f"<p>{WORDS}</p>" * before + "<h2>next</h2><h3>next</h3>" + f"<p>{WORDS}</p>" * 7
    cut = parts(document_from_html(html), SMALL)
    assert not any(isinstance(part.blocks[-1], Header) for part in cut)


@pytest.mark.parametrize(
    "html",
    [
        "<section id='x'>" + f"<p>{WORDS}</p>" * 20 + "</section>",
        "<ul id='x'>" + f"<li>{WORDS}</li>" * 20 + "</ul>",
        "<ul><li id='x'>" + f"<p>{WORDS}</p>" * 20 + "</li></ul>",
        f"<table id='x'>{ROW * 20}</table>",
        f"<p id='x'>{WORDS * 20}</p>",
        "<pre id='x'>" + f"{WORDS}\n" * 20 + "</pre>",
        "<blockquote id='x' lang='ja'>" + f"<p>{WORDS}</p>" * 20 + "</blockquote>",
    ],
)
def test_the_id_of_what_is_cut_stays_with_its_beginning(html: str) -> None:
    cut = parts(document_from_html(html), SMALL)
    attrs = [[getattr(node, "attr", None) for node in walk(part.blocks)] for part in cut]
    assert [[attr.id for attr in part if attr and attr.id] for part in attrs] == [["x"], *[[]] * (len(cut) - 1)]


def test_notes_come_last_and_one_that_fits_nowhere_goes_on_in_the_next_part() -> None:
    notes = (Footnote("a", (Para((WORDS,)),) * 20), Footnote("b", ()))
    cut = parts(document(Para((Strong(("a",)),)), notes=notes), SMALL)
    assert len(cut[0].blocks) == 1
    assert all(not part.blocks for part in cut[1:])
    assert {note.name for part in cut[:-1] for note in part.notes} == {"a"}
    assert cut[-1].notes[-1] == notes[1]
    assert all(weigh(*part.blocks, *part.notes) <= SMALL for part in cut)


def test_a_page_nested_as_deep_as_can_be_is_cut() -> None:
    html = "<div><ul><li>" * 30 + f"<p>{WORDS}</p>" * 2000 + "</li></ul></div>" * 30
    cut = parts(document_from_html(html))
    assert len(cut) > 1
    assert all(weigh(*part.blocks) <= LIMIT for part in cut)


def test_an_attribute_that_no_piece_may_lose_is_on_all() -> None:
    box = BlockQuote((Para((WORDS,)),) * 20, Attr(id="x", lang="ja"))
    attrs = [part.blocks[0].attr for part in parts(document(box), SMALL)]  # type: ignore[union-attr]
    assert {attr.lang for attr in attrs if attr} == {"ja"}
    assert all(attrs)
