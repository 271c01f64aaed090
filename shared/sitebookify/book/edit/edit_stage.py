"""The edit stage: a language model edits the book's titles, then page after page, with a checkpoint after each.

What it costs, and what of it is lost when a worker is killed, is in the answers' hands; see `edit.answers`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

import structlog

from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.edit.answers import AnswerBook, Interrupted, ModelAway, Payer
from sitebookify.book.edit.budget import Budget, TokenPrices
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edit_tasks import edit_packed, plan_packed, plan_titles, translated_titles
from sitebookify.book.edit.gate import Gate
from sitebookify.book.edit.ladder import Outcome, translated
from sitebookify.book.edit.page_plan import Unit
from sitebookify.book.edit.prompt import Voice
from sitebookify.book.edit.tagged_text import plain_text
from sitebookify.book.model import Chapter, Section
from sitebookify.book.objects import read
from sitebookify.book.ordered import in_order
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.jobs import ModelUse, Progress, Stage
from sitebookify.language_tags import language_tag
from sitebookify.messages import Message
from sitebookify.ports import LanguageModel
from sitebookify.spec import Edition, Engine, JobSpec

log = structlog.get_logger()

_AHEAD = 4
"""Pages under way at a time: their requests share the gate, and the next page's begin before the last of this one."""
_FIRST_PERCENT, _LAST_PERCENT = 66, 88
_MOST_TROUBLES = 1000
_QUOTED = 80
_LEAST_DELAY, _MOST_DELAY = 30.0, 900.0
_REASONING_TOKENS = 4_000


@dataclass(slots=True)
class _Work:
    """What the stage has done so far; ``pages`` are the edited ones in reading order, as blob and title."""

    began: str = ""
    titles: dict[str, str] | None = None
    pages: list[tuple[str, str]] = field(default_factory=list)
    use: dict[str, Any] = field(default_factory=dict)
    edited: int = 0
    kept: int = 0
    paid: int = 0
    waits: int = 0
    troubles: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> State:
        return asdict(self)

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        return cls(**(state or {"began": datetime.now(UTC).date().isoformat()}))

    @property
    def used(self) -> ModelUse:
        return ModelUse(**self.use)

    def add(self, url: str, outcome: Outcome, use: ModelUse, edition: Edition) -> None:
        self.edited += len(outcome.answers)
        self.kept += len(outcome.kept)
        self.use = self.used.plus(use).to_json()
        free = max(0, _MOST_TROUBLES - len(self.troubles))
        for text, fault in [*outcome.kept.items()][:free]:
            why = _trouble(edition, plain_text(text)[:_QUOTED], fault)
            self.troubles.append({"url": url, **why.fields("reason")})


def _trouble(edition: Edition, text: str, why: str) -> Message:
    if edition is Edition.REWRITE:
        return Message("trouble.unwritten", text=text, why=why)
    return Message("trouble.untranslated", text=text, why=why)


async def edit(bench: Workbench, state: State | None, *, model: ModelAccess | None = None) -> Done | Paused:
    """Edit the book, if its text is to be edited. Output: as of `contents_stage`, with ``edition`` and ``troubles``.

    ``edition`` is ``{"kind", "source", "model", "date", "edited", "kept"}``.

    Raises:
        PermanentError: there is no model, its money is spent, or it answers nobody.
        TransientError: the store or a worker process is away.
    """
    book = bench.inputs[Stage.CONTENTS]
    if bench.spec.render_engine is not Engine.OPENAI:
        return Done(book)
    if model is None or model.connect is None:
        setting = model.missing if model else "SITEBOOKIFY_OPENAI_MODEL"
        raise PermanentError(Message("job.model.unset", setting=setting), reason="MODEL_UNAVAILABLE")
    language = language_tag(bench.spec.language_code)
    if bench.spec.edition is Edition.REWRITE and not bench.spec.language_code:
        language = language_tag(bench.inputs[Stage.EXTRACT]["site"]["language"] or "")
    if not language:
        raise PermanentError(Message("job.model.language"), reason="LANGUAGE_UNKNOWN")
    connected = model.connect()
    editor = _Editor(bench, connected, model, language=language, work=_Work.from_json(state))
    try:
        return await editor.run(book)
    except asyncio.CancelledError:
        editor.cancel()
        raise
    finally:
        await editor.close()
        await connected.close()


def voice_of(spec: JobSpec, language: str, *, reasoning: bool) -> Voice:
    """How the client wants the book to be worded."""
    from babel import Locale  # noqa: PLC0415 - only where a book is edited

    names = Locale("en").languages
    name = names.get(language.replace("-", "_")) or names.get(language.partition("-")[0]) or language
    terms = {term: term for term in spec.keep_terms}
    for line in spec.glossary:
        term, _, translation = line.partition("=")
        terms[term.strip()] = translation.strip() or term.strip()
    thought = _REASONING_TOKENS if reasoning else 0
    return Voice(language=language, language_name=name, tone=spec.tone, terms=terms, reasoning=thought)


class _Editor:
    """Edits one book in one slice."""

    def __init__(
        self,
        bench: Workbench,
        connected: LanguageModel,
        access: ModelAccess,
        *,
        language: str,
        work: _Work,
    ) -> None:
        source = bench.inputs[Stage.EXTRACT]["site"]["language"] or ""
        spec = bench.spec
        limits = [limit for limit in (spec.max_cost, access.max_cost) if limit]
        prices = TokenPrices(input=access.input_price, output=access.output_price)
        self._bench = bench
        self._model = connected.name
        self._work = work
        self._order = EditOrder(source=source, language=language, edition=spec.edition)
        self._budget = Budget(prices, work.used, max_cost=min(limits, default=0.0), max_tokens=spec.max_tokens)
        self._answers = AnswerBook(
            bench,
            connected,
            voice_of(spec, language, reasoning=access.reasoning),
            source=source,
            budget=self._budget,
            gate=Gate(access.concurrency),
        )

    def cancel(self) -> None:
        """Give up requests in flight."""
        self._answers.cancel()

    async def close(self) -> None:
        """Wait for requests in flight."""
        await self._answers.close()

    async def run(self, book: Mapping[str, Any]) -> Done | Paused:
        """Edit what is not edited yet."""
        chapters = [Chapter.from_json(chapter) for chapter in book["chapters"]]
        sections = [section for chapter in chapters for section in chapter.sections]
        try:
            await self._titles(book, chapters)
            paused = await self._pages(sections)
        except (Interrupted, ModelAway) as error:
            return await self._paused(error)
        except PermanentError:
            await self._answers.close()
            self._account()
            await self._bench.save(self._state)
            raise
        if paused:
            return Paused(self._state())
        return Done(self._edited(book, chapters))

    async def _paused(self, error: Interrupted | ModelAway) -> Paused:
        await self._answers.close()
        delay = 0.0
        if isinstance(error, ModelAway) or (self._answers.busy and not self._answers.paid):
            self._work.waits += 1  # another state than before: waiting for the model is no failed attempt
            seconds = error.seconds if isinstance(error, ModelAway) else _LEAST_DELAY
            delay = min(max(seconds, _LEAST_DELAY), _MOST_DELAY)
            log.warning("model.away", why=str(error), seconds=delay)
        self._account()
        return Paused(self._state(), wait=delay)

    def _state(self) -> State:
        """The checkpoint; the number of paid answers in it is headway even where no page is finished."""
        return replace(self._work, paid=self._work.paid + self._answers.paid).to_json()

    # --- Titles

    async def _titles(self, book: Mapping[str, Any], chapters: Sequence[Chapter]) -> None:
        work = self._work
        if work.titles is None:
            titles = [] if self._order.keeps_language else _titles_of(book, chapters, own=bool(self._bench.spec.title))
            units = plan_titles(titles)
            payer = Payer("titles")
            outcome = await self._outcome(units, payer)
            work.titles = translated_titles(titles, replace(self._order, answers=outcome.answers))
            work.add(self._bench.spec.source_url, outcome, payer.used, self._order.edition)
            self._account()
            await self._bench.save(self._state)
        self._order = replace(self._order, titles=work.titles)

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

    async def _page(self, numbered: tuple[int, Section]) -> tuple[str, str, Outcome, ModelUse]:
        """Blob and title of the edited page; a page that is too complex stays as it is."""
        number, section = numbered
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        payer = Payer(f"page-{number}")
        try:
            units = await self._bench.compute(plan_packed, packed, self._order)
            outcome = await self._outcome(units, payer)
            order = replace(self._order, answers=outcome.answers)
            edited, title = await self._bench.compute(edit_packed, packed, order)
        except TooComplex as error:
            outcome = Outcome(kept={section.title or section.url: str(error)})
            return section.blob, section.title, outcome, payer.used
        blob = self._bench.blob(edited, ".page")
        await asyncio.to_thread(self._bench.store.put, blob, edited)
        return blob, title or section.title, outcome, payer.used

    async def _outcome(self, units: Sequence[Unit], payer: Payer) -> Outcome:
        """What becomes of the units' texts, which are asked for at the same time."""

        async def ask(unit: Unit, fault: str) -> tuple[str, ...]:
            return await self._answers.ask(unit, fault, payer)

        results = await asyncio.gather(*(translated(unit, ask) for unit in units), return_exceptions=True)
        errors = [result for result in results if isinstance(result, BaseException)]
        if errors:
            raise next((error for error in errors if isinstance(error, PermanentError)), errors[0])
        outcome = Outcome()
        for result in results:
            assert isinstance(result, Outcome)  # noqa: S101 - the errors have gone
            outcome.add(result)
        return outcome

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

    # --- The book

    def _edited(self, book: Mapping[str, Any], chapters: Sequence[Chapter]) -> State:
        pages = iter(self._work.pages)
        edited = [self._chapter(chapter, pages) for chapter in chapters]
        title = book["title"] if self._bench.spec.title else self._title(book["title"])
        edition = {
            "kind": self._order.edition.value,
            "source": self._order.source,
            "model": self._model,
            "date": self._work.began,
            "edited": self._work.edited,
            "kept": self._work.kept,
        }
        return {
            "title": title,
            "language": self._order.language,
            "chapters": [chapter.to_json() for chapter in edited],
            "edition": edition,
            "troubles": self._work.troubles,
        }

    def _chapter(self, chapter: Chapter, pages: Iterable[tuple[str, str]]) -> Chapter:
        pages = iter(pages)
        sections = []
        for section in chapter.sections:
            blob, title = next(pages)
            sections.append(
                replace(section, blob=blob, title=title if not section.title else self._title(section.title))
            )
        return replace(
            chapter, title=self._title(chapter.title), part=self._title(chapter.part), sections=tuple(sections)
        )

    def _title(self, title: str) -> str:
        translation = (self._work.titles or {}).get(title)
        if translation is None or translation == title:
            return title
        return f"{title} / {translation}" if self._order.edition is Edition.BILINGUAL else translation


def _titles_of(book: Mapping[str, Any], chapters: Sequence[Chapter], *, own: bool) -> list[str]:
    """Every title of the book once, in reading order; the book's only where it is not the client's ``own``."""
    titles = dict.fromkeys([] if own else [book["title"]])
    for chapter in chapters:
        titles |= dict.fromkeys((chapter.part, chapter.title))
        titles |= dict.fromkeys(section.title for section in chapter.sections)
    return [title for title in titles if title]
