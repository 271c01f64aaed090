"""Which pages of a sample are made from one template.

A crawl meets posts beside lists, tags and archives. What all posts say is the site's, though most pages lack it: so
what repeats is counted among the pages of one template too. Pages of one template have the same named places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sitebookify.book.extract import rules
from sitebookify.book.extract.outline import Block, OutlinedPage


def templates_of(pages: Sequence[OutlinedPage]) -> list[list[OutlinedPage]]:
    """The pages of each template that at least three pages share; all pages where there is but one."""
    groups: dict[frozenset[int], list[OutlinedPage]] = {}
    for page in pages:
        places = _places(page.outline)
        template = next((first for first in groups if _are_alike(places, first)), places)
        groups.setdefault(template, []).append(page)
    return [group for group in groups.values() if len(group) >= rules.FEWEST_PAGES.count]


def _places(page: Block) -> frozenset[int]:
    """The named places that the page has once or twice: names of which a page has many are the text's own."""
    times = Counter(block.kind for block in page.walk() if block.kind)
    return frozenset(kind for kind, number in times.items() if number <= rules.BARS.threshold)


def _are_alike(one: AbstractSet[int], other: AbstractSet[int]) -> bool:
    if len(one ^ other) < rules.TELLING_PLACES.threshold:
        return True
    return len(one & other) >= rules.SAME_TEMPLATE.threshold * len(one | other)
