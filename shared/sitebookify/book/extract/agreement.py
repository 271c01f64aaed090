"""Whether what is known of a generator fits the site: pages may quote or imitate its mark-up."""

from __future__ import annotations

from collections import Counter

from sitebookify.book.extract.generated import roots_of
from sitebookify.book.extract.learn import Outlined, Sample
from sitebookify.book.extract.outline import Block
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import balances, best_block
from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.tree import Element
from sitebookify.messages import NOTHING, Message

_LEAST_TEXT = 30
"""Words of its own that a page has at least to be asked: start pages and redirects say little."""
_MOST_MISSING = 0.4
"""Share of the pages that may lack the entry's root: pages of other kinds, such as a blog beside a manual."""
_LEAST_HELD = 0.5
"""Share of a page's own words, not in links and not in blocks that many pages repeat, that the entry's root holds."""
_LEAST_SHARED = 0.5
"""Share of the own words of the entry's root and the learned one that stand in both."""
_MOST = 0.5
"""Share of the pages on which the roots may differ."""


def objection_to(generator: Generator, sampled: Sample, profile: Profile) -> Message:
    """Why the entry is not used for the site; nothing where it fits.

    Args:
        generator: the entry.
        sampled: pages of the site.
        profile: what was learned from them.
    """
    verdicts = Counter(filter(None, (_verdict(page, generator, profile) for page in sampled.pages)))
    asked = verdicts.total()
    missing, small, other = verdicts["missing"], verdicts["small"], verdicts["other"]
    name = generator.name
    if missing > _MOST_MISSING * asked:
        return Message("generator.box_missing", count=asked, pages=missing, generator=name)
    if small > _MOST * asked:
        return Message("generator.text_outside", count=asked, pages=small, generator=name)
    if small + other > _MOST * asked:
        return Message("generator.text_elsewhere", count=asked, pages=small + other, generator=name)
    return NOTHING


def _verdict(sampled: Outlined, generator: Generator, profile: Profile) -> str:
    """What the page says of the entry: missing, small, other, or fits; "" where it has too little text to say."""
    document, page = sampled.document, sampled.outline
    balance = balances(page, profile.bars | profile.templated, profile.shared, None, sampled.title)
    if balance[page].gain < _LEAST_TEXT:
        return ""
    roots = roots_of(document, Matcher(document), generator)
    if roots is None:
        return "missing"
    own = _own_words({block: weighed.gain for block, weighed in balance.items()})
    held = _held(page, set(roots.elements))
    if _sum(own, held) < _LEAST_HELD * balance[page].gain:
        return "small"
    learned = best_block([block for block in balance if block.path in profile.roots], balance, _LEAST_HELD)
    if learned is None:
        return "fits"
    other = set(learned.walk())
    return "other" if _sum(own, held & other) < _LEAST_SHARED * _sum(own, held | other) else "fits"


def _own_words(gains: dict[Block, float]) -> dict[Block, float]:
    """What each block gains without those in it."""
    return {block: gain - sum(gains.get(child, 0.0) for child in block.children) for block, gain in gains.items()}


def _held(page: Block, roots: set[Element]) -> set[Block]:
    """The blocks of the roots and those in them."""
    held: set[Block] = set()
    for block in page.walk():
        if block.element in roots or block.parent in held:
            held.add(block)
    return held


def _sum(own: dict[Block, float], blocks: set[Block]) -> float:
    return sum(own.get(block, 0.0) for block in blocks)
