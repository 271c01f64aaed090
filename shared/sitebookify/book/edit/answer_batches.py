"""Answers in batches: what is sent, what comes back, and that no request is sent twice.

A batch is noted in the store before it is sent, with the names of its requests, and again with its id. After a crash
between the two the service is asked for it. Once its answers are stored, the note says what they cost, and the service
need not keep them. When that is counted, its label goes into the stage's state; the note goes once a slice begins with
that state. So at any time a request is missing, in a note, or answered, and its cost is counted once.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import NoReturn

import msgspec
import structlog

from sitebookify.book.edit.answers import AnswerBook
from sitebookify.book.edit.budget import BATCH_FACTOR, Budget, use_of
from sitebookify.book.edit.edit_work import EditWork
from sitebookify.book.edit.scripts import tokens_in
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.stage import Workbench
from sitebookify.errors import ModelBusy, PermanentError
from sitebookify.jobs import ModelUse
from sitebookify.messages import Message
from sitebookify.ports import BatchPhase, BatchStatus, ModelBatches, ModelRequest

log = structlog.get_logger()

LEAST_REQUESTS = 20
"""Of a batch: fewer are not worth waiting for."""
_SCHEMA_TOKENS = 200
_STORED_AT_ONCE = 16
_TOO_MANY = "token_limit_exceeded"
"""The account's batches have too many tokens together; later, or in smaller ones, there is room."""
_NO_ROOM = 900.0


@dataclass(slots=True)
class OpenBatch:
    """A batch whose answers have not been taken.

    Attributes:
        requests: estimated tokens of each request, by its name.
        dollars: most that it may cost.
        tokens: most that it may take.
        answered: number of answers so far.
        use: what it has cost, once its answers are stored.
    """

    label: str
    id: str
    requests: dict[str, int]
    dollars: float
    tokens: int
    answered: int = 0
    use: ModelUse | None = None


class AnswerBatches:
    """The batches of one job, in one slice; `load` before anything else.

    Args:
        work: the stage's state: what is paid for is added to it.
    """

    def __init__(
        self,
        bench: Workbench,
        batches: ModelBatches,
        answers: AnswerBook,
        *,
        budget: Budget,
        work: EditWork,
    ) -> None:
        self._bench = bench
        self._batches = batches
        self._answers = answers
        self._budget = budget
        self._work = work
        self._prices = budget.prices.times(BATCH_FACTOR)
        self.open: list[OpenBatch] = []

    @property
    def waiting(self) -> int:
        """Requests that are sent and not answered, as far as is known."""
        return sum(len(batch.requests) - batch.answered for batch in self.open)

    def has(self, name: str) -> bool:
        """True for a request that is in a batch."""
        return any(name in batch.requests for batch in self.open)

    async def load(self) -> None:
        """Read the notes of what was sent and not taken; remove those that are done with."""
        infos = await asyncio.to_thread(lambda: list(self._bench.store.list(self._bench.shared("batches/"))))
        for info in infos:
            note = unpack(await asyncio.to_thread(read, self._bench.store, info.name))
            batch = msgspec.convert(note, OpenBatch)
            is_closed = batch.label in self._work.batch.closed
            if not is_closed and (batch.id or await self._found(batch)):
                self.open.append(batch)
            else:
                await self._forget(batch)
        self._reserve()

    async def _found(self, batch: OpenBatch) -> bool:
        """True where the service has the batch, though its id never arrived."""
        ids = await self._batches.find(job_id=self._bench.job_id, label=batch.label)
        if not ids:
            return False
        batch.id = ids[0]
        await self._note(batch)
        return True

    # --- Sending

    async def send(self, requests: Mapping[str, ModelRequest]) -> int:
        """Send as many of the requests, in their order, as may be paid for at the most; answers how many."""
        affordable = await self._affordable(requests)
        if len(affordable.requests) < min(LEAST_REQUESTS, len(requests)):
            return 0
        sent = {name: requests[name] for name in affordable.requests}
        await self._note(affordable)
        self.open.append(affordable)
        self._reserve()
        affordable.id = await self._batches.create(sent, job_id=self._bench.job_id, label=affordable.label)
        await self._note(affordable)
        log.info("batch.sent", batch=affordable.id, requests=len(sent))
        return len(sent)

    async def _affordable(self, requests: Mapping[str, ModelRequest]) -> OpenBatch:
        dollars_left, tokens_left = await self._budget.left()
        dollars_left -= sum(batch.dollars for batch in self.open)
        tokens_left -= sum(batch.tokens for batch in self.open)
        batch = OpenBatch(label="", id="", requests={}, dollars=0.0, tokens=0)
        for name, request in requests.items():
            size = tokens_in(request.instructions + request.text) + _SCHEMA_TOKENS
            dollars = batch.dollars + self._prices.cost(size, request.most_tokens)
            tokens = batch.tokens + size + request.most_tokens
            if dollars > dollars_left or tokens > tokens_left:
                break
            batch.requests[name] = size
            batch.dollars, batch.tokens = dollars, tokens
        digest = hashlib.sha256("".join(batch.requests).encode()).hexdigest()[:32]
        batch.label = f"{self._work.batch.round}-{digest}"
        return batch

    # --- Taking

    async def collect(self) -> None:
        """Store the answers of every batch that has ended, and count what they cost.

        Raises:
            ModelBusy: the service has no room for one of them now.
            PermanentError: it does not take such a batch.
        """
        for batch in [*self.open]:
            if batch.use is None:
                if not await self._ended(batch):
                    continue
                batch.use = await self._taken(batch)
                await self._note(batch)
            await self._batches.discard(batch.id)
            self._budget.spend(batch.use)
            self._work.use = self._work.use.plus(batch.use)
            self._work.batch.closed.append(batch.label)
            self.open.remove(batch)
            log.info("batch.taken", batch=batch.id, requests=len(batch.requests), answers=batch.use.requests)
        self._reserve()

    async def _ended(self, batch: OpenBatch) -> bool:
        status = await self._batches.status(batch.id)
        if status.phase is BatchPhase.FAILED:
            self.open.remove(batch)
            await self._failed(batch, status)
        batch.answered = min(status.answered, len(batch.requests))
        return status.phase is BatchPhase.ENDED

    async def _failed(self, batch: OpenBatch, status: BatchStatus) -> NoReturn:
        """Forget a batch of which nothing was taken; its requests are missing again.

        Raises:
            ModelBusy, PermanentError: see `collect`.
        """
        log.warning("batch.failed", batch=batch.id, code=status.code, detail=status.detail[:200])
        await self._batches.discard(batch.id)
        await self._forget(batch)
        if status.code != _TOO_MANY:
            detail = " ".join((status.detail or status.code).split())[:200]
            raise PermanentError(Message("job.model.batch_failed", detail=detail), reason="MODEL_BATCH_FAILED")
        if not self.open:
            self._work.batch.size = max(LEAST_REQUESTS, len(batch.requests) // 2)
        self._work.batch.alone = True
        raise ModelBusy("the service has no room for another batch", retry_after=_NO_ROOM)

    async def _taken(self, batch: OpenBatch) -> ModelUse:
        use = ModelUse()
        taken: set[str] = set()
        group: list[asyncio.Task[None]] = []
        try:
            async with contextlib.aclosing(self._batches.answers(batch.id)) as answers:
                async for name, answer in answers:
                    if name not in batch.requests or name in taken:
                        continue
                    taken.add(name)
                    paid = replace(answer, input_tokens=batch.requests[name]) if answer.estimated else answer
                    one = use_of(paid, self._prices)
                    use = use.plus(one)
                    group.append(asyncio.create_task(asyncio.to_thread(self._answers.keep, name, paid, one)))
                    if len(group) == _STORED_AT_ONCE:
                        await asyncio.gather(*group)
                        group.clear()
            await asyncio.gather(*group)
        finally:  # none of them goes on after the slice
            await asyncio.gather(*group, return_exceptions=True)
        return use

    # --- Notes

    def _reserve(self) -> None:
        self._budget.daily.reserve(sum(batch.dollars for batch in self.open))

    def _place(self, batch: OpenBatch) -> str:
        return self._bench.shared(f"batches/{batch.label}.json.gz")

    async def _note(self, batch: OpenBatch) -> None:
        note = {key: value for key, value in asdict(batch).items() if key != "answered"}
        await asyncio.to_thread(self._bench.store.put, self._place(batch), pack(note))

    async def _forget(self, batch: OpenBatch) -> None:
        await asyncio.to_thread(self._bench.store.delete, self._place(batch))
