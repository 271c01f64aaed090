"""What may interrupt a slice: the end of its process, or another job that waits for its place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

_WAY_SHARE = 0.5
"""Of a slice's budget, after which it makes way though it has not got on."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """``stop`` is set when the process must end, ``make_way`` when another job waits."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    make_way: asyncio.Event = field(default_factory=asyncio.Event)

    def makes_way(self, *, worked: timedelta, budget: timedelta, headway: bool) -> bool:
        """True where the slice is to end for another job's sake.

        A slice that has not got on would count as a failed attempt, so it goes on for a while.
        """
        return self.make_way.is_set() and (headway or worked >= budget * _WAY_SHARE)
