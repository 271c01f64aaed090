"""The requests of all pages in batches, round after round, before the pages are edited one by one.

A round goes through the pages and sends what they lack: in the first round every unit, in later ones the units whose
answers did not pass, again or in parts. Once little is missing, or a round has brought nothing, the rest is asked for
as usual, and every page is edited from what is stored.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence

from sitebookify.book.edit.answer_batches import LEAST_REQUESTS, AnswerBatches
from sitebookify.book.edit.answers import AnswerBook, Interrupted, ModelAway, NotStored
from sitebookify.book.edit.edit_work import EditWork
from sitebookify.book.edit.ladder import translated
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.model import Section
from sitebookify.book.ordered import in_order
from sitebookify.book.stage import Workbench
from sitebookify.errors import ModelBusy
from sitebookify.ports import ModelRequest

_AHEAD = 4
_MOST_ROUNDS = 8
"""As many as the ladder has steps, and two for batches that expire."""
_MOST_BYTES = 8_000_000
"""Of a batch's requests, which are held in memory, as are the bytes to be sent."""
_FIRST_WAIT, _LONGEST_WAIT = 15.0, 600.0
Plan = Callable[[Section], Awaitable[Sequence[Unit]]]
"""A page's units."""


class BatchPending(ModelAway):
    """A batch is not answered yet."""


class PageBatches:
    """Has the pages' answers made in batches.

    Args:
        show: shows how many requests wait for an answer.
    """

    def __init__(
        self,
        bench: Workbench,
        batches: AnswerBatches,
        answers: AnswerBook,
        plan: Plan,
        *,
        work: EditWork,
        show: Callable[[int], None],
    ) -> None:
        self._bench = bench
        self._batches = batches
        self._answers = answers
        self._plan = plan
        self._work = work
        self._show = show

    async def run(self, sections: Sequence[Section]) -> None:
        """Return once what is still missing is to be asked for one by one.

        Raises:
            BatchPending: there are batches to wait for.
            ModelAway: the service is.
            Interrupted: the slice is to end.
            PermanentError: the service takes no batches.
        """
        try:
            await self._batches.load()
            await self._rounds(sections)
        except ModelBusy as error:
            raise ModelAway(str(error), error.retry_after or _LONGEST_WAIT / 10) from error
        finally:
            self._show(self._batches.waiting)

    async def _rounds(self, sections: Sequence[Section]) -> None:
        work = self._work.batch
        while not work.over:
            await self._batches.collect()
            if work.walked < len(sections) and not (work.alone and self._batches.open):
                await self._walk(sections)
                await self._batches.collect()
            if self._batches.open:
                wait = min(_FIRST_WAIT * 2 ** min(work.polls, 10), _LONGEST_WAIT)
                work.polls += 1
                raise BatchPending("a batch is not answered yet", wait)
            work.polls = 0
            if work.walked < len(sections):
                continue
            work.over = not work.sent or work.round >= _MOST_ROUNDS
            work.next_round()

    async def _walk(self, sections: Sequence[Section]) -> None:
        """Send what the pages lack that this round has not come to.

        Raises:
            Interrupted: the slice is to end; what was found so far is sent.
        """
        work = self._work.batch
        requests: dict[str, ModelRequest] = {}
        size = 0
        number = work.walked
        async with contextlib.aclosing(in_order(sections[number:], self._missing, ahead=_AHEAD)) as results:
            async for _, missing in results:
                number += 1
                for name, request in missing.items():
                    if not self._batches.has(name):
                        requests[name] = request
                        size += len(request.text) + len(request.instructions)
                last = number == len(sections)
                interrupted = self._bench.stopping and not last
                full = len(requests) >= work.size or size > _MOST_BYTES
                if not (full or last or interrupted):
                    continue
                if not await self._sent(requests, last=last):
                    work.walked = len(sections)  # there is no money for more before some of it is answered
                    return
                work.walked = number
                requests, size = {}, 0
                if work.alone and self._batches.open:
                    return
                if interrupted:
                    raise Interrupted

    async def _sent(self, requests: dict[str, ModelRequest], *, last: bool) -> bool:
        """Send the requests, unless the whole round has so few; False where not all may be paid for."""
        work = self._work.batch
        if not requests or (last and not work.sent and len(requests) < LEAST_REQUESTS):
            return True
        sent = await self._batches.send(requests)
        work.sent += sent
        self._show(self._batches.waiting)
        return sent == len(requests)

    async def _missing(self, section: Section) -> dict[str, ModelRequest]:
        """What has to be asked before the page has all its answers, as far as is known now, by name."""
        missing: dict[str, ModelRequest] = {}

        async def recall(unit: Unit, fault: str) -> tuple[str, ...]:
            try:
                return await self._answers.ask(unit, fault, None)
            except NotStored as error:
                missing[error.name] = error.request
                raise

        with contextlib.suppress(NotStored):
            await translated(await self._plan(section), recall)
        return missing
