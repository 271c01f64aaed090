"""The contents stage: pages in reading order, in chapters of bounded size."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import chain

from sitebookify.book.ahead import read_ahead
from sitebookify.book.contents.chapters import chapters
from sitebookify.book.contents.evidence import Evidence, EvidenceCollector
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Chapter, PageLinks, PageRef
from sitebookify.book.objects import read
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

_PERCENT = 66


async def contents(bench: Workbench, _state: State | None) -> Done | Paused:
    """Put every page into exactly one chapter. The stage is short and writes nothing, so it does not pause.

    Raises:
        TransientError: the store is away.
    """
    extracted = bench.inputs[Stage.EXTRACT]
    refs = [PageRef.from_json(page) for page in extracted["pages"]]
    bench.report(Progress(stage=Stage.CONTENTS, percent=_PERCENT, message=Message("progress.arranging")))
    parts = _parts(refs, bench.inputs[Stage.CRAWL]["pages"])
    arranged = await asyncio.to_thread(lambda: list(chain.from_iterable(_chapters(bench, part) for part in parts)))
    site = extracted["site"]
    bench.book_title = bench.spec.title or site["title"]
    return Done(
        {
            "title": bench.book_title,
            "language": bench.spec.language_code or site["language"] or "en",
            "chapters": [
                replace(chapter, id=f"chapter-{number:03}").to_json() for number, chapter in enumerate(arranged, 1)
            ],
        }
    )


def _parts(refs: list[PageRef], fetched: list[State]) -> list[list[PageRef]]:
    """The pages of each start page; all together where there is one."""
    numbers = {page["url"]: page.get("part", 0) for page in fetched}
    parts: dict[int, list[PageRef]] = {}
    for ref in refs:
        parts.setdefault(numbers.get(ref.url, 0), []).append(ref)
    return [parts[number] for number in sorted(parts)]


def _chapters(bench: Workbench, refs: list[PageRef]) -> list[Chapter]:
    """The chapters of one start page's pages; of several, each makes a part that has its first page's title."""
    evidence = _evidence(bench, refs)
    forest = ordered(evidence, [ref.url for ref in refs])
    arranged = chapters(forest.root, refs)
    if bench.spec.source_urls:
        return [replace(chapter, part=refs[0].title) for chapter in arranged]
    return arranged


def _evidence(bench: Workbench, refs: list[PageRef]) -> Evidence:
    """What the pages say of their order."""
    urls = [ref.url for ref in refs]
    index = PageIndex(urls, bench.inputs[Stage.CRAWL]["aliases"])
    collector = EvidenceCollector(urls, index)
    pages = read_ahead(lambda ref: read(bench.store, ref.blob), refs)
    for number, (_, data) in enumerate(pages):
        collector.add(number, PageLinks.unpack(data))
    return collector.evidence
