"""Backends whose library is loaded beside the service's start, not before it.

Google's clients take longer to import than all else of a service together; a new instance answers before that.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sitebookify.ports import JobDispatcher, ObjectStore


class DeferredDispatcher:
    """Makes the dispatcher behind it in a thread: when `load` says so, or with the first message."""

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


class DeferredObjectStore:
    """An ``ObjectStore``: makes the one behind it when `load` says so, or with the first call."""

    def __init__(self, make: Callable[[], ObjectStore]) -> None:
        self._make = make
        self._store: ObjectStore | None = None
        self._turn = threading.Lock()

    def load(self) -> ObjectStore:
        """The store behind this one."""
        with self._turn:
            if self._store is None:
                self._store = self._make()
            return self._store

    def now(self) -> datetime:
        """See `ObjectStore`; before the first call, this machine's time: nothing is loaded for it."""
        return self._store.now() if self._store else datetime.now(UTC)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.load(), name)
