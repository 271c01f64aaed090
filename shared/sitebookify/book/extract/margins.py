"""What a site puts of its own at the beginning and the end of the content that its generator lays out.

A line that stands there on many pages in the same words is the site's: a notice, a bar of links. One that differs in
its values is the page's: a version, a date.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain, takewhile

from sitebookify.book.extract import rules
from sitebookify.book.extract.hyperlinks import target_of
from sitebookify.book.extract.outline import fingerprint
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.sampling import repeated
from sitebookify.book.extract.words import word_count
from sitebookify.book.html import vocabulary
from sitebookify.book.html.addresses import page_of
from sitebookify.book.tree import Element, holds, is_blank, text_before, words_of

_DEPTH = 5
"""Blocks of each margin that are compared."""
_LINES = vocabulary.BLOCKS - vocabulary.PREFORMATTED - {"table", "dl", "details", "figure"}
"""Blocks that are no records, sections or examples; these are content, however many pages have them."""


def learn_margins(roots: Iterable[Element]) -> frozenset[int]:
    """Marks of the blocks that stand at the margins of many of the roots, one for each page."""
    blocks = (chain(*_margins(root)) for root in roots)
    return repeated((set(map(mark_of, side)) for side in blocks), rules.SHARED)


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
        explanation: gets what is dropped.
    """
    for side in _margins(root):
        for block in side:
            if mark_of(block) in margins:
                rule = "repeated at the margin"
            elif _leads_only_to(block, neighbours, base):
                rule = "leads to the neighbours"
            else:
                break
            explanation.drop(rule, block)


def _leads_only_to(block: Element, neighbours: AbstractSet[str], base: str) -> bool:
    links = [link for link in block.iter("a") if link.get("href")]
    if not links or block.tag == "p":
        return False
    targets = {target_of(link, base) for link in links}
    if targets.isdisjoint(neighbours) or not targets <= neighbours | {page_of(base)}:
        return False
    return sum(map(word_count, links)) >= rules.LINK_LIST.threshold * word_count(block)


def _margins(root: Element) -> tuple[list[Element], list[Element]]:
    """The root's first blocks, and its last, those at the margin first."""
    first = takewhile(lambda child: is_blank(text_before(child)), root)
    last = takewhile(lambda child: is_blank(child.tail), reversed(root))
    return _blocks(first, step=1), _blocks(last, step=-1)


def _blocks(outer: Iterable[Element], step: int) -> list[Element]:
    """The blocks from the margin inwards: headings and what is empty are passed over, long blocks end the margin."""
    blocks: list[Element] = []
    stack = [*outer][::-1]
    while stack and len(blocks) < _DEPTH:
        block = stack.pop()
        size = word_count(block)
        if not size or block.tag in vocabulary.HEADINGS:
            continue
        if _is_box(block):
            stack.extend([*block][::-step])
        elif size <= rules.BAR_WORDS.threshold and block.tag in _LINES and not holds(block, *vocabulary.HEADINGS):
            blocks.append(block)
        else:
            break
    return blocks


def _is_box(block: Element) -> bool:
    """True for a box with blocks, and no text of its own between them."""
    if block.tag not in vocabulary.BOXES or not is_blank(block.text):
        return False
    if not all(is_blank(child.tail) for child in block):
        return False
    return any(child.tag in vocabulary.BLOCKS for child in block)
