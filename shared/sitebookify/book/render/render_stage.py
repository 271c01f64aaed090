"""The render stage: first a survey of every page, then page after page, a checkpoint after each batch of chapters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple, Self

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.links import slugs
from sitebookify.book.model import Chapter, Section, all_sections
from sitebookify.book.objects import pack, pack_lines, read, unpack
from sitebookify.book.ordered import in_order
from sitebookify.book.render.index import BookIndex
from sitebookify.book.render.page_order import PageOrder, RenderedPage
from sitebookify.book.render.page_survey import MOST_BYTES, Survey, empty_survey, survey_packed
from sitebookify.book.render.render_tasks import render_nothing_packed, render_packed, render_words_packed
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TooComplex
from sitebookify.formats import FILES, Format
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore

log = structlog.get_logger()

_TEXTS = tuple(file.format for file in FILES if file.format and file.page_writer)
"""The formats whose files are put together from what is written of every page."""
_AHEAD = 4
"""Pages under way at a time: bounds memory, and keeps two worker processes busy."""
_MOST_PAGES, _MOST_WORDS = 50, 30_000
"""Of a batch. Many books have a chapter for each page: a request to the store for each would take most of the time."""
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

    def to_json(self) -> State:
        return asdict(self)

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        return cls(**(state or {}))

    def note(self, url: str, troubles: Iterable[Message]) -> None:
        """Note for the report what could not be done on a page."""
        for why in troubles:
            if len(self.troubles) < _MOST_TROUBLES:
                self.troubles.append({"url": url, **why.fields("reason")})


async def render(bench: Workbench, state: State | None) -> Done | Paused:
    """Render every chapter.

    Output: ``{"title", "language", "chapters": object name, "texts": {format: [object name, …]}, "terms": [object
    name, …], "troubles": […]}``.
    The chapters are gzip, a line of JSON for each: ``{"id", "title", "part", "pages": [{"url", "slug", "title",
    "level", "words", "sha256", "marker", "files": [{"name", "object", "size", "math"}], "headings": [[text, place]],
    "images": [name], "links_in": int, "links_out": [url]}]}``. The texts are gzip, a line of JSON for each page, in the
    same order: what the format's file is put together from, see `render.page`. The terms are lines of the same kind,
    each a list with what the search index says of the page's files.

    Raises:
        TransientError: the store or a worker process is away.
    """
    work = _Work.from_json(state)
    book = bench.inputs[Stage.EDIT]
    batches = list(_batches(map(Chapter.from_json, book["chapters"])))
    for step in (_survey, _render):
        paused = await step(bench, work, batches)
        if paused:
            return Paused(work.to_json())
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


def _batches(chapters: Iterable[Chapter]) -> Iterator[Batch]:
    """The chapters in groups of some fifty pages."""
    batch: Batch = []
    pages = words = 0
    for chapter in chapters:
        batch.append(chapter)
        pages += len(chapter.sections)
        words += sum(section.words for section in chapter.sections)
        if pages >= _MOST_PAGES or words >= _MOST_WORDS:
            yield batch
            batch, pages, words = [], 0, 0
    if batch:
        yield batch


def _bound(bench: Workbench, batches: Sequence[str]) -> str:
    """Name of the object with the lines of all batches: what is packaged is read from it again and again."""
    name = bench.private("chapters.jsonl.gz")
    parts = (part for _, part in read_ahead(lambda batch: read(bench.store, batch), batches))
    bench.store.write_stream(name, parts, content_type="application/gzip")
    return name


async def _survey(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> bool:
    """Survey the batches that are not surveyed yet; True where the slice ends before all are."""

    async def packed_survey(batch: Batch) -> bytes:
        pages = await asyncio.to_thread(_pages, bench, batch)
        return pack(await _surveyed(bench, batch, pages))

    total = sum(map(len, batches))
    done = sum(map(len, batches[: len(work.surveyed)]))
    async with contextlib.aclosing(in_order(batches[len(work.surveyed) :], packed_survey, ahead=2)) as results:
        async for batch, survey in results:
            work.surveyed.append(await bench.keep(survey, ".json.gz"))
            done += len(batch)
            percent = _FIRST_PERCENT + (_SURVEYED_PERCENT - _FIRST_PERCENT) * done // total
            _report(bench, percent, Message("progress.links", chapter=done, chapters=total))
            await bench.save(work.to_json)
            if bench.stopping:
                return done < total
    return False


async def _surveyed(bench: Workbench, batch: Batch, pages: Sequence[bytes]) -> list[dict[str, Any]]:
    """The surveys of the pages, one by one where they are too complex together."""
    try:
        return await bench.compute(survey_packed, pages)
    except TooComplex:
        room = MOST_BYTES // len(pages)
        return [
            await _survey_alone(bench, section.url, page, room)
            for section, page in zip(all_sections(batch), pages, strict=True)
        ]


async def _survey_alone(bench: Workbench, url: str, page: bytes, room: int) -> dict[str, Any]:
    try:
        (survey,) = await bench.compute(survey_packed, [page], room)
    except TooComplex as error:
        log.warning("page.not_surveyed", url=url, why=str(error))
        return empty_survey(url)
    return survey


def _pages(bench: Workbench, batch: Batch) -> list[bytes]:
    """The batch's pages in their stored form."""
    pages = read_ahead(lambda section: read(bench.store, section.blob), all_sections(batch))
    return [page for _, page in pages]


async def _render(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> bool:
    """Render the batches that are not rendered yet; True where the slice ends before all are."""
    first = len(work.rendered)
    if first == len(batches):
        return False
    maker = await _maker(bench, work, batches)
    total = sum(map(len, batches))
    done = sum(map(len, batches[:first]))
    written = _WrittenBatch()
    async with contextlib.aclosing(in_order(_places(batches, first), maker.rendered, ahead=_AHEAD)) as results:
        async for place, (entry, page) in results:
            _note(bench, work, place.section, page)
            written.add(place, entry, page)
            if place.section is not place.chapter.sections[-1]:
                continue
            done += 1
            percent = _SURVEYED_PERCENT + (_LAST_PERCENT - _SURVEYED_PERCENT) * done // total
            _report(bench, percent, Message("progress.typesetting", chapter=done, chapters=total))
            if place.chapter is not batches[place.batch][-1]:
                continue
            await _keep_batch(bench, work, written, maker.formats)
            written = _WrittenBatch()
            await bench.save(work.to_json)
            if bench.stopping:
                return done < total
    return False


async def _maker(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> _Maker:
    """A maker that has read all surveys; for how many places there was no room is noted once."""
    await bench.flush()
    maker = await asyncio.to_thread(_Maker, bench, work.surveyed, batches)
    if maker.cut and not work.rendered:
        first_page = batches[0][0].sections[0].url
        work.note(first_page, (Message("trouble.places", count=maker.cut),))
    return maker


def _note(bench: Workbench, work: _Work, section: Section, page: RenderedPage) -> None:
    work.note(section.url, page.troubles)
    if page.failure:
        bench.failures.append(page.failure)


class _WrittenBatch:
    """The records of a batch's chapters, and its pages, as far as they are rendered."""

    def __init__(self) -> None:
        self.chapters: list[dict[str, Any]] = []
        self.pages: list[RenderedPage] = []

    def add(self, place: _Place, entry: dict[str, Any], page: RenderedPage) -> None:
        chapter = place.chapter
        if place.section is chapter.sections[0]:
            self.chapters.append({"id": chapter.id, "title": chapter.title, "part": chapter.part, "pages": []})
        self.chapters[-1]["pages"].append(entry)
        self.pages.append(page)


def _places(batches: Sequence[Batch], first: int) -> Iterator[_Place]:
    """Every page of the batches from the number ``first`` on."""
    for number, batch in enumerate(batches[first:], first):
        for chapter in batch:
            for section in chapter.sections:
                yield _Place(number, chapter, section)


async def _keep_batch(bench: Workbench, work: _Work, written: _WrittenBatch, formats: Iterable[Format]) -> None:
    """Store the records of a batch's chapters, and what its pages are in each format and in the search index."""
    record = await asyncio.to_thread(pack_lines, written.chapters)
    work.rendered.append(await bench.keep(record, _LINES))
    for form in formats:
        texts = b"".join([page.texts[form] for page in written.pages])
        work.texts.setdefault(form.value, []).append(await bench.keep(texts, _LINES))
    terms = b"".join([page.terms for page in written.pages])
    work.terms.append(await bench.keep(terms, _LINES))


class _Surveys:
    """See `render.index.Surveys`."""

    def __init__(self, store: ObjectStore, names: Sequence[str]) -> None:
        self._store = store
        self._names = names

    def __iter__(self) -> Iterator[list[Survey]]:
        for _, data in read_ahead(lambda name: read(self._store, name), self._names, ahead=2):
            yield _surveys(data)

    def __getitem__(self, batch: int) -> list[Survey]:
        return _surveys(read(self._store, self._names[batch]))


def _surveys(data: bytes) -> list[Survey]:
    return [Survey.from_json(item) for item in unpack(data)]


class _Maker:
    """Renders a page and stores what comes of it."""

    def __init__(self, bench: Workbench, surveyed: Sequence[str], batches: Sequence[Batch]) -> None:
        """Read every survey, to know what links lead to."""
        chapters = list(chain.from_iterable(batches))
        names = slugs(section.url for section in all_sections(chapters))
        aliases = bench.inputs[Stage.CRAWL].get("aliases", {})
        images = bench.inputs[Stage.EXTRACT]["images"]
        self._bench = bench
        self._index = BookIndex.build(names, aliases, _Surveys(bench.store, surveyed))
        self.cut = self._index.cut
        self._images = {url: image["name"] for url, image in images.items()}
        self._widths = {image["name"]: image["width"] for image in images.values()}
        self.formats = tuple(form for form in _TEXTS if form in bench.spec.formats)
        self._shift = 1 if any(chapter.part for chapter in chapters) else 0

    async def rendered(self, place: _Place) -> tuple[dict[str, Any], RenderedPage]:
        """Render the page in a worker process and store its files: its entry in the chapter's record, and all of it."""
        section = place.section
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        survey = await asyncio.to_thread(self._index.survey, place.batch, section.url)
        order = await asyncio.to_thread(self._order, survey, place.chapter, section)
        page = await self._simplest(packed, section, order)
        if survey.cut:
            page = replace(page, troubles=(Message("trouble.links", count=survey.cut), *page.troubles))
        entry = await self._kept(section, page)
        entry["links_in"] = len(order.links)
        entry["links_out"] = [link for link in survey.links if link not in order.links]
        return entry, replace(page, files=())

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
        page = await compute(render_nothing_packed, section.url, section.title, order, why)
        message = why_lost(Lost.TOO_COMPLEX, None)
        failure = PageFailure(url=section.url, stage=Stage.RENDER, reason=Lost.TOO_COMPLEX, message=message)
        return replace(page, failure=failure)

    async def _kept(self, section: Section, page: RenderedPage) -> dict[str, Any]:
        files = []
        for file in page.files:
            name = await self._bench.keep(file.data, ".xhtml")
            files.append({"name": file.name, "object": name, "size": len(file.data), "math": file.math})
        return {
            "url": section.url,
            "slug": self._index.slug(section.url),
            "title": section.title,
            "number": section.number,
            "level": section.level,
            "words": section.words,
            "sha256": section.sha256,
            "marker": page.marker,
            "files": files,
            "headings": page.headings,
            "images": page.images,
        }

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
            images=images,
            widths={name: self._widths[name] for name in images.values()},
            formats=self.formats,
            number=section.number,
            sources=tuple(sources),
        )


def _report(bench: Workbench, percent: int, message: Message) -> None:
    bench.report(Progress(stage=Stage.RENDER, percent=percent, message=message))
