"""How many requests a model is asked at a time: more while it answers, fewer when it asks for time."""

from __future__ import annotations

import asyncio
from types import TracebackType

_FIRST = 4.0


class Gate:
    """An asynchronous context manager that lets ``most`` tasks in at most, and fewer where the model is busy.

    One more for every round of answers, half as many after a refusal (additive increase, multiplicative decrease).
    """

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._room = min(_FIRST, self._most)
        self._inside = 0
        self._changed = asyncio.Condition()
        self.successes = 0
        self._slowed_at = -1

    async def __aenter__(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._inside < int(self._room))
            self._inside += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def succeeded(self) -> None:
        """Note an answer."""
        self.successes += 1
        self._room = min(self._most, self._room + 1 / self._room)

    def slow_down(self) -> None:
        """Note a refusal; several in a row, without an answer between them, are one."""
        if self._slowed_at != self.successes:
            self._slowed_at = self.successes
            self._room = max(1.0, self._room / 2)
