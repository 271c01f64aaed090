"""Sidebars that are a row of short lists, each below its caption: together they are one table of contents.

Wikis write them so: ``<p><a href="…">Harbour</a></p><ul>…</ul><p>Boats</p><ul>…</ul>``, without an element around
it that says navigation. Taken one by one, the lists would say nothing of their order.
"""

from __future__ import annotations

from itertools import islice

from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, is_blank, words_of

_LISTS = frozenset(("ul", "ol"))
_CAPTIONS = frozenset((*HEADINGS[1:], "p", "div", "strong", "b"))
_WRAPPERS = frozenset(("div", "section"))
_IGNORED = frozenset(("hr", "br", "script", "style"))
_LONGEST = 60
"""Characters of a caption."""
_MOST_PARTS = 8
"""Elements in a caption: it may hold a link with an icon."""
_MOST_CHILDREN = 200
_FEWEST_LISTS = 2


def captions_of(box: Element) -> list[Element]:
    """The captions of a box that holds nothing but lists, all but the first below a caption each; else none."""
    if len(box) > _MOST_CHILDREN or not is_blank(box.text):
        return []
    captions: list[Element] = []
    lists = 0
    is_captioned = False
    for child in box:
        if child.tag in _IGNORED and is_blank(child.tail):
            continue
        if not is_blank(child.tail):
            return []
        if _is_list(child):
            if lists and not is_captioned:
                return []
            is_captioned = False
            lists += 1
        elif not is_captioned and _is_caption(child):
            is_captioned = True
            captions.append(child)
        else:
            return []
    return captions if lists >= _FEWEST_LISTS and not is_captioned else []


def _is_list(element: Element) -> bool:
    """True for a list of links, and for a box that holds nothing else."""
    if element.tag in _WRAPPERS and len(element) == 1 and is_blank(element.text) and is_blank(element[0].tail):
        element = element[0]
    return element.tag in _LISTS and next(element.iter("a"), None) is not None


def _is_caption(element: Element) -> bool:
    if element.tag not in _CAPTIONS or len(list(islice(element.iter("*"), _MOST_PARTS + 1))) > _MOST_PARTS:
        return False
    return 0 < len(words_of(element)) <= _LONGEST
