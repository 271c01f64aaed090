"""The render stage: first a survey of every page, then page after page, a checkpoint after each batch of chapters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.crawl.visit import Lost, why_lost
from sitebookify.book.failures import PageFailure
from sitebookify.book.links import slugs
from sitebookify.book.model import Chapter, Section
from sitebookify.book.objects import pack, pack_lines, read, unpack
from sitebookify.book.ordered import in_order
from sitebookify.book.render.index import BookIndex
from sitebookify.book.render.page_order import PageOrder, RenderedPage
from sitebookify.book.render.page_survey import MOST_BYTES, Survey, empty_survey, survey_packed
from sitebookify.book.render.page_texts import TEXTS, render_nothing_packed, render_packed, render_words_packed
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TooComplex
from sitebookify.formats import Format
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore

log = structlog.get_logger()

_AHEAD = 4
"""Pages under way at a time: bounds memory, and keeps two worker processes busy."""
_MOST_PAGES, _MOST_WORDS = 50, 30_000
"""Of a batch. Many books have a chapter for each page: a request to the store for each would take most of the time."""
_FIRST_PERCENT, _SURVEYED_PERCENT, _LAST_PERCENT = 66, 70, 90
_MOST_TROUBLES = 1000

Batch = list[Chapter]


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

    def note(self, url: str, troubles: tuple[Message, ...]) -> None:
        free = _MOST_TROUBLES - len(self.troubles)
        self.troubles += [{"url": url, **why.fields("reason")} for why in troubles[: max(0, free)]]


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
    batches = [*_batches(Chapter.from_json(chapter) for chapter in book["chapters"])]
    for done in (_survey, _render):
        if await done(bench, work, batches):
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

    async def one(batch: Batch) -> bytes:
        pages = await asyncio.to_thread(_pages, bench, batch)
        return pack(await _surveyed(bench, batch, pages))

    total = sum(map(len, batches))
    done = sum(map(len, batches[: len(work.surveyed)]))
    async with contextlib.aclosing(in_order(batches[len(work.surveyed) :], one, ahead=2)) as results:
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
        urls = [section.url for chapter in batch for section in chapter.sections]
        room = MOST_BYTES // len(pages)
        return [await _survey_alone(bench, url, page, room) for url, page in zip(urls, pages, strict=True)]


async def _survey_alone(bench: Workbench, url: str, page: bytes, room: int) -> dict[str, Any]:
    try:
        (survey,) = await bench.compute(survey_packed, [page], room)
    except TooComplex as error:
        log.warning("page.not_surveyed", url=url, why=str(error))
        return empty_survey(url)
    return survey


def _pages(bench: Workbench, batch: Batch) -> list[bytes]:
    sections = (section for chapter in batch for section in chapter.sections)
    return [page for _, page in read_ahead(lambda section: read(bench.store, section.blob), sections)]


async def _render(bench: Workbench, work: _Work, batches: Sequence[Batch]) -> bool:
    """Render the batches that are not rendered yet; True where the slice ends before all are."""
    first = len(work.rendered)
    if first == len(batches):
        return False
    await bench.flush()
    maker = await asyncio.to_thread(_Maker, bench, work.surveyed, batches)
    if maker.cut and not first:
        work.note(batches[0][0].sections[0].url, (Message("trouble.places", count=maker.cut),))
    total = sum(map(len, batches))
    done = sum(map(len, batches[:first]))
    pages = (
        (number, chapter, section)
        for number, batch in enumerate(batches[first:], first)
        for chapter in batch
        for section in chapter.sections
    )
    chapters: list[dict[str, Any]] = []
    rendered: list[dict[str, Any]] = []
    results_of_batch: list[RenderedPage] = []
    async with contextlib.aclosing(in_order(pages, maker.rendered, ahead=_AHEAD)) as results:
        async for (number, chapter, section), (page, result) in results:
            rendered.append(page)
            results_of_batch.append(result)
            work.note(section.url, result.troubles)
            if result.failure:
                bench.failures.append(result.failure)
            if section is not chapter.sections[-1]:
                continue
            chapters.append({"id": chapter.id, "title": chapter.title, "part": chapter.part, "pages": rendered})
            rendered = []
            done += 1
            percent = _SURVEYED_PERCENT + (_LAST_PERCENT - _SURVEYED_PERCENT) * done // total
            _report(bench, percent, Message("progress.typesetting", chapter=done, chapters=total))
            if chapter is not batches[number][-1]:
                continue
            await _keep_batch(bench, work, chapters, results_of_batch, maker.formats)
            chapters, results_of_batch = [], []
            await bench.save(work.to_json)
            if bench.stopping:
                return done < total
    return False


async def _keep_batch(
    bench: Workbench,
    work: _Work,
    chapters: Sequence[Mapping[str, Any]],
    pages: Sequence[RenderedPage],
    formats: Sequence[Format],
) -> None:
    """Store the records of a batch's chapters, and what its pages are in each format and in the search index."""
    packed = [b"".join([page.texts[form] for page in pages]) for form in formats]
    packed.append(b"".join([page.terms for page in pages]))
    packed.insert(0, await asyncio.to_thread(pack_lines, chapters))
    record, *texts, terms = [await bench.keep(each, ".jsonl.gz") for each in packed]
    work.rendered.append(record)
    work.terms.append(terms)
    for form, name in zip(formats, texts, strict=True):
        work.texts.setdefault(form.value, []).append(name)


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
        chapters = [chapter for batch in batches for chapter in batch]
        named = slugs(section.url for chapter in chapters for section in chapter.sections)
        aliases = bench.inputs[Stage.CRAWL].get("aliases", {})
        extracted = bench.inputs[Stage.EXTRACT]
        self._bench = bench
        self._index = BookIndex.build(named, aliases, _Surveys(bench.store, surveyed))
        self.cut = self._index.cut
        self._images = {url: image["name"] for url, image in extracted["images"].items()}
        self._widths = {image["name"]: image["width"] for image in extracted["images"].values()}
        self.formats = tuple(form for form in TEXTS if form in bench.spec.formats)
        self._shift = 1 if any(chapter.part for chapter in chapters) else 0

    async def rendered(self, page: tuple[int, Chapter, Section]) -> tuple[dict[str, Any], RenderedPage]:
        """Render the page in a worker process and store its files: its entry in the chapter's record, and all of it."""
        number, chapter, section = page
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        survey = await asyncio.to_thread(self._index.survey, number, section.url)
        order = await asyncio.to_thread(self._order, survey, chapter, section)
        result = await self._simplest(packed, section, order)
        if survey.cut:
            result = replace(result, troubles=(Message("trouble.links", count=survey.cut), *result.troubles))
        outside = [link for link in survey.links if link not in order.links]
        entry = {**await self._kept(section, result), "links_in": len(order.links), "links_out": outside}
        return entry, replace(result, files=())

    async def _simplest(self, packed: bytes, section: Section, order: PageOrder) -> RenderedPage:
        """The page, or what of it can be rendered within the limits."""
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
        message = why_lost(Lost.TOO_COMPLEX, None)
        failure = PageFailure(url=section.url, stage=Stage.RENDER, reason=Lost.TOO_COMPLEX, message=message)
        return replace(await compute(render_nothing_packed, section.url, section.title, order, why), failure=failure)

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
        """How the page is to be rendered."""
        last = section is chapter.sections[-1]
        images = {url: self._images[url] for url in survey.images if url in self._images}
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
            sources=tuple((each.title, each.url) for each in chapter.sections) if last else (),
        )


def _report(bench: Workbench, percent: int, message: Message) -> None:
    bench.report(Progress(stage=Stage.RENDER, percent=percent, message=message))
