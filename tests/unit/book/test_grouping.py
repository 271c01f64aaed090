"""Groups by weight and number."""

from __future__ import annotations

import pytest

from sitebookify.book.grouping import grouped


@pytest.mark.parametrize(
    ("limit", "longest", "groups"),
    [
        (5, None, [[1, 2], [3, 1], [9], [1]]),
        (5, 1, [[1], [2], [3], [1], [9], [1]]),
        (99, 2, [[1, 2], [3, 1], [9, 1]]),
        (99, None, [[1, 2, 3, 1, 9, 1]]),
    ],
)
def test_groups_keep_the_order_and_stay_within_both_limits(
    limit: int, longest: int | None, groups: list[list[int]]
) -> None:
    """What weighs more than the limit is a group of its own."""
    assert list(grouped([1, 2, 3, 1, 9, 1], int, limit, longest=longest)) == groups


def test_of_nothing_there_are_no_groups() -> None:
    assert list(grouped([], len, 5)) == []
