"""A page that cannot be rendered still comes into the book."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sitebookify.book.document.nodes import Document
from sitebookify.book.render.page_order import PageOrder, RenderedPage
from sitebookify.book.render.page_texts import render_page, render_safely
from sitebookify.book.write.highlight import Highlight, highlighted
from sitebookify.formats import Format
from support.documents import document_from_html
from support.orders import ordered

PAGE = document_from_html(
    '<h1>A</h1><div id="x">one &amp; two<pre><code class="language-rust">fn a() {}</code></pre></div><p>three</p>',
    title="A & B",
)
ORDER = replace(ordered("x", "y"), ids={"x": 0, "y": 1})


def markdown(page: RenderedPage) -> str:
    return str(page.texts[Format.MARKDOWN])


def without_highlighting(document: Document, order: PageOrder, highlight: Highlight) -> RenderedPage:
    if highlight is highlighted:
        raise TimeoutError("too long")
    return render_page(document, order, highlight)


def broken(_document: Document, _order: PageOrder, _highlight: Highlight) -> RenderedPage:
    raise RecursionError("too deep")


def test_a_page_that_renders_has_no_troubles() -> None:
    assert render_safely(PAGE, ORDER).troubles == ()


def test_a_long_page_is_whole_though_pandoc_gets_it_in_stretches() -> None:
    said = [f"Paragraph {number} " + "goes on " * 50 for number in range(600)]
    html = "<h1>A</h1>" + "".join(f"<p>{text.strip()}</p>" for text in said)
    page = render_safely(document_from_html(html), ORDER)
    assert markdown(page).strip().split("\n\n")[2:] == [text.strip() for text in said]


def test_a_long_list_of_definitions_comes_whole() -> None:
    said = "".join(f"<dt>Term {number}</dt><dd><p>{'goes on ' * 50}</p></dd>" for number in range(600))
    page = render_safely(document_from_html(f"<h1>A</h1><dl>{said}</dl><p>after</p>"), ORDER)
    lists = markdown(page).split("<dl>\n")[1:]
    assert [line for line in markdown(page).splitlines() if line.startswith("Term")] == [
        f"Term {n}" for n in range(600)
    ]
    assert markdown(page).count("goes on goes") == 600 * 25
    assert len(lists) == 1
    assert all(part.startswith("<dt>") and part.count("</dl>") == 1 for part in lists)
    assert markdown(page).endswith("</dl>\n\nafter\n")


def test_a_page_whose_code_takes_for_ever_comes_with_plain_code() -> None:
    page = render_safely(PAGE, ORDER, without_highlighting)
    assert b"<code>fn a() {}</code>" in page.files[0].data
    assert tuple(map(str, page.troubles)) == ("the page was simplified: TimeoutError('too long')",)


def test_a_page_that_breaks_everything_comes_as_bare_text_with_its_anchors_in_their_parts() -> None:
    page = render_safely(PAGE, ORDER, broken)
    assert b"one &amp; two" in page.files[0].data
    assert [b'id="x"' in file.data for file in page.files] == [True, False]
    assert [b'id="y"' in file.data for file in page.files] == [False, True]
    assert 'id="p--x"' in markdown(page)
    assert tuple(map(str, page.troubles)) == ("the page was simplified: RecursionError('too deep')",)


def test_a_mistake_of_the_program_is_not_hidden() -> None:
    def mistaken(_document: Document, _order: PageOrder, _highlight: Highlight) -> RenderedPage:
        raise TypeError

    with pytest.raises(TypeError):
        render_safely(PAGE, ORDER, mistaken)
