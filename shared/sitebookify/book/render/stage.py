"""The render stage: first a survey of every page, then page after page, a checkpoint after each chapter."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sitebookify.book.ahead import read_ahead
from sitebookify.book.links import slugs
from sitebookify.book.model import Chapter, Section
from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.ordered import in_order
from sitebookify.book.render.index import BookIndex
from sitebookify.book.render.order import PageOrder, RenderedPage
from sitebookify.book.render.page import render_packed
from sitebookify.book.render.survey import Survey, survey_packed
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.jobs import Progress, Stage

_AHEAD = 4
"""Pages under way at a time: bounds memory, and keeps two worker processes busy."""
_FIRST_PERCENT, _SURVEYED_PERCENT, _LAST_PERCENT = 66, 70, 90
_MOST_TROUBLES = 1000


@dataclass(slots=True)
class _Work:
    """What the stage has done so far: names of objects, one for each chapter, and what went wrong."""

    surveys: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)
    troubles: list[dict[str, str]] = field(default_factory=list)

    def to_json(self) -> State:
        return asdict(self)

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        return cls(**(state or {}))

    def note(self, url: str, troubles: tuple[str, ...]) -> None:
        free = _MOST_TROUBLES - len(self.troubles)
        self.troubles += [{"url": url, "reason": reason} for reason in troubles[: max(0, free)]]


async def render(bench: Workbench, state: State | None) -> Done | Paused:
    """Render every chapter.

    Output: ``{"title", "language", "records": [object name, …], "troubles": […]}``; a record is gzip
    JSON ``{"id", "title", "part", "pages": [{"url", "slug", "title", "level", "words", "sha256", "markdown": object,
    "marker", "files": [{"name", "object", "size", "math"}], "headings": [[text, place]], "links_in": int,
    "links_out": [url]}]}``.

    Raises:
        TransientError: the store or a worker process is away.
    """
    work = _Work.from_json(state)
    book = bench.inputs[Stage.CONTENTS]
    chapters = [Chapter.from_json(chapter) for chapter in book["chapters"]]
    for done in (_survey, _render):
        if await done(bench, work, chapters):
            return Paused(work.to_json())
    return Done(
        {
            "title": book["title"],
            "language": book["language"],
            "records": work.records,
            "troubles": work.troubles,
        }
    )


async def _survey(bench: Workbench, work: _Work, chapters: list[Chapter]) -> bool:
    """Survey the chapters that are not surveyed yet; True where the slice ends before all are."""

    async def one(chapter: Chapter) -> bytes:
        pages = await asyncio.to_thread(_pages, bench, chapter)
        return pack(await bench.compute(survey_packed, pages))

    async with contextlib.aclosing(in_order(chapters[len(work.surveys) :], one, ahead=2)) as results:
        async for _, survey in results:
            work.surveys.append(await _keep(bench, survey, ".json.gz"))
            _report(bench, len(work.surveys), len(chapters), "Looking up links of chapter", _FIRST_PERCENT)
            await bench.save(work.to_json)
            if bench.stopping:
                return len(work.surveys) < len(chapters)
    return False


def _pages(bench: Workbench, chapter: Chapter) -> list[bytes]:
    return [page for _, page in read_ahead(lambda section: read(bench.store, section.blob), chapter.sections)]


async def _render(bench: Workbench, work: _Work, chapters: list[Chapter]) -> bool:
    """Render the chapters that are not rendered yet; True where the slice ends before all are."""
    if len(work.records) == len(chapters):
        return False
    index = await asyncio.to_thread(_index, bench, work, chapters)
    pages = [
        (number, section)
        for number, chapter in enumerate(chapters[len(work.records) :], len(work.records))
        for section in chapter.sections
    ]
    maker = _Maker(bench, index, chapters)
    rendered: list[dict[str, Any]] = []
    async with contextlib.aclosing(in_order(pages, maker.rendered, ahead=_AHEAD)) as results:
        async for (number, section), (page, troubles) in results:
            rendered.append(page)
            work.note(section.url, troubles)
            if len(rendered) < len(chapters[number].sections):
                continue
            chapter = chapters[number]
            record = {"id": chapter.id, "title": chapter.title, "part": chapter.part, "pages": rendered}
            work.records.append(await _keep(bench, pack(record), ".json.gz"))
            rendered = []
            _report(bench, number + 1, len(chapters), "Setting chapter", _SURVEYED_PERCENT)
            await bench.save(work.to_json)
            if bench.stopping:
                return len(work.records) < len(chapters)
    return False


def _index(bench: Workbench, work: _Work, chapters: list[Chapter]) -> BookIndex:
    def surveys(number: int) -> list[Survey]:
        return [Survey.from_json(item) for item in unpack(read(bench.store, work.surveys[number]))]

    named = slugs(section.url for chapter in chapters for section in chapter.sections)
    aliases = bench.inputs[Stage.CRAWL].get("aliases", {})
    return BookIndex.build(named, aliases, surveys, len(chapters))


class _Maker:
    """Renders a page and stores what comes of it."""

    def __init__(self, bench: Workbench, index: BookIndex, chapters: list[Chapter]) -> None:
        self._bench = bench
        self._index = index
        self._chapters = chapters
        extracted = bench.inputs[Stage.EXTRACT]
        self._images = {url: image["name"] for url, image in extracted["images"].items()}
        self._shift = 1 if any(chapter.part for chapter in chapters) else 0

    async def rendered(self, page: tuple[int, Section]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Render the page in a worker process and store it: its entry in the chapter's record, and its troubles."""
        number, section = page
        packed = await asyncio.to_thread(read, self._bench.store, section.blob)
        order = await asyncio.to_thread(self._order, number, section)
        result = await self._bench.compute(render_packed, packed, order)
        return await self._kept(number, section, result), result.troubles

    async def _kept(self, number: int, section: Section, page: RenderedPage) -> dict[str, Any]:
        files = []
        for file in page.files:
            name = await _keep(self._bench, file.data, ".xhtml")
            files.append({"name": file.name, "object": name, "size": len(file.data), "math": file.math})
        links = self._index.survey(number, section.url).links
        inside = self._index.targets(links)
        return {
            "url": section.url,
            "slug": self._index.slug(section.url),
            "title": section.title,
            "level": section.level,
            "words": section.words,
            "sha256": section.sha256,
            "markdown": await _keep(self._bench, page.markdown.encode(), ".md"),
            "marker": page.marker,
            "files": files,
            "headings": page.headings,
            "links_in": len(inside),
            "links_out": [link for link in links if link not in inside],
        }

    def _order(self, number: int, section: Section) -> PageOrder:
        chapter = self._chapters[number]
        survey = self._index.survey(number, section.url)
        last = section is chapter.sections[-1]
        return PageOrder(
            slug=self._index.slug(section.url),
            shift=self._shift + section.level,
            language=self._bench.inputs[Stage.CONTENTS]["language"],
            ids=self._index.ids(section.url, survey),
            anchors=self._index.anchors(section.url),
            links=self._index.targets(survey.links),
            images={url: self._images[url] for url in survey.images if url in self._images},
            sources=tuple((each.title, each.url) for each in chapter.sections) if last else (),
        )


async def _keep(bench: Workbench, data: bytes, suffix: str) -> str:
    name = bench.blob(data, suffix)
    await asyncio.to_thread(bench.store.put, name, data)
    return name


def _report(bench: Workbench, done: int, total: int, doing: str, first: int) -> None:
    last = _SURVEYED_PERCENT if first == _FIRST_PERCENT else _LAST_PERCENT
    percent = first + (last - first) * done // total
    bench.report(Progress(stage=Stage.RENDER, percent=percent, message=f"{doing} {done} of {total}"))
