"""A dispatcher whose library is loaded beside the service's start, not before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sitebookify.ports import JobDispatcher


class DeferredDispatcher:
    """Makes the dispatcher behind it in a thread: when `load` says so, or with the first message.

    Google's client takes as long to import as all else of a service together; a new instance answers before that.
    """

    def __init__(self, make: Callable[[], JobDispatcher]) -> None:
        self._make = make
        self._dispatcher: JobDispatcher | None = None
        self._turn = asyncio.Lock()

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """See `JobDispatcher`."""
        await (await self.load()).dispatch(job_id, step, traceparent=traceparent)

    async def load(self) -> JobDispatcher:
        """The dispatcher behind this one."""
        async with self._turn:
            if self._dispatcher is None:
                self._dispatcher = await asyncio.to_thread(self._make)
            return self._dispatcher

    async def close(self) -> None:
        """Close the dispatcher behind this one, where it was made and has anything to close."""
        if close := getattr(self._dispatcher, "close", None):
            await close()
