"""Which pages of a site are learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sitebookify.book.extract import rules

T = TypeVar("T")


def sample(pages: Sequence[T], most: int | None = None) -> list[T]:
    """At most ``most`` of the pages, or as many as are learned from, spread evenly."""
    most = rules.SAMPLE.count if most is None else most
    if len(pages) <= most:
        return list(pages)
    return [pages[i * len(pages) // most] for i in range(most)]
