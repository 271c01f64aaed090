"""Boxes that only draw are unwrapped, and text that stands in them alone becomes a paragraph."""

from __future__ import annotations

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.vocabulary import BLOCKS, BOXES, CELLS, HEADINGS, ITEMS
from sitebookify.book.tree import Element, drop, elements, is_only_child, make, unwrap, words_of

_DRAWN = BOXES | {"legend", "picture", "details-content", "noindex"}
"""Boxes that only draw, in documents. The last are no elements of HTML, but of many pages."""
_BLOCKS = BLOCKS | _DRAWN | {"math-block"}
_HOLDERS = ITEMS | CELLS | {"figcaption", "caption", "summary"}
"""What may hold a line without a paragraph around it."""


def normalise(root: Element) -> None:
    """Unwrap the boxes under ``root``, the innermost first."""
    for element in reversed(elements(root)[1:]):
        if element.tag in _DRAWN and not is_marked(element):
            _open(element)
        elif is_marked(element) and element.tag in _DRAWN:
            wrap_lines(element)
    wrap_lines(root)
    for element in reversed(elements(root)[1:]):
        if element.tag == "p" and not words_of(element) and element.find(".//img") is None:
            _drop_empty(element)


def _open(box: Element) -> None:
    if not any(child.tag in _BLOCKS for child in box):
        if _is_blank(box):
            _keep_anchor(box)
            drop(box)
            return
        parent = box.getparent()
        alone = parent is not None and parent.tag in _HOLDERS and is_only_child(box) and not (parent.text or "").strip()
        if not (alone and not (box.tail or "").strip()):
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
    if len(box) and not (box.text or "").strip() and not box[0].get("id"):
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
        else:
            paragraph.addprevious(make("span", id=name))
    drop(paragraph)
