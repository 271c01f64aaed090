"""A page as the EPUB's XHTML, in as many files as its length asks for."""

from __future__ import annotations

from collections.abc import Sequence

from sitebookify.book.document.clean_html import HtmlPage
from sitebookify.book.epub.blocks import BLOCK_BUILDERS
from sitebookify.book.epub.document import document, new_section
from sitebookify.book.epub.elements import XHTML, child
from sitebookify.book.epub.mathml import translate
from sitebookify.book.epub.xhtml import XhtmlBuilder
from sitebookify.book.labels import label
from sitebookify.book.links import anchor_name, text_file
from sitebookify.book.markdown.inlines import formula_of
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.render.order import PageOrder, TextFile
from sitebookify.book.tree import Element, without_controls, words_of
from sitebookify.messages import Message

_Headings = tuple[tuple[str, str], ...]


def texts(
    roots: Sequence[Element], page: HtmlPage, order: PageOrder, troubles: list[Message]
) -> tuple[tuple[TextFile, ...], _Headings]:
    """A file for each of the page's parts, and the headings of its second level, as text and place."""
    ids = {name: anchor_name(name) for name in order.ids}
    builder = XhtmlBuilder(blocks=BLOCK_BUILDERS, ids=ids, formulas=_formulas(roots, troubles))
    files: list[TextFile] = []
    headings: list[tuple[str, str]] = []
    for number, root in enumerate(roots):
        name = text_file(order.slug, number)
        section = new_section()
        builder.has_math = False
        builder.build(root, section)
        headings += [(text, f"{name}#{anchor}") for text, anchor in _headings(section, order.shift + 2, builder.taken)]
        if root is roots[-1]:
            _add_sources(section, order)
        data = document(page.title, page.language or order.language, section)
        files.append(TextFile(name=name, data=data, math=builder.has_math))
    return tuple(files), tuple(headings)


def _formulas(roots: Sequence[Element], troubles: list[Message]) -> dict[tuple[str, bool], Element]:
    try:
        nodes = (node for root in roots for node in root.iter("span", "math"))
        return translate(formula for node in nodes if (formula := formula_of(node)))
    except PandocFailed as error:
        troubles.append(Message("trouble.formulas", detail=str(error)))
        return {}


def _headings(body: Element, level: int, taken: set[str]) -> list[tuple[str, str]]:
    found = []
    for heading in body.iter(f"{{{XHTML}}}h{min(level, 6)}"):
        if not (text := words_of(heading)):
            continue
        if not heading.get("id"):
            heading.set("id", _free_id(taken))
        found.append((text, heading.get("id") or ""))
    return found


def _free_id(taken: set[str]) -> str:
    number = 1
    while f"section-{number}" in taken:
        number += 1
    taken.add(f"section-{number}")
    return f"section-{number}"


def _add_sources(body: Element, order: PageOrder) -> None:
    if not order.sources:
        return
    box = child(body, "div", {"class": "sources"})
    word = label("source" if len(order.sources) == 1 else "sources", order.language)
    child(box, "p").text = f"{word}:"
    for title, url in order.sources:
        line = child(box, "p")
        line.text = f"{without_controls(title)}, " if title and len(order.sources) > 1 else None
        child(line, "a", {"href": url}).text = url
