"""From a unit to its translations: what is done when an answer does not pass.

A unit is asked for once more with the fault named, then in halves, then text by text, a passage of several paragraphs
then paragraph by paragraph. A text that has no good answer even then stays as it is. So one bad answer costs a bounded
number of further requests, and no text is ever lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.prompt import AnswerError
from sitebookify.book.edit.tagged_text import paragraphs_of
from sitebookify.errors import PermanentError


class Unanswerable(AnswerError):
    """Asking again for the same texts makes no sense: the model refuses, or they are too long for it."""


Ask = Callable[[Unit, str], Awaitable[tuple[str, ...]]]
"""Asks for a unit's texts, with the fault of the answer before, or "".

Raises:
    Unanswerable: there is no answer to this unit, but there may be one to a part of it.
    AnswerError: the answer did not pass.
"""


@dataclass(slots=True)
class Outcome:
    """What became of texts: their ``answers``, or why they were ``kept`` as they are."""

    answers: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def add(self, other: Outcome) -> None:
        """Take over another's texts; a text that has an answer anywhere is not kept."""
        self.answers |= other.answers
        self.kept |= other.kept
        for text in self.kept.keys() & self.answers.keys():
            del self.kept[text]


async def translated(units: Iterable[Unit], ask: Ask) -> Outcome:
    """The outcome of the units: each of their texts is in it."""
    return await _together(_climbed(unit, ask, tries=2) for unit in units)


async def _together(climbs: Iterable[Awaitable[Outcome]]) -> Outcome:
    """The outcome of parts that are asked for at the same time, and each to its end, whatever becomes of the others."""
    outcome = Outcome()
    errors: list[BaseException] = []
    for result in await asyncio.gather(*climbs, return_exceptions=True):
        if isinstance(result, BaseException):
            errors.append(result)
        else:
            outcome.add(result)
    if errors:
        raise next((error for error in errors if isinstance(error, PermanentError)), errors[0])
    return outcome


async def _climbed(unit: Unit, ask: Ask, *, tries: int) -> Outcome:
    fault = ""
    for _ in range(tries):
        try:
            texts = await ask(unit, fault)
        except Unanswerable as error:
            fault = str(error)
            break
        except AnswerError as error:
            fault = str(error)
        else:
            return Outcome(answers=dict(zip(unit.texts, texts, strict=True)))
    parts = _parts(unit, halves=tries > 1)
    if len(parts) < 2:
        return Outcome(kept={unit.texts[0]: fault})
    return await _together(_climbed(part, ask, tries=1 if len(part.texts) > 1 else 2) for part in parts)


def _parts(unit: Unit, *, halves: bool) -> list[Unit]:
    """The unit in halves, or text by text; of a single passage, its paragraphs."""
    texts = unit.texts
    parts: list[tuple[str, ...]]
    if len(texts) == 1:
        parts = [(text,) for text in paragraphs_of(texts[0])] if unit.task is Task.WRITE else []
    elif halves:
        middle = (len(texts) + 1) // 2
        parts = [texts[:middle], texts[middle:]]
    else:
        parts = [(text,) for text in texts]
    return [replace(unit, texts=part) for part in parts]
