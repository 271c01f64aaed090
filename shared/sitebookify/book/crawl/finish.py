"""Finishing a crawl: leave out what repeats other pages, and write the report."""

from __future__ import annotations

import asyncio
import gzip
from statistics import median

from sitebookify.book.crawl.document import read_blocks
from sitebookify.book.crawl.ledger import Decision, Row
from sitebookify.book.crawl.survey import Survey
from sitebookify.book.crawl.visit import Lost
from sitebookify.book.stage import State, Workbench

_CANDIDATES = 20
_TIMES_MEDIAN = 3
_FEWEST_REPEATED = 3
_COVERED = 0.8


async def finish(bench: Workbench, survey: Survey) -> State:
    """The stage's output."""
    await _drop_repeating(bench, survey)
    _report_rest(survey)
    report = await asyncio.to_thread(survey.ledger.report)
    name = bench.blob(report, ".jsonl.gz")
    await asyncio.to_thread(bench.store.put, name, report, content_type="application/gzip")
    return {
        "pages": [page.to_json() for page in survey.ledger.pages],
        "aliases": survey.ledger.final_aliases(),
        "tried": name,
        "overflow": survey.frontier.overflow,
    }


async def _drop_repeating(bench: Workbench, survey: Survey) -> None:
    """Leave out pages that repeat others whole, such as The Rust Book's print.html.

    Looked at are the 20 longest pages of more than three times the median length. One goes where at least three
    other pages are contained in it and account for four fifths of it. The start page always stays.
    """
    sketches = survey.ledger.sketches.by_url
    kept = {page.url: page for page in survey.ledger.pages}
    usual = median(sketches[url].blocks for url in kept)
    long = [url for url in kept if sketches[url].blocks > _TIMES_MEDIAN * usual and url != survey.start]
    for url in sorted(long, key=lambda url: -sketches[url].blocks)[:_CANDIDATES]:
        packed, _ = await asyncio.to_thread(bench.store.get, kept[url].blob) or (b"", None)
        blocks = await asyncio.to_thread(_blocks, packed)
        parts = [other for other in kept if other != url and sketches[other].within(blocks)]
        if len(parts) >= _FEWEST_REPEATED and sum(sketches[part].blocks for part in parts) >= _COVERED * len(blocks):
            survey.ledger.drop(url, Lost.REPEATS_PAGES)
            del kept[url]


def _blocks(packed: bytes) -> frozenset[int]:
    return read_blocks(gzip.decompress(packed).decode("utf-8"))


def _report_rest(survey: Survey) -> None:
    """Rows for what was found and not tried."""
    for url, trap in survey.frontier.trapped.items():
        survey.ledger.turn_down(Row(url=url, decision=Decision.SKIPPED, reason=trap))
    while survey.frontier:
        row = Row(url=survey.frontier.pop().url, decision=Decision.SKIPPED, reason=Lost.MAX_PAGES)
        survey.ledger.turn_down(row)
