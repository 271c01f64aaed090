"""Boxes that only draw are unwrapped, and text that stands in them alone becomes a paragraph."""

from __future__ import annotations

from sitebookify.book.extract.clean.elements import is_empty, is_marked, put_first, put_place_before
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, drop, is_blank, is_only_child, make, unwrap

_DRAWN = BOXES | {"legend", "picture", "details-content", "noindex"}
"""Boxes that only draw, in documents. The last are no elements of HTML, but of many pages."""
_BLOCKS = BLOCKS | _DRAWN | {"math-block"}
_LINES = frozenset((*HEADINGS, "p"))
"""What begins with a line of text, in which a place can be."""
_HOLDERS = ITEMS | CELLS | {"figcaption", "caption", "summary"}
"""What may hold a line without a paragraph around it."""


def normalise(root: Element) -> None:
    """Unwrap the boxes under ``root``, the innermost first."""
    for element in reversed([*root.iter(*_DRAWN)]):
        if element is root:
            continue
        if is_marked(element):
            wrap_lines(element)
        else:
            _open(element)
    wrap_lines(root)
    for paragraph in [*root.iter("p")]:
        if not is_marked(paragraph):
            _end_at_blank_lines(paragraph)
    for paragraph in reversed([*root.iter("p")]):
        if paragraph is not root and is_empty(paragraph):
            _drop_empty(paragraph)


def _open(box: Element) -> None:
    if any(child.tag in _BLOCKS for child in box):
        wrap_lines(box)
    elif is_empty(box) and box.find(".//hr") is None:
        _keep_anchor(box)
        drop(box)
        return
    elif not _is_only_line(box):
        box.tag = "p"
        return
    _keep_anchor(box)
    unwrap(box)


def _is_only_line(box: Element) -> bool:
    """True for all that an item, or a cell, holds: that needs no paragraph."""
    parent = box.getparent()
    if parent is None or parent.tag not in _HOLDERS or not is_only_child(box):
        return False
    return is_blank(parent.text) and is_blank(box.tail)


def _keep_anchor(box: Element) -> None:
    """Links to the box lead to its first element from now on."""
    anchor = box.get("id")
    if not anchor:
        return
    if not len(box):
        put_place_before(box, anchor)
    elif is_blank(box.text) and not box[0].get("id"):
        box[0].set("id", anchor)
    else:
        first = next(box.iter(*HEADINGS, "p", "li", "dt"), box)
        put_first(make("span", id=anchor), first)


def wrap_lines(box: Element) -> None:
    """Put text that stands between blocks into paragraphs."""
    line: Element | None = None
    if not is_blank(box.text):
        line = make("p", box.text)
        box.text = None
        box.insert(0, line)
    for child in [*box]:
        if child is line:
            continue
        if not _is_block(child):
            if line is None:
                line = make("p")
                child.addprevious(line)
            line.append(child)
            continue
        line = None
        if not is_blank(child.tail):
            line = make("p", child.tail)
            child.tail = None
            child.addnext(line)


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCKS or (is_marked(element) and element.tag in ("div", "section"))


def _end_at_blank_lines(paragraph: Element) -> None:
    """Make a paragraph of each part of one between two line ends with nothing between them."""
    blank = [end for end in paragraph.iterchildren("br") if _is_line_end(end.getnext()) and is_blank(end.tail)]
    parts = [paragraph] if blank else []
    for end in reversed(blank):
        following = make("p")
        following.extend([*end.itersiblings()])
        following.tail, paragraph.tail = paragraph.tail, None
        paragraph.addnext(following)
        parts.append(following)
    for part in parts:
        while _is_line_end(next(part.iterchildren(), None)) and is_blank(part.text):
            drop(part[0])
        while _is_line_end(next(part.iterchildren(reversed=True), None)) and is_blank(part[-1].tail):
            drop(part[-1])


def _is_line_end(element: Element | None) -> bool:
    return element is not None and element.tag == "br"


def _drop_empty(paragraph: Element) -> None:
    """Drop the paragraph; links to places in it lead to what follows."""
    names = [place.get("id", "") for place in (paragraph, *paragraph.iter("span"))]
    following = paragraph.getnext()
    if following is None:
        if not any(names):
            drop(paragraph)
        return
    for anchor in filter(None, names):
        if following.get("id") is None:
            following.set("id", anchor)
        elif following.tag in _LINES:
            put_first(make("span", id=anchor), following)
        else:
            put_place_before(paragraph, anchor)
    drop(paragraph)
