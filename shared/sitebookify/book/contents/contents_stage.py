"""The contents stage: pages in reading order, in chapters of bounded size."""

from __future__ import annotations

import asyncio

from sitebookify.book.ahead import read_ahead
from sitebookify.book.contents.chapters import chapters
from sitebookify.book.contents.evidence import Evidence, EvidenceCollector
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.links import PageIndex
from sitebookify.book.model import PageLinks, PageRef
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
    evidence = await asyncio.to_thread(_evidence, bench, refs)
    forest = await asyncio.to_thread(ordered, evidence, [ref.url for ref in refs])
    site = extracted["site"]
    return Done(
        {
            "title": bench.spec.title or site["title"],
            "language": bench.spec.language_code or site["language"] or "en",
            "chapters": [chapter.to_json() for chapter in chapters(forest.root, refs)],
        }
    )


def _evidence(bench: Workbench, refs: list[PageRef]) -> Evidence:
    """What the pages say of their order."""
    urls = [ref.url for ref in refs]
    index = PageIndex(urls, bench.inputs[Stage.CRAWL]["aliases"])
    collector = EvidenceCollector(urls, index)
    pages = read_ahead(lambda ref: read(bench.store, ref.blob), refs)
    for number, (_, data) in enumerate(pages):
        collector.add(number, PageLinks.unpack(data))
    return collector.evidence
