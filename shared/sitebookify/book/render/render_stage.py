"""The render stage: first a survey of every page, then page after page, a checkpoint after each batch of chapters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.document.nodes import Document
from sitebookify.book.epub.content import TextRef
from sitebookify.book.failures import PageFailure
from sitebookify.book.grouping import grouped
from sitebookify.book.links import slugs
from sitebookify.book.model import Chapter, Page, Section, all_sections
from sitebookify.book.objects import pack, pack_lines, read
from sitebookify.book.ordered import in_order
from sitebookify.book.render.index import BookIndex
from sitebookify.book.render.page_order import PageOrder, RenderedChapter, RenderedPage, RenderedSection
from sitebookify.book.render.page_survey import MOST_BYTES, Survey, survey_packed
from sitebookify.book.render.render_tasks import render_packed, render_words_packed
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TooComplex
from sitebookify.formats import FILES
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

log = structlog.get_logger()

_TEXTS = tuple(file.format for file in FILES if file.format and file.page_writer)
"""The formats whose files are put together from what is written of every page."""
_AHEAD = 4
"""Pages under way at a time: bounds memory, and keeps two worker processes busy."""
_MOST_WORDS, _LEAST_OF_PAGE = 30_000, 600
"""Of a batch, for which every page counts as 600 words at least, so that it has 50 pages at most. Many books have a
chapter for each page: a request to the store for each would take most of the time."""
_FIRST_PERCENT, _SURVEYED_PERCENT, _LAST_PERCENT = 66, 70, 90
_MOST_TROUBLES = 1000

_LINES = ".jsonl.gz"

Batch = list[Chapter]


class _Place(NamedTuple):
    """A page, and where it stands in the book."""

    batch: int
    chapter: Chapter
    section: Section


@dataclass(slots=True)
class _Work:
    """What the stage has done so far: names of objects, one for each batch, and what went wrong."""

    surveyed: list[str] = field(default_factory=list)
    rendered: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    troubles: list[dict[str, Any]] = field(default_factory=list)

    def note(self, url: str, troubles: Iterable[Message]) -> None:
        """Note for the report what could not be done on a page."""
        for why in troubles:
            if len(self.troubles) < _MOST_TROUBLES:
                self.troubles.append({"url": url, **why.fields("reason")})


async def render(bench: Workbench, state: State | None) -> Done | Paused:
    """Render every chapter.

    Output: ``{"title", "language", "chapters": object name, "texts": {format: [object name, …]}, "terms": [object
    name, …], "troubles": […]}``.
    The chapters are gzip, a line of JSON for each `RenderedChapter`. The texts are gzip, a line of JSON for each page,
    in the same order: what the format's file is put together from, see `RenderedPage`. The terms are lines of the same
    kind, each a list with what the search index says of the page's files.

    Raises:
        TransientError: the store or a worker process is away.
    """
    work = _Work(**(state or {}))
    book = bench.inputs[Stage.EDIT]
    batches = [*grouped(map(Chapter.from_json, book["chapters"]), _words, _MOST_WORDS)]
    for step in (_survey, _render):
        paused = await step(bench, work, batches)
        if paused:
            return Paused(asdict(work))
    await bench.flush()
    chapters = await asyncio.to_thread(_bound, bench, work.rendered)
    return Done(
        {
            "title": book["title"],
            "language": book["language"],
            "chapters": chapters,
            "texts": work.texts,
            "terms": work.terms,
            "troubles": work.troubles,
        }
    )


def _words(chapter: Chapter) -> int:
    return sum(max(section.words, _LEAST_OF_PAGE) for section in chapter.sections)


def _bound(bench: Workbench, batches: Sequence[str]) -> str:
    """Name of the object with the lines of all batches: what is packaged is read from it again and again."""
    name = bench.private("chapters.jsonl.gz")
    parts = (part for _, part in read_ahead(lambda batch: read(bench.store, batch), batches))
    bench.store.write_stream(name, parts, content_type="application/gzip")
    return name


async def _survey(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> bool:
    """Survey the batches that are not surveyed yet; True where the slice ends before all are."""

    async def packed_survey(batch: Batch) -> bytes:
        sections = all_sections(batch)
        read_pages = read_ahead(lambda section: read(bench.store, section.blob), sections)
        pages = await asyncio.to_thread(lambda: [page for _, page in read_pages])
        return pack(await _surveyed(bench, sections, pages, MOST_BYTES))

    total = sum(map(len, batches))
    done = sum(map(len, batches[: len(work.surveyed)]))
    async with contextlib.aclosing(in_order(batches[len(work.surveyed) :], packed_survey, ahead=2)) as results:
        async for batch, survey in results:
            work.surveyed.append(await bench.keep(survey, ".json.gz"))
            done += len(batch)
            percent = _FIRST_PERCENT + (_SURVEYED_PERCENT - _FIRST_PERCENT) * done // total
            _report(bench, percent, Message("progress.links", chapter=done, chapters=total))
            await bench.save(partial(asdict, work))
            if bench.stopping:
                return done < total
    return False


async def _surveyed(bench: Workbench, sections: Sequence[Section], pages: Sequence[bytes], room: int) -> list[Survey]:
    """The surveys of the pages, one by one where they are too complex together."""
    try:
        return await bench.compute(survey_packed, pages, room)
    except TooComplex as error:
        if len(pages) == 1:
            log.warning("page.not_surveyed", url=sections[0].url, why=str(error))
            return [Survey(url=sections[0].url)]
    surveys = []
    for section, page in zip(sections, pages, strict=True):
        surveys += await _surveyed(bench, [section], [page], room // len(pages))
    return surveys


async def _render(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> bool:
    """Render the batches that are not rendered yet; True where the slice ends before all are."""
    first = len(work.rendered)
    if first == len(batches):
        return False
    written: list[tuple[RenderedSection, RenderedPage]] = []
    await bench.flush()
    maker = await asyncio.to_thread(_Maker, bench, work, batches)
    total = sum(map(len, batches))
    done = sum(map(len, batches[:first]))
    async with contextlib.aclosing(in_order(_places(batches, first), maker.rendered, ahead=_AHEAD)) as results:
        async for place, rendered in results:
            written.append(rendered)
            if place.section is not place.chapter.sections[-1]:
                continue
            done += 1
            percent = _SURVEYED_PERCENT + (_LAST_PERCENT - _SURVEYED_PERCENT) * done // total
            _report(bench, percent, Message("progress.typesetting", chapter=done, chapters=total))
            if place.chapter is not batches[place.batch][-1]:
                continue
            await _keep_batch(bench, work, batches[place.batch], written)
            written = []
            await bench.save(partial(asdict, work))
            if bench.stopping:
                return done < total
    return False


def _places(batches: Sequence[Batch], first: int) -> Iterator[_Place]:
    """Every page of the batches from the number ``first`` on."""
    for number, batch in enumerate(batches[first:], first):
        for chapter in batch:
            for section in chapter.sections:
                yield _Place(number, chapter, section)


async def _keep_batch(
    bench: Workbench, work: _Work, batch: Batch, written: Sequence[tuple[RenderedSection, RenderedPage]]
) -> None:
    """Store the records of a batch's chapters, and what its pages are in each format and in the search index."""
    sections = iter([section for section, _ in written])
    pages = [page for _, page in written]
    chapters = []
    for chapter in batch:
        own = tuple(islice(sections, len(chapter.sections)))
        chapters.append(RenderedChapter(id=chapter.id, title=chapter.title, part=chapter.part, pages=own))
    for section, page in written:
        work.note(section.url, page.troubles)
        if page.failure:
            bench.failures.append(page.failure)
    record = await asyncio.to_thread(pack_lines, chapters)
    work.rendered.append(await bench.keep(record, _LINES))
    for form in pages[0].texts:
        texts = b"".join([page.texts[form] for page in pages])
        work.texts.setdefault(form.value, []).append(await bench.keep(texts, _LINES))
    terms = b"".join([page.terms for page in pages])
    work.terms.append(await bench.keep(terms, _LINES))


def _report(bench: Workbench, percent: int, message: Message) -> None:
    bench.report(Progress(stage=Stage.RENDER, percent=percent, message=message))


class _Maker:
    """Renders a page and stores what comes of it."""

    def __init__(self, bench: Workbench, work: _Work, batches: Sequence[Batch]) -> None:
        """Read every survey, to know what links lead to; for how many places there was no room is noted once."""
        chapters = list(chain.from_iterable(batches))
        urls = [section.url for section in all_sections(chapters)]
        aliases = bench.inputs[Stage.CRAWL].get("aliases", {})
        self._bench = bench
        self._index = BookIndex(slugs(urls), aliases, bench.store, work.surveyed)
        if self._index.cut and not work.rendered:
            work.note(urls[0], (Message("trouble.places", count=self._index.cut),))
        self._images = bench.inputs[Stage.EXTRACT]["images"]
        self._formats = tuple(form for form in _TEXTS if form in bench.spec.formats)
        self._shift = 1 if any(chapter.part for chapter in chapters) else 0

    async def rendered(self, place: _Place) -> tuple[RenderedSection, RenderedPage]:
        """Render the page in a worker process and store its files: the record of it, and all else of it."""
        packed = await asyncio.to_thread(read, self._bench.store, place.section.blob)
        survey = await asyncio.to_thread(self._index.survey, place.batch, place.section.url)
        order = await asyncio.to_thread(self._order, survey, place.chapter, place.section)
        page = await self._simplest(packed, place.section, order)
        texts = []
        for file in page.files:
            key = await self._bench.keep(file.data, ".xhtml")
            texts.append(TextRef(name=file.name, key=key, size=len(file.data), math=file.math))
        if survey.cut:
            page = replace(page, troubles=(Message("trouble.links", count=survey.cut), *page.troubles))
        return _record(place, texts, page, survey, order), replace(page, files=())

    async def _simplest(self, packed: bytes, section: Section, order: PageOrder) -> RenderedPage:
        """The page, or what of it can be rendered within the limits: its words, or its title."""
        compute = self._bench.compute
        try:
            return await compute(render_packed, packed, order)
        except TooComplex as error:
            why = str(error)
        log.warning("page.too_complex", url=section.url, why=why)
        try:
            return await compute(render_words_packed, packed, order, why)
        except TooComplex as error:
            why = str(error)
        log.warning("page.not_rendered", url=section.url, why=why)
        nothing = Page(document=Document(url=section.url, title=section.title, blocks=()))
        page = await compute(render_words_packed, nothing.pack(), order, why)
        message = why_lost(Lost.TOO_COMPLEX, None)
        failure = PageFailure(url=section.url, stage=Stage.RENDER, reason=Lost.TOO_COMPLEX, message=message)
        return replace(page, failure=failure)

    def _order(self, survey: Survey, chapter: Chapter, section: Section) -> PageOrder:
        """How the page is to be rendered; the last page of a chapter names the sources of all."""
        images = {url: self._images[url] for url in survey.images if url in self._images}
        is_last = section is chapter.sections[-1]
        sources = [(page.title, page.url) for page in chapter.sections] if is_last else []
        return PageOrder(
            slug=self._index.slug(section.url),
            shift=self._shift + section.level,
            language=self._bench.inputs[Stage.EDIT]["language"],
            ids=self._index.ids(section.url),
            links=self._index.targets(survey.links),
            images={url: image["name"] for url, image in images.items()},
            widths={image["name"]: image["width"] for image in images.values()},
            formats=self._formats,
            number=section.number,
            sources=tuple(sources),
        )


def _record(
    place: _Place, texts: Iterable[TextRef], page: RenderedPage, survey: Survey, order: PageOrder
) -> RenderedSection:
    section = place.section
    return RenderedSection(
        url=section.url,
        slug=order.slug,
        title=section.title,
        number=section.number,
        level=section.level,
        part=place.chapter.part,
        words=section.words,
        sha256=section.sha256,
        marker=page.marker,
        texts=tuple(texts),
        headings=page.headings,
        images=page.images,
        links_in=len(order.links),
        links_out=tuple(link for link in survey.links if link not in order.links),
    )
