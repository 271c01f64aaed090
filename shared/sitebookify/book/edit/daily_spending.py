"""What all jobs together may spend on the language model in a day (UTC): each job notes its own share in the store.

A job's note is ``spending/{day}/{job}``, with the dollars in its metadata, so that the sum takes one listing; with them
what its batches may cost that are not answered yet. Notes are written, and the sum read, every few seconds while a job
asks the model, and when its slice ends; so the limit may be exceeded by what all jobs spend in that time.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from sitebookify.errors import ObjectNotFound, PermanentError
from sitebookify.messages import Message
from sitebookify.ports import ObjectInfo, ObjectStore

PREFIX = "spending/"
_INTERVAL = 5.0
"""Seconds between two looks at what the other jobs have spent."""
_COST, _RESERVED = "cost", "reserved"
_NOW = partial(datetime.now, UTC)


class DailySpending:
    """One job's part in the day's spending.

    Args:
        limit: US dollars for all jobs of a day; 0: no limit, and nothing is noted.
    """

    def __init__(self, store: ObjectStore, job_id: str, limit: float, *, clock: Callable[[], datetime] = _NOW) -> None:
        self._store = store
        self._job = job_id
        self._limit = limit
        self._clock = clock
        self._lock = asyncio.Lock()
        self._day = ""
        self._own = self._reserved = self._others = 0.0
        self._noted = (0.0, 0.0)
        self._looked: datetime | None = None

    def spend(self, cost: float) -> None:
        """Count dollars that this job has just spent."""
        self._own += cost

    def reserve(self, cost: float) -> None:
        """Say what the job's batches may cost in all that are not answered yet; other jobs leave that to it."""
        self._reserved = cost

    async def left(self) -> float:
        """US dollars that may still be spent today, without what is reserved; infinity where there is no limit."""
        if not self._limit:
            return math.inf
        async with self._lock:
            await self._look()
        return self._limit - self._own - self._others

    async def check(self) -> None:
        """Raise once the day's limit is reached.

        Raises:
            PermanentError: BUDGET_EXCEEDED; the job may be retried the next day.
        """
        left = await self.left()
        if left <= 0:
            spent = self._limit - left
            message = Message("job.model.max_cost_per_day", cost=f"{spent:.2f}", most=f"{self._limit:.2f}")
            raise PermanentError(message, reason="BUDGET_EXCEEDED")

    async def close(self) -> None:
        """Note what was spent since the last look."""
        if self._limit and self._unnoted:
            await asyncio.to_thread(self._exchange, _day(self._clock()))

    async def _look(self) -> None:
        now = self._clock()
        if self._looked and self._day == _day(now) and (now - self._looked).total_seconds() < _INTERVAL:
            return
        await asyncio.to_thread(self._exchange, _day(now))
        self._looked = now

    def _exchange(self, day: str) -> None:
        if day != self._day:
            if self._day:
                self._note()
                self._own = 0.0
            self._day = day
            self._own += self._noted_before()
        if self._unnoted:
            self._note()
        costs = {info.name: _dollars(info) for info in self._store.list(f"{PREFIX}{day}/")}
        costs.pop(self._name, None)
        self._others = sum(costs.values())

    @property
    def _unnoted(self) -> bool:
        return (self._own, self._reserved) != self._noted

    @property
    def _name(self) -> str:
        return f"{PREFIX}{self._day}/{self._job}"

    def _noted_before(self) -> float:
        """What an earlier slice of the job has noted for the day."""
        try:
            return float(self._store.stat(self._name).metadata.get(_COST, 0))
        except ObjectNotFound:
            return 0.0

    def _note(self) -> None:
        if not self._day:
            return
        self._noted = (self._own, self._reserved)
        metadata = {_COST: f"{self._own:.6f}", _RESERVED: f"{self._reserved:.6f}"}
        self._store.put(self._name, b"", metadata=metadata)


def _day(now: datetime) -> str:
    return now.date().isoformat()


def _dollars(info: ObjectInfo) -> float:
    return sum(float(info.metadata.get(key, 0)) for key in (_COST, _RESERVED))
