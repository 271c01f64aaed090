"""Boxes that only draw are unwrapped, and text that stands in them alone becomes a paragraph."""

from __future__ import annotations

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.extract.clean.moves import put_first, put_place_before
from sitebookify.book.extract.clean.questions import is_empty
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
    if not _has_blank_line(paragraph):
        return
    parts = _parts(paragraph)
    for child in [*paragraph]:
        child.tail = None
        paragraph.remove(child)
    paragraph.text = None
    last = paragraph
    for number, part in enumerate(parts):
        if number > 0:
            following = make("p")
            following.tail, last.tail = last.tail, None
            last.addnext(following)
            last = following
        for text, element in part:
            if element is not None:
                last.append(element)
            _append_text(last, text)


_Piece = tuple[str, Element | None]
"""An element, if there is one, and the text after it."""


def _has_blank_line(paragraph: Element) -> bool:
    """True where a line end follows another one, with nothing between them."""
    lines_ended = (end for end in paragraph.iterchildren("br") if is_blank(end.tail))
    return any(_is_line_end(end.getnext()) for end in lines_ended)


def _is_line_end(element: Element | None) -> bool:
    return element is not None and element.tag == "br"


def _parts(paragraph: Element) -> list[list[_Piece]]:
    """The paragraph's pieces between blank lines; line ends before and after a blank line go with it."""
    parts: list[list[_Piece]] = [[(paragraph.text or "", None)]]
    pending: list[_Piece] = []
    for child in paragraph:
        text = child.tail or ""
        if child.tag == "br" and is_blank(text):
            pending.append((text, child))
            continue
        line_ends = len(pending) + (child.tag == "br")
        is_after_blank_line = line_ends > 1 or (line_ends > 0 and not _says_anything(parts[-1]))
        if is_after_blank_line:
            parts.append([(text, None if child.tag == "br" else child)])
        else:
            parts[-1] += [*pending, (text, child)]
        pending = []
    return list(filter(_says_anything, parts)) or [[]]


def _says_anything(part: list[_Piece]) -> bool:
    return any(not is_blank(text) or (element is not None and element.tag != "br") for text, element in part)


def _append_text(target: Element, text: str) -> None:
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _drop_empty(paragraph: Element) -> None:
    """Drop the paragraph; links to places in it lead to what follows."""
    names = [place.get("id", "") for place in (paragraph, *paragraph.iter("span"))]
    anchors = [name for name in names if name]
    following = paragraph.getnext()
    if following is None:
        if not anchors:
            drop(paragraph)
        return
    for anchor in anchors:
        if following.get("id") is None:
            following.set("id", anchor)
        elif following.tag in _LINES:
            put_first(make("span", id=anchor), following)
        else:
            put_place_before(paragraph, anchor)
    drop(paragraph)
