"""Sidebars that are a row of short lists, each below its caption: together they are one table of contents.

Wikis write them so: ``<p><a href="…">Harbour</a></p><ul>…</ul><p>Boats</p><ul>…</ul>``, without an element around
it that says navigation. Taken one by one, the lists would say nothing of their order.
"""

from __future__ import annotations

import re

from sitebookify.book.extract.bounded import exceeds
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, is_blank, lower_classes_of, words_of

_LISTS = frozenset(("ul", "ol"))
_CAPTIONS = frozenset((*HEADINGS[1:], "p", "div", "strong", "b"))
_WRAPPERS = frozenset(("div", "section"))
_IGNORED = frozenset(("hr", "br", "script", "style"))
_LONGEST = 60
"""Characters of a caption."""
_MOST_ELEMENTS = 8
"""Elements of a caption: it may hold a link with an icon."""
_FEWEST_LISTS = 2
_MOST_PARTS = 200
_NAME = re.compile(r"(?:^|[-_])(?:caption|heading|title|label|header)(?:$|[-_])")


def captions_of(box: Element) -> list[Element]:
    """The captions of a box that holds nothing but lists, all but the first below a caption each; else none."""
    if not _FEWEST_LISTS < len(box) <= _MOST_PARTS or not is_blank(box.text):
        return []
    if not all(is_blank(child.tail) for child in box):
        return []
    parts = [child for child in box if child.tag not in _IGNORED]
    lists = [part for part in parts if _is_list(part)]
    if len(lists) < _FEWEST_LISTS or parts[::-2] != lists[::-1]:
        return []
    captions = [part for part in parts if part not in lists]
    return captions if all(map(_is_caption, captions)) else []


def is_named_caption(element: Element) -> bool:
    """True where a class says that the element is a caption."""
    return any(map(_NAME.search, lower_classes_of(element)))


def _is_list(element: Element) -> bool:
    """True for a list of links, and for a box that holds nothing else."""
    if element.tag in _WRAPPERS and len(element) == 1:
        if not (is_blank(element.text) and is_blank(element[0].tail)):
            return False
        element = element[0]
    return element.tag in _LISTS and next(element.iter("a"), None) is not None


def _is_caption(element: Element) -> bool:
    if element.tag not in _CAPTIONS or exceeds(element.iter("*"), _MOST_ELEMENTS):
        return False
    return 0 < len(words_of(element)) <= _LONGEST
