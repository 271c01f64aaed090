"""Rows of links to the pages before and after, told by what they say: of a single page nothing can be learned.

They go when the order of the pages has been read from them.
"""

from __future__ import annotations

from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.neighbour_words import is_labelled, way_of
from sitebookify.book.extract.promotion_signs import is_small
from sitebookify.book.extract.remnants import drop_with_remnants, first_heading
from sitebookify.book.extract.words import word_count
from sitebookify.book.tree import Element, is_blank, words_of

_BOXES = ("ul", "ol", "div", "footer", "section")
_MOST_BESIDE = 4
"""Words beside the link."""


def drop_pagers(root: Element, explanation: Explanation) -> None:
    """Drop the boxes of one or two such links."""
    first = first_heading(root)
    for box in [*root.iter(*_BOXES)]:
        if box is not root and box.getparent() is not None and _is_pager(box):
            explanation.drops("links to the pages before and after", box)
            drop_with_remnants(box, first, explanation)


def _is_pager(box: Element) -> bool:
    """True for a box of two parts that say "Previous" and "Next", or have arrows, or of one part that has both."""
    parts = list(islice(box, 3))
    if len(parts) not in (1, 2) or not is_blank(box.text) or not all(is_blank(part.tail) for part in parts):
        return False
    if not is_small(box, rules.BAR_WORDS.count):
        return False
    ways = {_way(part) for part in parts}
    if "" in ways or len(ways) != len(parts):
        return False
    return len(parts) == 2 or is_labelled(words_of(box))


def _way(part: Element) -> str:
    """Which way the part says that it leads, "prev" or "next", if it is little but a link; else ""."""
    links = list(islice(part.iter("a"), 2))
    if len(links) != 1 or (links[0].get("href") or "#").startswith("#"):
        return ""
    if word_count(part) - word_count(links[0]) > _MOST_BESIDE:
        return ""
    return way_of(words_of(part))
