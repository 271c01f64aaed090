"""Which pages of a sample are made from one template.

A crawl meets posts beside lists, tags and archives. What all posts say is the site's, though most pages lack it: so
what repeats is counted among the pages of one template too. Pages of one template have the same named places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sitebookify.book.extract import rules
from sitebookify.book.extract.outline import Block


def templates_of(outlines: Sequence[Block]) -> list[list[int]]:
    """The numbers of the pages of each template that at least three pages share; all pages where there is but one."""
    places = [_places(page) for page in outlines]
    groups: list[list[int]] = []
    for number, own in enumerate(places):
        for group in groups:
            if _are_alike(own, places[group[0]]):
                group.append(number)
                break
        else:
            groups.append([number])
    return [group for group in groups if len(group) >= rules.FEWEST_PAGES.count]


def _places(page: Block) -> frozenset[int]:
    """The named places that the page has once or twice: names of which a page has many are the text's own."""
    times = Counter(block.kind for block in page.walk() if block.kind)
    return frozenset(kind for kind, number in times.items() if number <= rules.BARS.threshold)


def _are_alike(one: AbstractSet[int], other: AbstractSet[int]) -> bool:
    if len(one ^ other) < rules.TELLING_PLACES.threshold:
        return True
    return len(one & other) >= rules.SAME_TEMPLATE.threshold * len(one | other)
