"""Whether what is known of a generator fits the site: pages may quote or imitate its mark-up."""

from __future__ import annotations

from collections import Counter

from sitebookify.book.extract.generated import roots_of
from sitebookify.book.extract.learn import Sample
from sitebookify.book.extract.outline import OutlinedPage
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import balances
from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.selectors import Matcher
from sitebookify.messages import NOTHING, Message

_LEAST_TEXT = 30
"""Words of its own that a page has at least to be asked: start pages and redirects say little."""
_MOST_MISSING = 0.4
"""Share of the pages that may lack the entry's root: pages of other kinds, such as a blog beside a manual."""
_LEAST_HELD = 0.5
"""Share of a page's own words, not in links and not in blocks that many pages repeat, that the entry's root holds."""
_MOST = 0.5
"""Share of the pages on which the entry's root may hold less."""


def objection_to(generator: Generator, sample: Sample, profile: Profile) -> Message:
    """Why the entry is not used for the site; nothing where it fits.

    Args:
        generator: the entry.
        sample: pages of the site.
        profile: what was learned from them.
    """
    verdicts = Counter(_verdict(page, generator, profile) for page in sample.pages)
    asked = len(sample.pages) - verdicts[""]
    missing, small = verdicts["missing"], verdicts["small"]
    if missing > _MOST_MISSING * asked:
        return Message("generator.box_missing", count=asked, pages=missing, generator=generator.name)
    if small > _MOST * asked:
        return Message("generator.text_outside", count=asked, pages=small, generator=generator.name)
    return NOTHING


def _verdict(page: OutlinedPage, generator: Generator, profile: Profile) -> str:
    """What the page says of the entry's root: missing, small, or fits; "" where it has too little text to say."""
    balance = balances(page.outline, profile.bars | profile.templated, profile.shared, None, page.title)
    own = balance[page.outline].gain
    if own < _LEAST_TEXT:
        return ""
    roots = roots_of(page.document, Matcher(page.document), generator)
    if roots is None:
        return "missing"
    in_roots = sum(weighed.gain for block, weighed in balance.items() if block.element in roots.elements)
    return "fits" if in_roots >= _LEAST_HELD * own else "small"
