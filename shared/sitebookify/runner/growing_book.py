"""The book of a job that is still at work: its contents as far as they are known, and the pages that can be read.

Everything is read from the job's checkpoint, which moves on every few seconds. While the site is fetched the pages
stand in the order of the crawl; once the contents are arranged, in the book's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Any
from urllib.parse import unquote, urlsplit

from sitebookify.book.model import Chapter
from sitebookify.book.objects import read, read_lines, unpack
from sitebookify.errors import ObjectNotFound, TooComplex
from sitebookify.jobs import Job, Stage
from sitebookify.ports import ObjectStore
from sitebookify.runner.checkpoint import Checkpoint, load_checkpoint

MOST_LINES = 5_000
"""Of the contents that are shown; longer books show their beginning."""
MOST_BYTES = 24_000_000
"""Of JSON that is read at once, in the server that answers everybody: the state of a crawl of 10,000 pages and 50,000
URLs has 17 MB, which take 0.2 s. What strangers make of it can have several times that."""
_MOST_RECORD_BYTES = 4_000_000
"""Of the compressed records of pages that are set: a thousand pages have 0.3 MB."""
_FEWEST_ALIKE = 3
_SEPARATORS = ("|", "-", "\N{EN DASH}", "—", "·", "•", ":", "«")
_ARRANGED = (Stage.EDIT, Stage.RENDER, Stage.PACKAGE)

Json = dict[str, Any]


class PageState(StrEnum):
    """How far a page is."""

    PART = "part"
    """No page: the title of a part."""
    FETCHED = "fetched"
    EXTRACTED = "extracted"
    SET = "set"
    """It can be read."""


@dataclass(frozen=True, slots=True)
class GrowingLine:
    """A line of the contents; ``text`` is the file name of the page's first text, "" before it is set."""

    depth: int
    title: str
    url: str
    state: PageState
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowingBook:
    """What there is of a book.

    ``arranged``: the lines are in the book's order. ``texts`` are the objects of the texts that can be read, by file
    name in reading order; ``pictures`` those of the pictures.
    """

    stage: Stage
    arranged: bool = False
    lines: tuple[GrowingLine, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)


def growing_book(store: ObjectStore, job: Job) -> GrowingBook:
    """The book that the job's checkpoint holds; empty where that has just been replaced, or is too large to look into.

    Raises:
        TransientError: the store is away.
    """
    try:
        checkpoint = load_checkpoint(store, job, most=MOST_BYTES)
        if checkpoint.stage in _ARRANGED:
            return _arranged(store, checkpoint)
        lines = _unarranged(store, checkpoint)
    except (ObjectNotFound, TooComplex):
        return GrowingBook(stage=job.stage)
    return GrowingBook(stage=checkpoint.stage, lines=tuple(lines[:MOST_LINES]))


def _unarranged(store: ObjectStore, checkpoint: Checkpoint) -> list[GrowingLine]:
    """The pages in the order of the crawl, with their titles and how far each of them is."""
    if checkpoint.stage is Stage.CRAWL:
        ledger = (checkpoint.state or {}).get("ledger", {})
        pages, titles, extracted = ledger.get("pages", []), ledger.get("titles", {}), {}
    else:
        crawled = _output(store, checkpoint, Stage.CRAWL)
        pages, titles = crawled.get("pages", []), crawled.get("titles", {})
        source = checkpoint.state if checkpoint.stage is Stage.EXTRACT else _output(store, checkpoint, Stage.EXTRACT)
        extracted = {page["url"]: page["title"] for page in (source or {}).get("pages", ())}
    short = _without_common_end(titles)
    return [_page(page["url"], short, extracted) for page in pages]


def _page(url: str, titles: Mapping[str, str], extracted: Mapping[str, str]) -> GrowingLine:
    state = PageState.EXTRACTED if url in extracted else PageState.FETCHED
    return GrowingLine(0, extracted.get(url) or titles.get(url) or _name_of(url), url, state)


def _name_of(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.netloc


def _without_common_end(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles without the name of the site that all of them end with."""
    whole = [title for title in titles.values() if title]
    if len(whole) < _FEWEST_ALIKE:
        return dict(titles)
    backwards = [title[::-1] for title in whole]
    pairs = zip(min(backwards), max(backwards), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    end = whole[0][len(whole[0]) - same :]
    places = [end.find(f" {sign} ") for sign in _SEPARATORS]
    cut = min((place for place in places if place >= 0), default=len(end)) - len(end)
    return {url: (title[:cut].rstrip() if cut else title) or title for url, title in titles.items()}


def _arranged(store: ObjectStore, checkpoint: Checkpoint) -> GrowingBook:
    """The contents in the book's order, and the pages that are set."""
    source = Stage.EDIT if Stage.EDIT in checkpoint.outputs else Stage.CONTENTS
    chapters = [*map(Chapter.from_json, _output(store, checkpoint, source)["chapters"])]
    rendered = [*_rendered(store, checkpoint)]
    first = {page["url"]: page["texts"][0]["name"] for page in rendered}
    images = _output(store, checkpoint, Stage.EXTRACT)["images"].values() if rendered else ()
    return GrowingBook(
        stage=checkpoint.stage,
        arranged=True,
        lines=tuple(_lines(chapters, first))[:MOST_LINES],
        texts={text["name"]: text["key"] for page in rendered for text in page["texts"]},
        pictures={image["name"]: image["blob"] for image in images},
    )


def _lines(chapters: Sequence[Chapter], first: Mapping[str, str]) -> Iterator[GrowingLine]:
    part = ""
    for chapter in chapters:
        if chapter.part and chapter.part != part:
            yield GrowingLine(0, chapter.part, "", PageState.PART)
        part = chapter.part
        for section in chapter.sections:
            text = first.get(section.url, "")
            state = PageState.SET if text else PageState.EXTRACTED
            yield GrowingLine(section.level + bool(part), section.label, section.url, state, text)


def _rendered(store: ObjectStore, checkpoint: Checkpoint) -> Iterator[Json]:
    """The records of the pages that are set, see `render_stage.render`."""
    names: Iterable[str] = ()
    if checkpoint.stage is Stage.RENDER:
        names = (checkpoint.state or {}).get("rendered", ())
    elif checkpoint.stage is Stage.PACKAGE:
        names = (_output(store, checkpoint, Stage.RENDER)["chapters"],)
    room = _MOST_RECORD_BYTES
    for name in names:
        room -= store.stat(name).size
        if room < 0:
            return
        for chapter in read_lines(store, name):
            yield from chapter["pages"]


def _output(store: ObjectStore, checkpoint: Checkpoint, stage: Stage) -> Json:
    output: Json = unpack(read(store, checkpoint.outputs[stage]), most=MOST_BYTES)
    return output
