"""Whether what is known of a generator fits the site: pages may quote or imitate its mark-up."""

from __future__ import annotations

from collections import Counter

from sitebookify.book.extract.generated import roots_of
from sitebookify.book.extract.learn import Outlined, Sample
from sitebookify.book.extract.outline import Block
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import Balance, balances, best_block
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


def objection_to(generator: Generator, sample: Sample, profile: Profile) -> Message:
    """Why the entry is not used for the site; nothing where it fits.

    Args:
        generator: the entry.
        sample: pages of the site.
        profile: what was learned from them.
    """
    verdicts = Counter(_verdict(page, generator, profile) for page in sample.pages)
    missing, small, other = verdicts["missing"], verdicts["small"], verdicts["other"]
    asked = len(sample.pages) - verdicts[""]
    name = generator.name
    if missing > _MOST_MISSING * asked:
        return Message("generator.box_missing", count=asked, pages=missing, generator=name)
    if small > _MOST * asked:
        return Message("generator.text_outside", count=asked, pages=small, generator=name)
    if small + other > _MOST * asked:
        return Message("generator.text_elsewhere", count=asked, pages=small + other, generator=name)
    return NOTHING


def _verdict(page: Outlined, generator: Generator, profile: Profile) -> str:
    """What the page says of the entry: missing, small, other, or fits; "" where it has too little text to say."""
    body = page.outline
    balance = balances(body, profile.bars | profile.templated, profile.shared, None, page.title)
    if balance[body].gain < _LEAST_TEXT:
        return ""
    roots = roots_of(page.document, Matcher(page.document), generator)
    if roots is None:
        return "missing"
    in_roots = _blocks_in(body, set(roots.elements))
    own = _own_words(balance)
    if _sum(own, in_roots) < _LEAST_HELD * balance[body].gain:
        return "small"
    learned = best_block([block for block in balance if block.path in profile.roots], balance, _LEAST_HELD)
    if learned is None:
        return "fits"
    in_learned = set(learned.walk())
    share = _LEAST_SHARED * _sum(own, in_roots | in_learned)
    return "fits" if _sum(own, in_roots & in_learned) >= share else "other"


def _own_words(balance: dict[Block, Balance]) -> dict[Block, float]:
    """What each block gains without those in it."""
    own = {block: weighed.gain for block, weighed in balance.items()}
    for block, weighed in balance.items():
        if block.parent in own:
            own[block.parent] -= weighed.gain
    return own


def _blocks_in(page: Block, elements: set[Element]) -> set[Block]:
    """The blocks of the elements and those in them."""
    blocks: set[Block] = set()
    for block in page.walk():
        if block.element in elements or block.parent in blocks:
            blocks.add(block)
    return blocks


def _sum(own: dict[Block, float], blocks: set[Block]) -> float:
    return sum(own.get(block, 0.0) for block in blocks)
