"""Answers that are paid once: asked for under a name, stored before they count, and never asked for again.

An answer's name is the hash of all that it depends on: model, instructions, question. One that passes its checks is an
object beside the jobs' data (``answers/…``), for every later book; one that does not is kept with the job, so that a
job that goes on after a crash climbs the same ladder without paying for it again. What is stored is what the model
said, which is checked again whenever it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import msgspec
import structlog

from sitebookify.book.edit.budget import Budget, use_of
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.gate import Gate
from sitebookify.book.edit.ladder import Unanswerable
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.prompt import VERSION, AnswerError, Voice, request_for
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.stage import Workbench
from sitebookify.errors import ModelBusy, ObjectNotFound
from sitebookify.jobs import ModelUse
from sitebookify.ports import Ending, LanguageModel, ModelAnswer, ModelRequest

log = structlog.get_logger()

T = TypeVar("T")

PREFIX = "answers/"
_UNANSWERED = {
    Ending.CUT_OFF: "the answer was cut off",
    Ending.REFUSED: "the model refused to answer",
    Ending.TOO_LONG: "the text is too long for the model",
}
_LONGEST_WAIT = 60.0
"""Seconds that a request waits for a model that asks for time; after that the slice is handed over."""
_FIRST_WAIT = 1.0
_MOST_TIMEOUTS = 3
"""Of one request, while others are answered: then it is too much for the model, and is asked for in parts."""


class Interrupted(Exception):
    """The slice ends before the answer is there."""


class ModelAway(Exception):
    """The model does not answer for the time being; ``seconds`` is when to ask again."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


class NotStored(Exception):
    """The answer has not been paid for yet; the request is to be stored under the ``name``."""

    def __init__(self, name: str, request: ModelRequest) -> None:
        super().__init__(name)
        self.name = name
        self.request = request


@dataclass(slots=True)
class Payer:
    """A part of the book for which answers are paid: its ``name`` in the job, and what it has ``used`` so far.

    What an earlier attempt at the same part has paid counts, so that the sum is right whenever a worker was killed.
    """

    name: str
    used: ModelUse = field(default_factory=ModelUse)
    counted: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """An answer as it is stored; ``payer`` is the part of a job that has paid for it."""

    text: str
    ending: Ending
    model: str
    payer: str
    use: ModelUse


class AnswerBook:
    """Asks a model, for one job in one slice.

    Args:
        source: language of the site, a BCP 47 tag or "".
        budget: what may be spent; it is asked before every request.

    ``busy`` is True once the model has asked for time, or has not answered. ``voice`` is how answers are to be worded.
    """

    def __init__(
        self,
        bench: Workbench,
        model: LanguageModel,
        voice: Voice,
        *,
        source: str,
        budget: Budget,
        gate: Gate,
    ) -> None:
        self._bench = bench
        self._model = model
        self.voice = voice
        self._source = source
        self._budget = budget
        self._gate = gate
        self._pending: dict[str, asyncio.Task[tuple[_Record, bool]]] = {}
        self._fresh: set[str] = set()
        self.busy = False

    @property
    def paid(self) -> int:
        """Number of answers that this slice has paid for."""
        return len(self._fresh)

    async def ask(self, unit: Unit, fault: str, payer: Payer | None) -> tuple[str, ...]:
        """The unit's texts, from the store or from the model; see `ladder.Ask` and `answer`."""
        request = request_for(unit, self.voice, fault=fault)
        return await self.answer(request, lambda text: self._checked(text, unit), payer)

    async def answer(self, request: ModelRequest, check: Callable[[str], T], payer: Payer | None) -> T:
        """What ``check`` makes of the answer, which is from the store or from the model.

        Without a ``payer`` the model is not asked.

        Raises:
            NotStored: there is neither an answer nor a payer.
            AnswerError: the answer did not pass: whatever ``check`` raises, or `Unanswerable`.
            Interrupted: the slice is to end.
            ModelAway: the model is, for longer than a slice should wait.
            PermanentError: the money is spent, or the model answers nobody.
        """
        name = self._name_of(request)
        task = self._pending.get(name)
        if task is None:
            task = self._pending[name] = asyncio.create_task(self._found(name, request, check, payer))
            task.add_done_callback(partial(self._done, name))
        record, is_own = await asyncio.shield(task)
        if payer:
            self._count(name, record, payer)
        result = _judged(record, check)
        if is_own:  # it has passed, and is for every later book
            await asyncio.to_thread(self._bench.store.put, self._common_place(name), pack(record))
        return result

    async def _found(
        self, name: str, request: ModelRequest, check: Callable[[str], object], payer: Payer | None
    ) -> tuple[_Record, bool]:
        """The answer's record, and whether it is in the job's own place, since it has not passed a check yet."""
        for place, is_own in ((self._common_place(name), False), (self._own_place(name), True)):
            with contextlib.suppress(ObjectNotFound):
                packed = await asyncio.to_thread(read, self._bench.store, place)
                return msgspec.convert(unpack(packed), _Record), is_own
        if payer is None:
            raise NotStored(name, request)
        return await self._paid(name, request, check, payer), False

    def keep(self, name: str, answer: ModelAnswer, use: ModelUse) -> None:
        """Store an answer that came in a batch; whoever asks for it finds it, and has it checked."""
        self._bench.store.put(self._own_place(name), pack(self._record(answer, use, "batch")))

    def cancel(self) -> None:
        """Give up requests in flight: another worker may have the job."""
        for task in self._pending.values():
            task.cancel()

    async def close(self) -> None:
        """Wait for requests in flight: their answers are paid, and are kept for the next slice."""
        await asyncio.gather(*self._pending.values(), return_exceptions=True)
        await self._budget.daily.close()

    def _done(self, name: str, task: asyncio.Task[tuple[_Record, bool]]) -> None:
        del self._pending[name]
        if not task.cancelled():
            task.exception()  # those that waited for it may have been cancelled, and asyncio wants it read

    def _name_of(self, request: ModelRequest) -> str:
        parts = [self._model.name, VERSION, request.instructions, request.text]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def _common_place(self, name: str) -> str:
        return f"{PREFIX}{name[:2]}/{name}.json.gz"

    def _own_place(self, name: str) -> str:
        return self._bench.shared(f"answers/{name}.json.gz")

    def _count(self, name: str, record: _Record, payer: Payer) -> None:
        """Add what this part of the job has paid for the answer, once."""
        if record.payer != self._full_name(payer.name) or name in payer.counted:
            return
        payer.counted.add(name)
        payer.used = payer.used.plus(record.use)
        if name not in self._fresh:  # paid by an attempt that came to nothing else
            self._budget.count(record.use)

    def _full_name(self, payer: str) -> str:
        return f"{self._bench.job_id}/{payer}"

    async def _paid(self, name: str, request: ModelRequest, check: Callable[[str], object], payer: Payer) -> _Record:
        """The answer's record, stored before anybody sees it."""
        answer = await self._answer(request)
        use = use_of(answer, self._budget.prices)
        self._budget.spend(use)
        self._fresh.add(name)
        record = self._record(answer, use, payer.name)
        place = self._common_place(name)
        try:
            _judged(record, check)
        except AnswerError:
            place = self._own_place(name)
        await asyncio.to_thread(self._bench.store.put, place, pack(record))
        return record

    def _record(self, answer: ModelAnswer, use: ModelUse, payer: str) -> _Record:
        name = self._full_name(payer)
        return _Record(text=answer.text, ending=answer.ending, model=answer.model, payer=name, use=use)

    def _checked(self, text: str, unit: Unit) -> tuple[str, ...]:
        voice = self.voice
        return checked(text, unit, source=self._source, target=voice.language, terms=voice.terms.values())

    async def _answer(self, request: ModelRequest) -> ModelAnswer:
        """The model's answer, asked for again while it is busy."""
        clock = asyncio.get_running_loop().time
        began, before = clock(), self._gate.successes
        wait, timeouts = _FIRST_WAIT, 0
        while True:
            try:
                async with self._gate:
                    await self._check()
                    answer = await self._model.answer(request)
            except ModelBusy as error:
                busy = error
            else:
                self._gate.succeeded()
                return answer
            self.busy = True
            self._gate.slow_down()
            others_answered = self._gate.successes > before
            timeouts += busy.paid
            if timeouts >= _MOST_TIMEOUTS and others_answered:
                return ModelAnswer(text="", ending=Ending.CUT_OFF, input_tokens=0, output_tokens=0, model="")
            pause = wait if busy.retry_after is None else max(busy.retry_after, _FIRST_WAIT)
            if pause > _LONGEST_WAIT or (clock() - began > _LONGEST_WAIT and not others_answered):
                raise ModelAway(str(busy), pause)
            log.info("model.busy", why=str(busy), seconds=pause)
            await self._rest(pause)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _check(self) -> None:
        """Raise where nothing more may be asked in this slice."""
        if self._bench.stopping:
            raise Interrupted
        await self._budget.check()

    async def _rest(self, seconds: float) -> None:
        """Let time pass, in steps, since the slice may have to end."""
        while seconds > 0 and not self._bench.stopping:
            step = min(seconds, _FIRST_WAIT)
            await asyncio.sleep(step)
            seconds -= step


def _judged(record: _Record, check: Callable[[str], T]) -> T:
    if record.ending in _UNANSWERED:
        raise Unanswerable(_UNANSWERED[record.ending])
    return check(record.text)
