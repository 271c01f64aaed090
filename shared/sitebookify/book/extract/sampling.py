"""Which pages of a site are learned from, and what many of them have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from sitebookify.book.extract import rules
from sitebookify.book.extract.rules import Rule

T = TypeVar("T")


def sample(pages: Sequence[T], most: int | None = None) -> list[T]:
    """At most ``most`` of the pages, or as many as are learned from, spread evenly."""
    most = most or rules.SAMPLE.count
    if len(pages) <= most:
        return list(pages)
    return [pages[i * len(pages) // most] for i in range(most)]


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
