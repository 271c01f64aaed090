"""Groups of items that are small enough together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def grouped(
    items: Iterable[T], weigh: Callable[[T], int], limit: int, *, longest: int | None = None
) -> Iterator[list[T]]:
    """The items in order, in groups that weigh at most ``limit`` and have at most ``longest`` items.

    An item that weighs more is a group of its own.
    """
    group: list[T] = []
    size = 0
    for item in items:
        weight = weigh(item)
        if group and (size + weight > limit or len(group) == longest):
            yield group
            group, size = [], 0
        group.append(item)
        size += weight
    if group:
        yield group
