"""What is left of furniture when it is gone: a heading over nothing, a box around nothing."""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.html.vocabulary import EMBEDDED, HEADINGS, ITEMS, SECTIONS
from sitebookify.book.tree import Element, drop, is_blank

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
        explanation: gets what is dropped.
    """
    for _ in range(_DEPTH):
        parent = element.getparent()
        heading = _heading_of(element)
        if heading is not None and _is_subtitle(heading, element):
            heading = None
        drop(element)
        while heading is not None and heading is not first:
            if explanation is not None:
                explanation.drops(_RULE, heading)
            above = _heading_of(heading)
            drop(heading)
            heading = above
        if parent is None or parent.tag not in _WRAPPERS or not _is_void(parent):
            return
        element = parent


def _heading_of(element: Element) -> Element | None:
    """The heading right before the element, where its section has nothing else."""
    heading = element.getprevious()
    if heading is None or heading.tag not in HEADINGS[1:]:
        return None
    is_subheading = element.tag in HEADINGS and element.tag > heading.tag
    if not is_subheading and element.tag not in _BLOCKS:
        return None
    if not is_blank(heading.tail) or not is_blank(element.tail):
        return None
    following = element.getnext()
    ends_section = following is None or (following.tag in HEADINGS and following.tag <= heading.tag)
    return heading if ends_section else None


def _is_subtitle(heading: Element, element: Element) -> bool:
    """True for a heading right below the page's title, where no list follows that it could be the name of."""
    above = heading.getprevious()
    return above is not None and above.tag == "h1" and next(element.iter(*ITEMS, "form"), None) is None


def _is_void(box: Element) -> bool:
    """True for a box that says and shows nothing; what opens it (``summary``) does not count."""
    if not is_blank(box.text):
        return False
    inner = list(islice(box.iterdescendants(), _NEAR))
    if len(inner) == _NEAR or any(element.tag in _SHOWN for element in inner):
        return False
    opener = box.find("summary") if box.tag == "details" else None
    if opener is not None:
        if not is_blank(opener.tail):
            return False
        inside = set(opener.iter())
        inner = [element for element in inner if element not in inside]
    return all(is_blank(element.text) and is_blank(element.tail) for element in inner)
