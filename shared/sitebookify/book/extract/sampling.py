"""Which pages of a site are learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sitebookify.book.extract import rules

T = TypeVar("T")


def sample(pages: Sequence[T], most: int = rules.SAMPLE.count) -> list[T]:
    """At most ``most`` of the pages, spread evenly."""
    if len(pages) <= most:
        return list(pages)
    return [pages[i * len(pages) // most] for i in range(most)]
