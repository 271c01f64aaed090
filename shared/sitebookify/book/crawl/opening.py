"""Opening a site: the first stretch of a crawl, tried again where the start page may be there in a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Self

import msgspec
from yarl import URL

from sitebookify.book.crawl.answer_log import AnswerLog, LoggedAnswer
from sitebookify.book.crawl.patience import is_slow, waiting
from sitebookify.book.crawl.start_pages import NotYet, open_site
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Visitor
from sitebookify.book.stage import State, Workbench
from sitebookify.egress.polite import Pacer
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

_KEY = "opening"
_ANSWERS = "answers"
_RESTS = (5.0, 20.0)
"""Seconds before the start page is tried again: someone waits for the answer, and may have mistyped the address."""
_LOOK = 0.5
"""Seconds between two looks at whether to stop."""


@dataclass(slots=True)
class Opening:
    """The state of a crawl until it has a survey.

    Attributes:
        tries: attempts to open the site that failed.
        answers: the site's answers so far, for the next slice if this one ends first.
    """

    tries: int = 0
    answers: list[LoggedAnswer] = field(default_factory=list)

    def to_json(self) -> State:
        """The stage's state."""
        return {_KEY: self.tries, _ANSWERS: msgspec.to_builtins(self.answers)}

    @classmethod
    def from_json(cls, state: State | None) -> Self | None:
        """The inverse of `to_json`; None for the state of a crawl that is past its opening."""
        if state is None:
            return cls()
        if _KEY not in state:
            return None
        return cls(state[_KEY], msgspec.convert(state[_ANSWERS], list[LoggedAnswer]))

    async def run(self, bench: Workbench, visitor: Visitor, pacer: Pacer, log: AnswerLog) -> Survey | None:
        """The survey of the site, of which the start page is read; None where the slice has to end before.

        The visitor fetches through the log.

        Raises:
            PermanentError: there is no start page, or a few tries did not bring one.
        """
        log.open(self.answers)
        try:
            while not bench.stopping:
                log.rewind()
                try:
                    return await self._try(bench, visitor, pacer, log)
                except NotYet as problem:
                    log.rewind(without_passing=True)
                    self.answers = list(log.answers)
                    await self._rest(problem, bench, pacer)
            return None
        finally:
            self.answers = log.answers
            log.close()

    async def _try(self, bench: Workbench, visitor: Visitor, pacer: Pacer, log: AnswerLog) -> Survey | None:
        """One try, given up where the slice has to end; its answers are saved as they come."""
        opening = asyncio.create_task(open_site(bench, visitor, is_last_try=self.tries >= len(_RESTS)))
        try:
            while not opening.done() and not bench.stopping:
                await asyncio.wait({opening}, timeout=_LOOK)
                if not opening.done():
                    _report_delay(bench, pacer)
                    if len(log.answers) > len(self.answers):  # a job that others wait for can make way
                        self.answers = list(log.answers)
                        await bench.save(self.to_json)
            return opening.result() if opening.done() else None
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    async def _rest(self, problem: NotYet, bench: Workbench, pacer: Pacer) -> None:
        seconds = max(_RESTS[self.tries], problem.wait)
        self.tries += 1
        host = URL(bench.spec.source_url).host or ""
        bench.report(Progress(stage=Stage.CRAWL, message=waiting(host, problem.why, seconds)))
        await pacer.rest(seconds, until=lambda: bench.stopping)


def _report_delay(bench: Workbench, pacer: Pacer) -> None:
    """Say so where robots.txt makes the first few requests slow: nothing else is heard of the job meanwhile."""
    delay = pacer.delay_of(URL(bench.spec.source_url).raw_host or "")
    if is_slow(delay, bench.spec.request_delay):
        message = Message("waiting.opening", delay=f"{delay:g}")
        bench.report(Progress(stage=Stage.CRAWL, message=message))
