"""A server's clock, as its answers show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class ServerClock:
    """This machine's clock, corrected by as much as it must differ from the server's.

    An answer's ``Date`` is a whole second, and the answer was made at some time between request and receipt. So each
    answer bounds the difference between the clocks from both sides, and several narrow it. A clock that is right within
    these bounds is left alone. Where the bounds contradict each other, a clock was set: the latest answer counts.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._bounds = (float("-inf"), float("inf"))

    def now(self) -> datetime:
        """The time by the server's clock; by this machine's before the first answer."""
        low, high = self._bounds
        return datetime.fromtimestamp(self._clock() + min(max(0.0, low), high), UTC)

    def observe(self, date: str, took: timedelta) -> None:
        """An answer with this ``Date`` has just been received, ``took`` after the request; other text is ignored."""
        received = self._clock()
        try:
            server = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        low, high = server - received, server + 1 - (received - took.total_seconds())
        before = self._bounds
        both = (max(low, before[0]), min(high, before[1]))
        self._bounds = both if both[0] <= both[1] else (low, high)
