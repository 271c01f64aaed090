"""Time that passes only where somebody waits for it."""

from __future__ import annotations

import asyncio


class StillTime:
    """A monotonic clock in seconds that stands still until somebody sleeps; sleepers do not wait."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        wake = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, wake)
