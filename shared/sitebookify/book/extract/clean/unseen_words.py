"""What stands in a line and is not seen there: words for screen readers, states that scripts show, icons' names."""

from __future__ import annotations

from lxml.etree import iterwalk

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.visibility import (
    LABEL,
    is_for_screen_readers,
    is_hidden,
    is_icon,
    is_marked_hidden,
    is_private,
)
from sitebookify.book.html.vocabulary import CODE, EMBEDDED, PHRASING
from sitebookify.book.tree import Element, drop, make, words_of

_LINES = PHRASING - EMBEDDED - CODE


def is_unseen_word(element: Element, root: Element) -> bool:
    """True for what is not seen in a line under ``root``, but for what is all that its box or its link says."""
    return element.tag in _LINES and _is_unseen(element) and not _is_needed(element, root)


def _is_unseen(element: Element) -> bool:
    silent = is_for_screen_readers(element) or is_icon(element)
    brief = not silent and (is_hidden(element) or is_marked_hidden(element)) and _is_label(element)
    return (silent or brief) and not is_marked(element) and element.find(".//img") is None


def _is_label(element: Element) -> bool:
    return len(words_of(element).split()) <= LABEL


def _is_needed(element: Element, root: Element) -> bool:
    """True where nothing else is left to read: "Yes" beside a tick that a style sheet draws."""
    box = element.getparent()
    while box is not None and box is not root and box.tag in _LINES and box.tag != "a":
        box = box.getparent()
    return box is not None and not is_private(element) and not _says_more(box, element)


def _says_more(box: Element, element: Element) -> bool:
    """True where the box has text or a picture beside the element. Looks no further than at the first."""
    walker = iterwalk(box, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            text = node.tail if node is not box else None
        elif node is element:
            walker.skip_subtree()
            continue
        elif node.tag == "img":
            return True
        else:
            text = node.text
        if text and not text.isspace():
            return True
    return False


def drop_unseen(element: Element) -> None:
    """Drop the element: links to it, or to what is in it, lead to where it stood from now on."""
    for place in [*element.iter("*")]:
        name = place.get("id") or (place.get("name") if place.tag == "a" else None)
        if name:
            element.addprevious(make("span", id=name))
    drop(element)
