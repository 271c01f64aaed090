"""Answers that are paid once: asked for under a name, stored before they count, and never asked for again.

An answer's name is the hash of all that it depends on: model, instructions, question. One that passes its checks is an
object beside the jobs' data (``answers/…``), for every later book; one that does not is kept with the job, so that a
job that goes on after a crash climbs the same ladder without paying for it again. What is stored is what the model
said, which is checked again whenever it is used.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from sitebookify.book.edit.budget import Budget, use_of
from sitebookify.book.edit.checks import checked
from sitebookify.book.edit.daily_spending import DailySpending
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


@dataclass(frozen=True, slots=True)
class _Stored:
    """A record, and whether it is in the job's own place, since it has not passed a check yet."""

    record: dict[str, object]
    own: bool = False


class AnswerBook:
    """Asks a model, for one job in one slice.

    Args:
        source: language of the site, a BCP 47 tag or "".
        budget: what the job may spend; it is asked before every request.
        daily: what all jobs may spend in a day; the same.

    ``busy`` is True once the model has asked for time, or has not answered.
    """

    def __init__(
        self,
        bench: Workbench,
        model: LanguageModel,
        voice: Voice,
        *,
        source: str,
        budget: Budget,
        daily: DailySpending,
        gate: Gate,
    ) -> None:
        self._bench = bench
        self._model = model
        self._voice = voice
        self._source = source
        self._budget = budget
        self._daily = daily
        self._gate = gate
        self._pending: dict[str, asyncio.Task[dict[str, object]]] = {}
        self._fresh: set[str] = set()
        self.busy = False

    @property
    def paid(self) -> int:
        """Number of answers that this slice has paid for."""
        return len(self._fresh)

    async def ask(self, unit: Unit, fault: str, payer: Payer) -> tuple[str, ...]:
        """The unit's texts, from the store or from the model; see `ladder.Ask` and `answer`."""
        request = request_for(unit, self._voice, fault=fault)
        return await self.answer(request, lambda text: self._checked(text, unit), payer)

    async def answer(self, request: ModelRequest, check: Callable[[str], T], payer: Payer) -> T:
        """What ``check`` makes of the answer, which is from the store or from the model.

        Raises:
            AnswerError: the answer did not pass: whatever ``check`` raises, or `Unanswerable`.
            Interrupted: the slice is to end.
            ModelAway: the model is, for longer than a slice should wait.
            PermanentError: the money is spent, or the model answers nobody.
        """
        name = self._name_of(request)
        stored = await asyncio.to_thread(self._stored, name)
        if stored is None:
            task = self._pending.get(name)
            if task is None:
                task = asyncio.create_task(self._paid(name, request, check, payer))
                self._pending[name] = task
                task.add_done_callback(partial(self._done, name))
            stored = _Stored(await asyncio.shield(task))
        self._count(name, stored.record, payer)
        return await self._judged(name, stored, check)

    async def recall(self, unit: Unit, fault: str) -> tuple[str, ...]:
        """The same as `ask` of an answer that is stored; the model is not asked.

        Raises:
            NotStored: there is none.
            AnswerError: the answer did not pass.
        """
        request = request_for(unit, self._voice, fault=fault)
        name = self._name_of(request)
        stored = await asyncio.to_thread(self._stored, name)
        if stored is None:
            raise NotStored(name, request)
        return await self._judged(name, stored, lambda text: self._checked(text, unit))

    def keep(self, name: str, answer: ModelAnswer, use: ModelUse) -> None:
        """Store an answer that came in a batch; whoever asks for it finds it, and has it checked."""
        payer = Payer("batch")
        self._bench.store.put(self._own_place(name), pack(self._record(answer, use, payer)))

    async def _judged(self, name: str, stored: _Stored, check: Callable[[str], T]) -> T:
        """What ``check`` makes of a stored answer; one that passes is for every later book."""
        ending = Ending(str(stored.record["ending"]))
        if ending in _UNANSWERED:
            raise Unanswerable(_UNANSWERED[ending])
        result = check(str(stored.record["text"]))
        if stored.own:
            await asyncio.to_thread(self._bench.store.put, self._common_place(name), pack(stored.record))
        return result

    def speak(self, voice: Voice) -> None:
        """Word what is asked from here on in another way."""
        self._voice = voice

    def cancel(self) -> None:
        """Give up requests in flight: another worker may have the job."""
        for task in self._pending.values():
            task.cancel()

    async def close(self) -> None:
        """Wait for requests in flight: their answers are paid, and are kept for the next slice."""
        await asyncio.gather(*self._pending.values(), return_exceptions=True)
        await self._daily.close()

    def _done(self, name: str, task: asyncio.Task[dict[str, object]]) -> None:
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

    def _stored(self, name: str) -> _Stored | None:
        for place, own in ((self._common_place(name), False), (self._own_place(name), True)):
            try:
                record: dict[str, object] = unpack(read(self._bench.store, place))
            except ObjectNotFound:
                continue
            return _Stored(record, own=own)
        return None

    def _count(self, name: str, record: dict[str, object], payer: Payer) -> None:
        """Add what this part of the job has paid for the answer, once."""
        if record["payer"] != self._full_name(payer) or name in payer.counted:
            return
        payer.counted.add(name)
        use = ModelUse(**record["use"])  # type: ignore[arg-type]  # as `_paid` has written it
        payer.used = payer.used.plus(use)
        if name not in self._fresh:  # paid by an attempt that came to nothing else
            self._budget.spend(use)

    def _full_name(self, payer: Payer) -> str:
        return f"{self._bench.job_id}/{payer.name}"

    async def _paid(
        self, name: str, request: ModelRequest, check: Callable[[str], object], payer: Payer
    ) -> dict[str, object]:
        """The answer's record, stored before anybody sees it."""
        answer = await self._answer(request)
        use = use_of(answer, self._budget.prices)
        self._budget.spend(use)
        self._daily.spend(use.cost)
        self._fresh.add(name)
        record = self._record(answer, use, payer)
        place = self._common_place(name) if _passes(answer, check) else self._own_place(name)
        await asyncio.to_thread(self._bench.store.put, place, pack(record))
        return record

    def _record(self, answer: ModelAnswer, use: ModelUse, payer: Payer) -> dict[str, object]:
        return {
            "text": answer.text,
            "ending": answer.ending.value,
            "model": answer.model,
            "payer": self._full_name(payer),
            "use": use.to_json(),
        }

    def _checked(self, text: str, unit: Unit) -> tuple[str, ...]:
        voice = self._voice
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
        self._budget.check()
        await self._daily.check()

    async def _rest(self, seconds: float) -> None:
        """Let time pass, in steps, since the slice may have to end."""
        while seconds > 0 and not self._bench.stopping:
            step = min(seconds, _FIRST_WAIT)
            await asyncio.sleep(step)
            seconds -= step


def _passes(answer: ModelAnswer, check: Callable[[str], object]) -> bool:
    if answer.ending is not Ending.COMPLETE:
        return False
    try:
        check(answer.text)
    except AnswerError:
        return False
    return True
