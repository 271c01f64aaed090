"""A page as the EPUB's XHTML, in as many files as its length asks for."""

from __future__ import annotations

from lxml import etree

from sitebookify.book.epub.document import document, new_section
from sitebookify.book.epub.mathml import translate
from sitebookify.book.epub.xhtml import XHTML, XhtmlBuilder
from sitebookify.book.extract.document import Element, words_of
from sitebookify.book.labels import label
from sitebookify.book.links import anchor_name, text_file
from sitebookify.book.markdown.inlines import formula_of
from sitebookify.book.model import Page
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.render.order import PageOrder, TextFile
from sitebookify.book.render.parts import parts

_Headings = tuple[tuple[str, str], ...]


def texts(root: Element, page: Page, order: PageOrder, troubles: list[str]) -> tuple[tuple[TextFile, ...], _Headings]:
    """The page's files and the headings of its second level, as text and place."""
    pieces = parts(root)
    builder = XhtmlBuilder(ids={name: anchor_name(name) for name in order.ids}, formulas=_formulas(root, troubles))
    files: list[TextFile] = []
    headings: list[tuple[str, str]] = []
    for number, blocks in enumerate(pieces):
        name = text_file(order.slug, number)
        body = new_section()
        builder.has_math = False
        builder.build(blocks, body)
        headings += [(text, f"{name}#{anchor}") for text, anchor in _headings(body, order.shift + 2, builder.taken)]
        if number == len(pieces) - 1:
            _add_sources(body, order)
        data = document(page.title, page.language or order.language, body)
        files.append(TextFile(name=name, data=data, math=builder.has_math))
    return tuple(files), tuple(headings)


def _formulas(root: Element, troubles: list[str]) -> dict[tuple[str, bool], Element]:
    try:
        return translate(formula for node in root.iter("span", "math") if (formula := formula_of(node)))
    except PandocFailed as error:
        troubles.append(f"formulas came into the EPUB as TeX: {error}")
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
    box = etree.SubElement(body, f"{{{XHTML}}}div", {"class": "sources"}, nsmap={})
    word = label("source" if len(order.sources) == 1 else "sources", order.language)
    etree.SubElement(box, f"{{{XHTML}}}p", nsmap={}).text = f"{word}:"
    for title, url in order.sources:
        line = etree.SubElement(box, f"{{{XHTML}}}p", nsmap={})
        line.text = f"{title}, " if title and len(order.sources) > 1 else None
        etree.SubElement(line, f"{{{XHTML}}}a", {"href": url}, nsmap={}).text = url
