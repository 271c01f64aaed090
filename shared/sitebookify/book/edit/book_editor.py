"""The editor of one book: a language model edits its titles, then page after page, with a checkpoint after each.

What it costs, and what of it is lost when a worker is killed, is in the answers' hands; see `edit.answers`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.edit.answer_batches import AnswerBatches
from sitebookify.book.edit.answers import AnswerBook, Interrupted, ModelAway, Payer
from sitebookify.book.edit.arrangement import groups_of
from sitebookify.book.edit.book_voice import voice_of
from sitebookify.book.edit.budget import Budget
from sitebookify.book.edit.contents_editor import Contents, ContentsEditor, shown_part
from sitebookify.book.edit.daily_spending import DailySpending
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edit_tasks import edit_packed, plan_packed, plan_titles, translated_titles
from sitebookify.book.edit.edit_work import EditWork
from sitebookify.book.edit.gate import Gate
from sitebookify.book.edit.ladder import Outcome, translated
from sitebookify.book.edit.page_batches import BatchPending, PageBatches
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.terminology import Terminology, common_terms, glossary_lines
from sitebookify.book.model import Chapter, Section, all_sections
from sitebookify.book.objects import read
from sitebookify.book.ordered import in_order
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.jobs import ModelUse, Progress, Stage
from sitebookify.messages import NOTHING, Message
from sitebookify.ports import LanguageModel
from sitebookify.spec import Edition, Engine

log = structlog.get_logger()

_AHEAD = 4
"""Pages under way at a time: their requests share the gate, and the next page's begin before the last of this one."""
_FIRST_PERCENT, _LAST_PERCENT = 66, 88
_LEAST_DELAY, _MOST_DELAY, _MOST_DOUBLINGS = 30.0, 900.0, 5
"""Seconds until the next slice where the model is away: twice as many each time, as long as no answer comes."""


class BookEditor:
    """Edits one book in one slice; close its ``answers``, or cancel them."""

    def __init__(
        self,
        bench: Workbench,
        connected: LanguageModel,
        access: ModelAccess,
        *,
        language: str,
        work: EditWork,
    ) -> None:
        source = bench.inputs[Stage.EXTRACT]["site"]["language"] or ""
        spec = bench.spec
        limits = [limit for limit in (spec.max_cost, access.max_cost) if limit]
        daily = DailySpending(bench.store, bench.job_id, access.max_cost_per_day)
        self._bench = bench
        self._model = connected.name
        self._work = work
        self._order = EditOrder(source=source, language=language, edition=spec.edition)
        self._budget = Budget(
            access.prices, work.use, max_cost=min(limits, default=0.0), max_tokens=spec.max_tokens, daily=daily
        )
        self._voice = voice_of(spec, language, reasoning=access.reasoning)
        self._contents = Contents()
        self._access = access
        gate = Gate(access.concurrency)
        self.answers = AnswerBook(bench, connected, self._voice, source=source, budget=self._budget, gate=gate)

    async def run(self, book: Mapping[str, Any]) -> Done | Paused:
        """Edit what is not edited yet."""
        paused = False
        try:
            await self._arrange([Chapter.from_json(chapter) for chapter in book["chapters"]])
            chapters = self._contents.chapters
            if self._rewords:
                await self._terms(str(book["title"]), chapters)
                await self._titles(book, chapters)
                sections = all_sections(chapters)
                await self._batches(sections)
                paused = await self._pages(sections)
        except (Interrupted, ModelAway) as error:
            return await self._paused(error)
        except PermanentError:
            await self.answers.close()
            self._account()
            await self._bench.save(self._state)
            raise
        if paused:
            return Paused(self._state())
        return Done(self._edited(book, chapters))

    async def _paused(self, error: Interrupted | ModelAway) -> Paused:
        await self.answers.close()
        delay = 0.0
        if isinstance(error, BatchPending):
            delay = error.seconds
        elif isinstance(error, ModelAway) or (self.answers.busy and not self.answers.paid):
            # Another state than before: waiting for the model is no failed attempt.
            self._work.waits = 1 if self.answers.paid else self._work.waits + 1
            seconds = error.seconds if isinstance(error, ModelAway) else 0.0
            least = _LEAST_DELAY * 2 ** min(self._work.waits - 1, _MOST_DOUBLINGS)
            delay = min(max(seconds, least), _MOST_DELAY)
            log.warning("model.away", why=str(error), seconds=delay)
        self._account()
        return Paused(self._state(), wait=delay)

    def _state(self) -> State:
        """The checkpoint; the number of paid answers in it is headway even where no page is finished."""
        return replace(self._work, paid=self._work.paid + self.answers.paid).to_json()

    @property
    def _rewords(self) -> bool:
        return self._bench.spec.render_engine is Engine.OPENAI

    # --- Contents

    async def _arrange(self, chapters: list[Chapter]) -> None:
        """Make the book's contents, if the model is to make them."""
        if self._bench.spec.toc_engine is not Engine.OPENAI:
            self._contents.chapters += chapters
            return
        work = self._work
        editor = ContentsEditor(self._bench, self.answers, self._voice, self._order.source)
        groups = list(groups_of(chapters))
        first = len(work.contents)
        for number, group in enumerate(groups[first:], first):
            payer = Payer(f"contents-{number}")
            work.contents.append(await editor.arranged(group, payer))
            await self._paid(payer)
        for group, arrangement in zip(groups, work.contents, strict=True):
            self._contents.add(group, arrangement)

    async def _paid(self, payer: Payer, outcome: Outcome | None = None) -> None:
        """Count what a part of the book has cost, and what became of its texts; then a checkpoint is due."""
        url = self._bench.spec.source_url
        self._work.add(url, outcome or Outcome(), payer.used, self._order.edition)
        self._account()
        await self._bench.save(self._state)

    # --- Terms

    async def _terms(self, title: str, chapters: Sequence[Chapter]) -> None:
        """Have the book's terms translated, for all of its texts; what the user says of a term stays."""
        work = self._work
        if self._order.keeps_language:
            return
        if work.terms is None:
            payer = Payer("terms")
            own = {term.casefold() for term in self._voice.terms}
            common = await common_terms(self._bench, chapters, self._order.source)
            candidates = [term for term in common if term.casefold() not in own]
            terminology = Terminology(
                self._bench.store,
                site=self._bench.spec.source_url,
                model=self._model,
                language=self._order.language,
                title=title,
            )
            work.terms = await terminology.translations(candidates, partial(self.answers.ask, payer=payer))
            await self._paid(payer)
        self._voice = replace(self._voice, terms={**work.terms, **self._voice.terms})
        self.answers.voice = self._voice

    # --- Titles

    async def _titles(self, book: Mapping[str, Any], chapters: Sequence[Chapter]) -> None:
        work = self._work
        if work.titles is None:
            titles = self._titles_of(book, chapters)
            units = plan_titles(titles, self._order.language)
            payer = Payer("titles")
            outcome = await translated(units, partial(self.answers.ask, payer=payer))
            work.titles = translated_titles(titles, self._order.language, outcome.answers)
            await self._paid(payer, outcome)
        self._order = replace(self._order, titles=work.titles)

    def _titles_of(self, book: Mapping[str, Any], chapters: Sequence[Chapter]) -> list[str]:
        """Every title of the site once, in reading order; the book's only where it is not the client's own."""
        if self._order.keeps_language:
            return []
        titles = dict.fromkeys([] if self._bench.spec.title else [book["title"]])
        for chapter in chapters:
            titles |= dict.fromkeys((chapter.part, chapter.title))
            titles |= dict.fromkeys(section.title for section in chapter.sections)
        worded = self._contents.wordings
        return [title for title in titles if title and title not in worded]

    # --- Pages

    async def _pages(self, sections: Sequence[Section]) -> bool:
        """Edit the pages that are not edited yet; True where the slice ends before all are."""
        first = len(self._work.pages)
        numbered = list(enumerate(sections))[first:]
        async with contextlib.aclosing(in_order(numbered, self._page, ahead=_AHEAD)) as results:
            async for (number, section), (blob, title, outcome, use) in results:
                self._work.pages.append((blob, title))
                self._work.add(section.url, outcome, use, self._order.edition)
                self._account()
                self._report(number + 1, len(sections))
                await self._bench.save(self._state)
                if self._bench.stopping:
                    return number + 1 < len(sections)
        return False

    async def _batches(self, sections: Sequence[Section]) -> None:
        """Have the pages' answers made in batches, if that was ordered.

        Raises:
            PermanentError: the model answers no batches.
        """
        if not self._bench.spec.batch or self._work.batch.over:
            return
        if self._access.batches is None:
            raise PermanentError(Message("job.model.no_batches"), reason="MODEL_WITHOUT_BATCHES")
        connected = self._access.batches()
        batches = AnswerBatches(self._bench, connected, self.answers, budget=self._budget, work=self._work)
        rounds = PageBatches(self._bench, batches, self.answers, self._units, work=self._work, show=self._show_waiting)
        try:
            await rounds.run(sections)
        finally:
            await connected.close()

    async def _units(self, section: Section) -> Sequence[Unit]:
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        try:
            return await self._bench.compute(plan_packed, packed, self._order)
        except TooComplex:
            return ()

    async def _page(self, numbered: tuple[int, Section]) -> tuple[str, str, Outcome, ModelUse]:
        """Blob and title of the edited page; a page that is too complex stays as it is."""
        number, section = numbered
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        payer = Payer(f"page-{number}")
        try:
            units = await self._bench.compute(plan_packed, packed, self._order)
            outcome = await translated(units, partial(self.answers.ask, payer=payer))
            order = replace(self._order, answers=outcome.answers)
            edited, title = await self._bench.compute(edit_packed, packed, order)
        except TooComplex as error:
            outcome = Outcome(kept={section.title or section.url: str(error)})
            return section.blob, section.title, outcome, payer.used
        blob = await self._bench.keep(edited, ".page")
        return blob, title or section.title, outcome, payer.used

    # --- Accounts

    def _account(self) -> None:
        """Show what the model has cost so far."""
        self._bench.meter.model_used(self._budget.used)

    def _report(self, done: int, total: int) -> None:
        percent = _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // max(1, total)
        message = Message("progress.editing", page=done, pages=total, cost=f"{self._budget.used.cost:.2f}")
        self._bench.report(
            Progress(
                stage=Stage.EDIT,
                percent=percent,
                message=message,
                texts_edited=self._work.edited,
                texts_kept=self._work.kept,
            )
        )

    def _show_waiting(self, requests: int) -> None:
        self._account()
        message = (
            Message("progress.batch", count=requests, cost=f"{self._budget.used.cost:.2f}") if requests else NOTHING
        )
        self._bench.report(Progress(stage=Stage.EDIT, percent=_FIRST_PERCENT, message=message))

    # --- The book

    def _edited(self, book: Mapping[str, Any], chapters: Sequence[Chapter]) -> State:
        pages = iter(self._work.pages)
        edited = [self._chapter(chapter, pages) for chapter in chapters]
        title = book["title"] if self._bench.spec.title else self._title(book["title"])
        self._bench.book_title = title
        for url, why in self._contents.troubles:
            self._work.note(url, why)
        output = {
            **book,
            "title": title,
            "chapters": [chapter.to_json() for chapter in edited],
            "troubles": self._work.troubles,
        }
        if self._bench.spec.toc_engine is Engine.OPENAI:
            output |= {"intents": self._contents.intents(), "omitted": len(self._contents.omitted)}
        return {**output, **self._edition()} if self._rewords else output

    def _edition(self) -> State:
        edition = {
            "kind": self._order.edition.value,
            "source": self._order.source,
            "model": self._model,
            "date": self._work.began,
            "edited": self._work.edited,
            "kept": self._work.kept,
        }
        return {
            "language": self._order.language,
            "edition": edition,
            "glossary": glossary_lines(self._voice.terms),
        }

    def _chapter(self, chapter: Chapter, pages: Iterator[tuple[str, str]]) -> Chapter:
        plan = self._contents.plans.get(chapter.id)
        part = shown_part(plan, chapter.sections) if plan else self._title(chapter.part)
        sections = chapter.sections
        if self._rewords:
            sections = tuple(self._section(section, *next(pages)) for section in sections)
        return replace(chapter, title=self._title(chapter.title), part=part, sections=sections)

    def _section(self, section: Section, blob: str, title: str) -> Section:
        return replace(section, blob=blob, title=self._title(section.title) if section.title else title)

    def _title(self, title: str) -> str:
        translation = (self._work.titles or {}).get(title)
        if translation is None or translation == title:
            return title
        return f"{title} / {translation}" if self._order.edition is Edition.BILINGUAL else translation
