"""Boxes that only draw are unwrapped, and text that stands in them alone becomes a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, drop, is_blank, is_only_child, make, unwrap, words_of

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
    for paragraph in list(root.iter("p")):
        if not is_marked(paragraph):
            _end_at_blank_lines(paragraph)
    for paragraph in reversed([*root.iter("p")]):
        if paragraph is not root and not words_of(paragraph) and paragraph.find(".//img") is None:
            _drop_empty(paragraph)


def _open(box: Element) -> None:
    if not any(child.tag in _BLOCKS for child in box):
        if _is_blank(box):
            _keep_anchor(box)
            drop(box)
            return
        parent = box.getparent()
        alone = parent is not None and parent.tag in _HOLDERS and is_only_child(box) and is_blank(parent.text)
        if not (alone and is_blank(box.tail)):
            box.tag = "p"
            return
    else:
        wrap_lines(box)
    _keep_anchor(box)
    unwrap(box)


def _is_blank(box: Element) -> bool:
    return not words_of(box) and box.find(".//img") is None and box.find(".//hr") is None


def _keep_anchor(box: Element) -> None:
    """Links to the box lead to its first element from now on."""
    anchor = box.get("id")
    if not anchor:
        return
    if len(box) and is_blank(box.text) and not box[0].get("id"):
        box[0].set("id", anchor)
    elif len(box):
        place = make("span", id=anchor)
        first = next((block for block in box.iter(*HEADINGS, "p", "li", "dt")), box)
        place.tail, first.text = first.text, None
        first.insert(0, place)
    else:
        place = make("span", id=anchor)
        box.addprevious(place)


def wrap_lines(box: Element) -> None:
    """Put text that stands between blocks into paragraphs."""
    run: Element | None = None
    if box.text and box.text.strip():
        run = make("p", box.text)
        box.text = None
        box.insert(0, run)
    for child in [*box]:
        if child is run:
            continue
        if child.tag in _BLOCKS or (is_marked(child) and child.tag in ("div", "section")):
            run = None
            tail = child.tail
            if tail and tail.strip():
                run = make("p", tail)
                child.tail = None
                child.addnext(run)
            continue
        if run is None:
            run = make("p")
            child.addprevious(run)
        run.append(child)


def _end_at_blank_lines(paragraph: Element) -> None:
    """Make a paragraph of each part of one between two line ends with nothing between them."""
    children = [*paragraph]
    ends = [child.tag == "br" for child in children]
    if not any(end and following and not _says(child.tail) for end, following, child in _pairs(ends, children)):
        return
    parts = _parts(paragraph)
    for child in children:
        child.tail = None
        paragraph.remove(child)
    paragraph.text = None
    last = paragraph
    for number, part in enumerate(parts):
        target = paragraph if number == 0 else make("p")
        if target is not paragraph:
            target.tail, last.tail = last.tail, None
            last.addnext(target)
            last = target
        for text, element in part:
            if element is not None:
                target.append(element)
            _append_text(target, text)


_Piece = tuple[str, Element | None]
"""An element, if there is one, and the text after it."""


def _pairs(ends: list[bool], children: list[Element]) -> Iterator[tuple[bool, bool, Element]]:
    return zip(ends, ends[1:], children, strict=False)


def _parts(paragraph: Element) -> list[list[_Piece]]:
    """The paragraph's pieces between blank lines; line ends before and after a blank line go with it."""
    parts: list[list[_Piece]] = [[(paragraph.text or "", None)]]
    pending: list[_Piece] = []
    for child in paragraph:
        piece = (child.tail or "", child)
        if child.tag == "br" and not _says(child.tail):
            pending.append(piece)
            continue
        ends = len(pending) + (child.tag == "br")
        blank = ends > 1 or (ends and not _says_any(parts[-1]))
        if not blank:
            parts[-1].extend(pending)
            parts[-1].append(piece)
        else:
            parts.append([piece if child.tag != "br" else (piece[0], None)])
        pending = []
    return [part for part in parts if _says_any(part)] or [[]]


def _says(text: str | None) -> bool:
    return bool(text and text.strip())


def _says_any(part: list[_Piece]) -> bool:
    return any(_says(text) or (element is not None and element.tag != "br") for text, element in part)


def _append_text(target: Element, text: str) -> None:
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _drop_empty(paragraph: Element) -> None:
    """Drop the paragraph; links to places in it lead to what follows."""
    names = [name for place in (paragraph, *paragraph.iter("span")) if (name := place.get("id"))]
    following = paragraph.getnext()
    if names and following is None:
        return
    for name in names:
        if following is None:
            continue
        if following.get("id") is None:
            following.set("id", name)
        elif following.tag in _LINES:
            place = make("span", id=name)
            place.tail, following.text = following.text, None
            following.insert(0, place)
        else:
            paragraph.addprevious(make("span", id=name))
    drop(paragraph)
