"""What many pages of a sample have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypeVar

from sitebookify.book.extract import rules

T = TypeVar("T")


def least_pages(share: float, pages: int) -> int:
    """How many of the pages the share is; fewer than three prove nothing."""
    return max(rules.FEWEST_PAGES.count, round(share * pages))


def repeated(pages: Iterable[Collection[T]], share: float) -> frozenset[T]:
    """What at least this share of the pages has.

    Args:
        pages: what each page has, once each.
        share: from 0 to 1.
    """
    pages_with = Counter[T]()
    number_of_pages = 0
    for things in pages:
        pages_with.update(things)
        number_of_pages += 1
    least = least_pages(share, number_of_pages)
    return frozenset(thing for thing, times in pages_with.items() if times >= least)
