"""A bench for one stage, without a runner: everything in memory, functions run in place."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sitebookify.book.allowance import Meter, PageAllowance
from sitebookify.book.failures import PageFailure
from sitebookify.book.stage import State
from sitebookify.egress import Egress
from sitebookify.jobs import Progress, Spent
from sitebookify.ports import ObjectStore
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore

T = TypeVar("T")


class StageBench:
    """Implements `Workbench`; ``pause_after`` saves the stage is told to stop."""

    def __init__(
        self, inputs: dict[str, State], *, spec: JobSpec | None = None, pause_after: int = 1_000_000, egress: Any = None
    ) -> None:
        self.store: ObjectStore = MemoryObjectStore()
        self.egress: Egress = egress
        self.inputs = inputs
        self.meter = Meter(PageAllowance().of(spec or JobSpec(source_url="https://example.org/")), Spent())
        self.job_id = "job"
        self.spec = spec or JobSpec(source_url="https://example.org/")
        self.pause_after = pause_after
        self.book_title = ""
        self.failures: list[PageFailure] = []
        self.reports: list[Progress] = []
        self.saved: list[State] = []
        self.acts: list[Callable[[], Awaitable[None]]] = []

    @property
    def stopping(self) -> bool:
        return len(self.saved) >= self.pause_after

    def blob(self, data: bytes, suffix: str) -> str:
        return f"blobs/{hashlib.sha256(data).hexdigest()}{suffix}"

    def private(self, name: str) -> str:
        return f"private/{name}"

    def shared(self, name: str) -> str:
        return f"shared/{name}"

    async def keep(self, data: bytes, suffix: str) -> str:
        name = self.blob(data, suffix)
        self.store.put(name, data)
        return name

    async def flush(self) -> None:
        for act in self.acts:
            await act()

    def before_saving(self, act: Callable[[], Awaitable[None]]) -> None:
        self.acts.append(act)

    def report(self, progress: Progress) -> None:
        self.reports.append(progress)

    async def save(self, state: Callable[[], State]) -> None:
        await self.flush()
        self.saved.append(state())

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        return function(*args)
