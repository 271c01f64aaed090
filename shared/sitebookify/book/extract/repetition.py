"""What many pages of a sample have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypeVar

from sitebookify.book.extract import rules
from sitebookify.book.extract.rule import Rule

T = TypeVar("T")


def least_pages(share: Rule, pages: int) -> int:
    """How many of the pages the share is; fewer than three prove nothing."""
    return max(rules.FEWEST_PAGES.count, round(share.threshold * pages))


def repeated(pages: Iterable[Collection[T]], share: Rule) -> frozenset[T]:
    """What at least this share of the pages has; ``pages`` are what each of them has, once each."""
    pages_with = Counter[T]()
    number_of_pages = 0
    for things in pages:
        pages_with.update(things)
        number_of_pages += 1
    least = least_pages(share, number_of_pages)
    return frozenset(thing for thing, times in pages_with.items() if times >= least)
