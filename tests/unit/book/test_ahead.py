"""Objects read ahead, in order, and never more of them than allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sitebookify.book.ahead import read_ahead

AHEAD = 3


def test_results_come_in_order_and_at_once() -> None:
    together = threading.Barrier(AHEAD, timeout=10)  # passed only if so many are read at the same time

    def read(key: int) -> int:
        together.wait()
        return 10 * key

    assert [*read_ahead(read, range(6), ahead=AHEAD)] == [(key, 10 * key) for key in range(6)]


def test_no_key_is_taken_before_there_is_room() -> None:
    taken: list[int] = []

    def keys() -> Iterator[int]:
        for key in range(100):
            taken.append(key)
            yield key

    reading = read_ahead(str, keys(), ahead=AHEAD)
    assert next(reading) == (0, "0")
    assert taken == [*range(AHEAD)]
    reading.close()  # type: ignore[attr-defined]  # a generator


def test_what_cannot_be_read_is_told_in_its_turn() -> None:
    def read(key: int) -> int:
        return 6 // key

    reading = read_ahead(read, (3, 2, 0, 1), ahead=4)
    assert [next(reading), next(reading)] == [(3, 2), (2, 3)]
    with pytest.raises(ZeroDivisionError):
        next(reading)
