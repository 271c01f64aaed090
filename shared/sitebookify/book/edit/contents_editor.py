"""The book's contents as a language model arranges them, group by group; see `arrangement`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sitebookify.book.contents.chapters import cut_to_size
from sitebookify.book.edit.answers import AnswerBook, Payer
from sitebookify.book.edit.arrangement import (
    ArrangedChapter,
    Arrangement,
    Outline,
    arrangement_of,
    arrangement_request,
    outline_packed,
    sections_of,
)
from sitebookify.book.edit.prompt import AnswerError, Voice
from sitebookify.book.model import Chapter, Section, all_sections
from sitebookify.book.objects import read
from sitebookify.book.stage import Workbench
from sitebookify.errors import TooComplex
from sitebookify.messages import Message

_TRIES = 2


@dataclass(slots=True)
class Contents:
    """The contents of the whole book.

    Attributes:
        chapters: every page that is not ``omitted``, in order.
        plans: what the model has said of a chapter, by its id; of one that was cut, all parts have the same.
        troubles: what was left out, forgotten or refused, as (URL, reason).
    """

    chapters: list[Chapter] = field(default_factory=list)
    plans: dict[str, ArrangedChapter] = field(default_factory=dict)
    troubles: list[tuple[str, Message]] = field(default_factory=list)
    omitted: list[Section] = field(default_factory=list)

    @property
    def wordings(self) -> set[str]:
        """Titles that the model has worded, which are in the book's language."""
        plans = self.plans.values()
        return {plan.title for plan in plans} | {plan.part for plan in plans}

    def add(self, group: Sequence[Chapter], arrangement: Arrangement | str) -> None:
        """Add a group's chapters as arranged or, where it says why they could not be, as they were."""
        sections = all_sections(group)
        if isinstance(arrangement, str):
            for chapter in group:
                self._append(chapter)
            self._note(sections[0], Message("trouble.contents", count=len(sections), why=arrangement))
            return
        for planned in arrangement.chapters:
            pages = sections_of(planned, sections)
            for chapter in cut_to_size(planned.title, planned.part, pages):
                name = self._append(chapter)
                self.plans[name] = planned
        for page, reason in arrangement.omitted.items():
            self.omitted.append(sections[page])
            self._note(sections[page], Message("trouble.omitted", why=reason))
        for page in arrangement.forgotten:
            self._note(sections[page], Message("trouble.forgotten"))

    def _append(self, chapter: Chapter) -> str:
        """Add a chapter at the end, and return the id that it has there."""
        name = f"chapter-{len(self.chapters) + 1:03}"
        self.chapters.append(replace(chapter, id=name))
        return name

    def _note(self, section: Section, why: Message) -> None:
        self.troubles.append((section.url, why))

    def intents(self) -> dict[str, dict[str, Any]]:
        """What toc.yaml says of the chapters beside their titles, by their ids."""
        plans = self.plans.items()
        return {name: {"intent": plan.intent, "reader_gains": list(plan.reader_gains)} for name, plan in plans}


class ContentsEditor:
    """Asks for the contents of groups of chapters.

    Args:
        source: language of the site, a BCP 47 tag or "".
    """

    def __init__(self, bench: Workbench, answers: AnswerBook, voice: Voice, source: str) -> None:
        self._bench = bench
        self._answers = answers
        self._voice = voice
        self._source = source

    async def arranged(self, group: Sequence[Chapter], payer: Payer) -> Arrangement | str:
        """The group's arrangement, or why there is none."""
        outlines: list[Outline] = []
        for chapter in group:
            outlines += [await self._outline(chapter, section) for section in chapter.sections]

        def check(text: str) -> Arrangement:
            return arrangement_of(text, outlines, self._source, self._voice.language)

        fault = ""
        for _ in range(_TRIES):
            try:
                return await self._answers.answer(arrangement_request(outlines, self._voice, fault), check, payer)
            except AnswerError as error:
                fault = str(error)
        return fault

    async def _outline(self, chapter: Chapter, section: Section) -> Outline:
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        try:
            headings, opening = await self._bench.compute(outline_packed, packed)
        except TooComplex:
            headings, opening = "", ""
        return Outline(title=section.title, part=chapter.part, headings=headings, opening=opening, words=section.words)


def shown_part(plan: ArrangedChapter, sections: Sequence[Section]) -> str:
    """The label over the chapter's pages: its part and, where it has several pages, its title."""
    labels = [plan.part] if plan.part else []
    if len(sections) > 1 or len(plan.pages) > 1:
        labels.append(plan.title)
    return " \u2014 ".join(labels)
