"""What is left of furniture when it is gone: a heading over nothing, a box around nothing."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.html.vocabulary import EMBEDDED, HEADINGS, ITEMS, SECTIONS
from sitebookify.book.tree import Element, drop

_BLOCKS = frozenset(("div", "ul", "ol", "dl", "form", "nav", "menu", "table", "details", "fieldset", *SECTIONS))
"""What a heading can announce."""
_WRAPPERS = frozenset(("div", "section", "aside", "details", "fieldset", "center"))
"""Boxes that go when nothing is left in them."""
_SHOWN = EMBEDDED | {"hr"}
_DEPTH = 4
"""Boxes around what goes that are looked at."""
_NEAR = 40
"""Elements in which a box must show something, or else it counts as full: to look at all would take too long."""
_RULE = "nothing is left below it"


def first_heading(document: Element) -> Element | None:
    """The heading that the page begins with: it may be the title, and stays."""
    return next(document.iter(*HEADINGS), None)


def drop_with_remnants(element: Element, first: Element | None, explanation: Explanation | None = None) -> None:
    """Drop the element, then the heading that announced only this, and the boxes in which nothing is left.

    Args:
        element: what is no content.
        first: the page's first heading, which stays.
        explanation: what to tell.
    """
    for _ in range(_DEPTH):
        parent = element.getparent()
        announcing = _heading_of(element)
        if announcing is not None and _is_subtitle(announcing, element):
            announcing = None
        drop(element)
        while announcing is not None and announcing is not first:
            if explanation is not None:
                explanation.drops(_RULE, announcing)
            above = _heading_of(announcing)
            drop(announcing)
            announcing = above
        if parent is None or parent.tag not in _WRAPPERS or not _is_void(parent):
            return
        element = parent


def _heading_of(element: Element) -> Element | None:
    """The heading right before the element, where its section has nothing else."""
    heading = element.getprevious()
    if element.tag not in _BLOCKS and element.tag not in HEADINGS:
        return None
    if heading is None or heading.tag not in HEADINGS[1:] or _has_text(heading.tail) or _has_text(element.tail):
        return None
    if element.tag in HEADINGS and element.tag <= heading.tag:
        return None
    following = element.getnext()
    ends = following is None or (following.tag in HEADINGS and following.tag <= heading.tag)
    return heading if ends else None


def _is_subtitle(heading: Element, element: Element) -> bool:
    """True for a heading right below the page's title, where no list follows that it could be the name of."""
    above = heading.getprevious()
    return above is not None and above.tag == "h1" and next(element.iter(*ITEMS, "form"), None) is None


def _is_void(box: Element) -> bool:
    """True for a box that says and shows nothing; what opens it (``summary``) does not count."""
    if _has_text(box.text):
        return False
    inner = list(islice(box.iterdescendants(), _NEAR))
    if len(inner) == _NEAR:
        return False
    opener = box.find("summary") if box.tag == "details" else None
    for element in inner:
        if element.tag in _SHOWN or (_has_text(element.tail) and element is not opener and not _is_in(element, opener)):
            return False
        if _has_text(element.text) and element is not opener and not _is_in(element, opener):
            return False
    return opener is None or not _has_text(opener.tail)


def _is_in(element: Element, box: Element | None) -> bool:
    return box is not None and box in element.iterancestors()


def _has_text(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()
