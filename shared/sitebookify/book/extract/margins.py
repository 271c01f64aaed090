"""What a site puts of its own at the beginning and the end of the content that its generator lays out.

A line that stands there on many pages in the same words is the site's: a notice, a bar of links. One that differs in
its values is the page's: a version, a date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import islice

from sitebookify.book.extract import rules
from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.notices import least_pages
from sitebookify.book.extract.outline import fingerprint
from sitebookify.book.html import vocabulary
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.tree import Element, drop, words_of

_DEPTH = 5
"""Blocks of each margin that are compared."""
_CONTENT = frozenset(("table", "dl", "details", "figure", *vocabulary.PREFORMATTED))
"""Blocks that are records, sections or examples, however often they stand there."""


def learn_margins(roots: Iterable[Element]) -> frozenset[int]:
    """Marks of the blocks that stand at the margins of many of the roots, one for each page."""
    counted: Counter[int] = Counter()
    pages = 0
    for root in roots:
        pages += 1
        counted.update({mark_of(block) for block in (*_first(root), *_last(root))})
    least = least_pages(rules.SHARED.threshold, pages)
    return frozenset(mark for mark, times in counted.items() if times >= least)


def mark_of(block: Element) -> int:
    """The same for blocks of the same kind with the same text."""
    return fingerprint(block.tag, words_of(block))


def drop_margins(
    root: Element, margins: AbstractSet[int], neighbours: AbstractSet[str], base: str, explanation: Explanation
) -> None:
    """Drop the root's first blocks and its last, up to one of its own, that are known or only lead to its neighbours.

    Args:
        root: the content.
        margins: marks of blocks that many pages have there.
        neighbours: URLs of the pages before, after and above this one.
        base: what links are relative to.
        explanation: what to tell.
    """
    for side in (list(_first(root)), list(_last(root))):
        for block in side:
            if mark_of(block) in margins:
                rule = "repeated at the margin"
            elif _leads_only_to(block, neighbours, base):
                rule = "leads to the neighbours"
            else:
                break
            explanation.drops(rule, block)
            drop(block)


def _leads_only_to(block: Element, neighbours: AbstractSet[str], base: str) -> bool:
    links = [link for link in block.iter("a") if link.get("href")]
    if not links or block.tag == "p":
        return False
    targets = {page_of(absolute(link.get("href") or "", base)) for link in links}
    linked = sum(len(words_of(link).split()) for link in links)
    leads_nowhere_else = targets <= neighbours | {page_of(base)} and bool(targets & neighbours)
    return leads_nowhere_else and linked >= rules.LINK_LIST.threshold * len(words_of(block).split())


def _first(root: Element) -> Iterator[Element]:
    return islice(_from_margin(root, step=1), _DEPTH)


def _last(root: Element) -> Iterator[Element]:
    return islice(_from_margin(root, step=-1), _DEPTH)


def _from_margin(root: Element, step: int) -> Iterator[Element]:
    """The blocks from the margin inwards: headings and what is empty are passed over, long blocks end the margin."""
    if step > 0 and (root.text or "").strip():
        return
    stack = _children(root, step)
    while stack:
        block = stack.pop()
        if step < 0 and (block.tail or "").strip():
            return
        text = words_of(block)
        if not text or block.tag in vocabulary.HEADINGS:
            continue
        if _is_box(block):
            stack.extend(_children(block, step))
            continue
        if len(text.split()) > rules.BAR_WORDS.threshold or not _may_be_the_sites(block):
            return
        yield block
        if step > 0 and (block.tail or "").strip():
            return


def _may_be_the_sites(block: Element) -> bool:
    """True for a block without a heading: a section is content, however many pages have it."""
    if block.tag in _CONTENT or block.tag not in vocabulary.BLOCKS:
        return False
    return next(block.iter(*vocabulary.HEADINGS), None) is None


def _is_box(block: Element) -> bool:
    """True for a box with blocks, and no text of its own between them."""
    if block.tag not in vocabulary.BOXES or (block.text or "").strip():
        return False
    if any((child.tail or "").strip() for child in block):
        return False
    return any(child.tag in vocabulary.BLOCKS for child in block)


def _children(block: Element, step: int) -> list[Element]:
    return list(block)[::-step]
