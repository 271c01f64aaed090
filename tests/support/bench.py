"""A bench for stages under test: a dict for a store, threads for processes, checkpoints kept in a list."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from sitebookify.book.allowance import Meter, PageAllowance
from sitebookify.book.failures import PageFailure
from sitebookify.book.stage import Done, StageFunction, State
from sitebookify.egress.fetcher import Fetcher
from sitebookify.jobs import Progress, Spent
from sitebookify.ports import ObjectStore
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore

T = TypeVar("T")

SPEC = JobSpec(source_url="https://example.org/")


class FakeBench:
    """A `Workbench` on a store in memory.

    Args:
        inputs: what the stages before left, by stage name.
        stop_after: number of `save` calls after which ``stopping`` is True; None: never.
        store: another store than a fresh one in memory.
    """

    egress: Fetcher

    def __init__(
        self,
        inputs: dict[str, State] | None = None,
        *,
        spec: JobSpec = SPEC,
        stop_after: int | None = None,
        store: ObjectStore | None = None,
        allowance: PageAllowance = PageAllowance(),  # noqa: B008 - frozen
    ) -> None:
        self.store: ObjectStore = store or MemoryObjectStore()
        self.inputs = inputs or {}
        self.failures: list[PageFailure] = []
        self.published: list[PageFailure] = []
        self.checkpoints: list[State] = []
        self.reported: list[Progress] = []
        self.book_title = ""
        self.job_id = "00000000-0000-4000-8000-000000000000"
        self.spec = spec
        self.attempt = 0
        self.meter = Meter(allowance.of(spec), Spent())
        self._stop_after = stop_after
        self._saves = 0
        self.acts: list[Callable[[], Awaitable[None]]] = []

    @property
    def stopping(self) -> bool:
        return self._stop_after is not None and self._saves >= self._stop_after

    def blob(self, data: bytes, suffix: str) -> str:
        return f"data/{self.job_id}/blobs/{hashlib.sha256(data).hexdigest()}{suffix}"

    def private(self, name: str) -> str:
        return f"data/{self.job_id}/{self.attempt}-nonce/{name}"

    def shared(self, name: str) -> str:
        return f"data/{self.job_id}/{name}"

    async def keep(self, data: bytes, suffix: str) -> str:
        return self.stored(data, suffix)

    async def flush(self) -> None:
        for act in self.acts:
            await act()

    def before_saving(self, act: Callable[[], Awaitable[None]]) -> None:
        self.acts.append(act)

    def stored(self, data: bytes, suffix: str) -> str:
        """Store the bytes as a blob and name it: for tests that lay out a stage's inputs."""
        name = self.blob(data, suffix)
        self.store.put(name, data)
        return name

    def report(self, progress: Progress) -> None:
        self.reported.append(progress)

    async def save(self, state: Callable[[], State]) -> None:
        self._saves += 1
        await self.flush()
        self.checkpoints.append(_through_json(state()))
        self.published = [*self.failures]

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        return await asyncio.to_thread(function, *args)

    def next_slice(self) -> None:
        """Begin another slice: as many saves again until it is to stop, other private names, failures as last saved."""
        self._saves = 0
        self.acts.clear()
        self.attempt += 1
        self.failures = [*self.published]


async def run_stage(
    stage: StageFunction, bench: FakeBench, *, max_slices: int = 1000, state: State | None = None
) -> Done:
    """Run the stage from its beginning, or a state, to its end, through as many slices as it takes."""
    for _ in range(max_slices):
        answer = await stage(bench, state)
        await bench.flush()
        if isinstance(answer, Done):
            return replace(answer, output=_through_json(answer.output))
        state = _through_json(answer.state)
        bench.published = [*bench.failures]
        bench.next_slice()
    raise AssertionError(f"not done after {max_slices} slices")


def _through_json(state: State) -> State:
    """What the runner would read back."""
    read: State = json.loads(json.dumps(state))
    return read
