"""A page's body as extraction reads it."""

from __future__ import annotations

from copy import deepcopy

import lxml.html

from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.html.parser import parse
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, CELLS, HEADINGS, PHRASING, SILENT
from sitebookify.book.tree import Element, classes_of, is_blank, make, text_of
from sitebookify.messages import Message

_HOLDERS = (*BOXES, *CELLS, "font", "tt")
"""Boxes that hold text or links between blocks; the last two where they were never closed."""
_LINES = PHRASING - SILENT - {"br", "img", "math", "picture", "wbr"}
"""Elements that a line can consist of."""


def parse_page(html: str) -> Element:
    """The page's tree with a body, in which lines between blocks are blocks too.

    Raises:
        NotADocument: there is no body in it.
    """
    root = parse_unboxed(html)
    box_lines(root)
    return root


def parse_unboxed(html: str, encoding: str = "utf-8") -> Element:
    """The page's tree with a body, as the page has it: what selectors are written for.

    Raises:
        NotADocument: there is no body in it.
    """
    root = parse(html, encoding)
    if root.find("body") is None:
        raise NotADocument(Message("page.no_body"))
    return root


def box_lines(root: Element) -> None:
    """Make blocks of the lines between blocks, so that they can be told from others."""
    for heading in [*root.iter("h1")]:
        _part_lines(heading)
    for holder in [*root.iter(*_HOLDERS)]:
        if _is_mixed(holder):
            _box_lines(holder)


def _part_lines(heading: Element) -> None:
    """Part what a heading sets line by line: a name and, in an element of its own, what it stands for."""
    parts = [*heading]
    if len(parts) < 2 or heading.text:
        return
    if any(part.tail or part.tag not in ("span", "small", "div") for part in parts):
        return
    if "name" not in classes_of(parts[0]):
        for part in parts[:-1]:
            part.tail = " "
        return
    for part in parts[1:]:
        part.tail = " "
    line = make("p")
    line.extend(parts[1:])
    heading.addnext(line)
    line.tail, heading.tail = heading.tail, None


def _is_mixed(holder: Element) -> bool:
    """True for text or elements of a line beside blocks."""
    tags = {child.tag for child in holder}
    if BLOCKS.isdisjoint(tags):
        return False
    if not _LINES.isdisjoint(tags) or not is_blank(holder.text):
        return True
    return not all(is_blank(child.tail) for child in holder)


def _box_lines(holder: Element) -> None:
    """Put each run of text that stands between the holder's blocks into a box, so that it can be told from others.

    What follows a heading is its section's, and stays so.
    """
    run: list[Element] = []
    before = None
    text = holder.text
    for child in [*holder]:
        if child.tag not in BLOCKS:
            run.append(child)
            continue
        _box(holder, before, text, run)
        before = child
        text = child.tail
        run = []
    _box(holder, before, text, run)


def _box(holder: Element, before: Element | None, text: str | None, run: list[Element]) -> None:
    if before is not None and before.tag in HEADINGS[1:]:
        return
    if is_blank(text) and all(is_blank(child.tail) and is_blank(text_of(child)) for child in run):
        return
    box = make("div", text)
    if before is None:
        holder.text = None
        holder.insert(0, box)
    else:
        before.tail = None
        before.addnext(box)
    box.extend(run)


def body_of(document: Element) -> Element:
    """The body, which `parse_page` has made sure of."""
    body = document.find("body")
    return document if body is None else body


def as_lxml_html(document: Element) -> Element:
    """A copy of elements of lxml.html, which trafilatura and htmldate insist on."""
    root: Element = lxml.html.html_parser.makeelement(document.tag)
    root.attrib.update(document.attrib)
    root.text = document.text
    for child in document:
        root.append(deepcopy(child))  # lxml asks the parser of the tree that it joins for its class
    return root
