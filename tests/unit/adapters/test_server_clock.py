"""The time by a server's clock, from the dates of its answers."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.adapters.server_clock import ServerClock

START = 1_800_000_000.0


class Link:
    """A server and a machine whose clock is ``skew`` seconds ahead of it."""

    def __init__(self, skew: float) -> None:
        self.time = START
        self.skew = skew
        self.clock = ServerClock(lambda: self.time + self.skew)

    def answer(self, there: float, back: float) -> None:
        """A request: so many seconds to the server, and from it."""
        self.time += there
        date = format_datetime(datetime.fromtimestamp(math.floor(self.time), UTC), usegmt=True)
        self.time += back
        self.clock.observe(date, timedelta(seconds=there + back))

    @property
    def error(self) -> float:
        return abs(self.clock.now().timestamp() - self.time)


SECONDS = st.floats(0, 5)


@given(skew=st.floats(-1e6, 1e6), trips=st.lists(st.tuples(SECONDS, SECONDS, SECONDS), min_size=1, max_size=8))
def test_it_is_wrong_by_a_second_and_the_quickest_round_trip_at_most(
    skew: float, trips: list[tuple[float, float, float]]
) -> None:
    link = Link(skew)
    for there, back, pause in trips:
        link.answer(there, back)
        assert link.error <= 1.001 + min(trip[0] + trip[1] for trip in trips[: trips.index((there, back, pause)) + 1])
        link.time += pause


def test_a_clock_that_is_right_is_left_alone() -> None:
    link = Link(0.0)
    for _ in range(5):
        link.answer(0.3, 0.9)
        link.time += 0.37
    assert link.error < 1e-3


def test_a_clock_that_was_set_is_noticed_with_the_next_answer() -> None:
    link = Link(0.0)
    link.answer(0.1, 0.1)
    link.skew = 600.0
    assert link.error == pytest.approx(600)
    link.answer(0.1, 0.1)
    assert link.error <= 1.2


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Foo 2026 00:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date: str) -> None:
    link = Link(600.0)
    link.clock.observe(date, timedelta(seconds=1))
    assert link.error == pytest.approx(600)
