"""A language model's batches in the test's own process, on what a `PretendModel` answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field

from sitebookify.errors import ModelBusy
from sitebookify.ports import BatchPhase, BatchStatus, ModelAnswer, ModelRequest
from support.pretend_model import PretendModel


@dataclass
class _Batch:
    job_id: str
    label: str
    requests: Mapping[str, ModelRequest]
    looks: int = 0
    ended: bool = False
    discarded: bool = False
    answers: dict[str, ModelAnswer] = field(default_factory=dict)


class PretendBatches:
    """`ModelBatches` that end after ``looks`` looks at them; they outlive the workers that sent them.

    Attributes:
        expire: the first so many batches expire, with every second request answered.
        failures: codes with which the next batches fail.
        disturb: called at the beginning and the end of everything, to raise what goes wrong.
    """

    def __init__(
        self, model: PretendModel, *, looks: int = 1, expire: int = 0, failures: list[str] | None = None
    ) -> None:
        self.model = model
        self.looks = looks
        self.expire = expire
        self.failures = failures or []
        self.disturb: Callable[[], None] = lambda: None
        self.batches: dict[str, _Batch] = {}

    async def create(self, requests: Mapping[str, ModelRequest], *, job_id: str, label: str) -> str:
        self.disturb()
        name = f"batch-{len(self.batches)}"
        self.batches[name] = _Batch(job_id, label, dict(requests))
        self.disturb()
        return name

    async def find(self, *, job_id: str, label: str = "") -> list[str]:
        self.disturb()
        return [
            name
            for name, batch in self.batches.items()
            if batch.job_id == job_id and (batch.label == label if label else not batch.ended)
        ]

    async def status(self, batch: str) -> BatchStatus:
        self.disturb()
        found = self.batches[batch]
        found.looks += 1
        if not found.ended and self.failures:
            found.ended = True
            return BatchStatus(phase=BatchPhase.FAILED, code=self.failures.pop(0), detail="no")
        if not found.ended and found.looks > self.looks:
            await self._work(found)
        self.disturb()
        return BatchStatus(phase=BatchPhase.ENDED if found.ended else BatchPhase.RUNNING, answered=len(found.answers))

    async def _work(self, batch: _Batch) -> None:
        batch.ended = True
        expires = self.expire > 0
        self.expire -= expires
        for number, (name, request) in enumerate(batch.requests.items()):
            if expires and number % 2:
                continue
            try:
                batch.answers[name] = await self.model.answer(request)
            except ModelBusy:
                continue

    async def answers(self, batch: str) -> AsyncGenerator[tuple[str, ModelAnswer]]:
        for name, answer in reversed(self.batches[batch].answers.items()):
            self.disturb()
            yield name, answer

    async def cancel(self, batch: str) -> None:
        self.batches[batch].ended = True

    async def discard(self, batch: str) -> None:
        self.disturb()
        self.batches[batch].discarded = True

    async def close(self) -> None:
        pass
