"""Finishing a crawl: leave out what repeats other pages, and write the report."""

from __future__ import annotations

import asyncio
import contextlib

from sitebookify.book.crawl.copies import FEWEST_PARTS, Copies, is_concatenation
from sitebookify.book.crawl.crawl_tasks import packed_blocks
from sitebookify.book.crawl.crawled_page import unpacked_blocks
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.seeds import MOST_FEEDS
from sitebookify.book.crawl.survey import Survey, retry_state
from sitebookify.book.objects import pack, read
from sitebookify.book.ordered import in_order
from sitebookify.book.stage import State, Workbench
from sitebookify.book.urls import is_index
from sitebookify.egress import Reason
from sitebookify.errors import TooComplex
from sitebookify.messages import Message

_CANDIDATES = 20
_TIMES_MEDIAN = 3
_AHEAD = 4
"""Pages being read while one is compared."""


async def finish(bench: Workbench, survey: Survey) -> State:
    """The stage's output."""
    await _drop_repeating(bench, survey)
    retry = retry_state(survey)
    incomplete = _incomplete(survey)
    _report_rest(survey)
    report = await asyncio.to_thread(survey.ledger.report)
    drawn = [Message("preview.note.markdown")] if survey.markdown else []
    scope = [*(choice.message for choice in survey.choices), *drawn]
    return {
        "pages": [page.to_json() for page in survey.ledger.pages],
        "aliases": survey.ledger.final_aliases(),
        "tried": await _store(bench, report, ".jsonl.gz"),
        "overflow": survey.frontier.overflow,
        "beyond": _beyond(survey),
        "listed": survey.listed,
        "menu": list(survey.menu),
        "drawn": survey.markdown is not None,
        "posts": list(survey.posts.days.items()),
        "start": survey.start,
        "title": survey.title,
        "titles": survey.ledger.titles_of_pages(),
        "variants": survey.variants.others(),
        "incomplete": [message.to_json() for message in incomplete],
        "retry": await _store(bench, pack(retry), ".json.gz") if retry else "",
        "scope": [message.to_json() for message in scope],
        "unused": sorted(survey.scope.patterns.unused),
    }


def _beyond(survey: Survey) -> dict[str, int]:
    """What the crawl met and had no room for: feeds that were not read, URLs and posts that are in no list."""
    counts = {
        "feeds": max(0, len(survey.feeds) - MOST_FEEDS),
        "posts": survey.posts.beyond,
        "urls": survey.frontier.overflow + survey.frontier.unlisted,
    }
    return {what: count for what, count in counts.items() if count}


async def _store(bench: Workbench, data: bytes, suffix: str) -> str:
    name = bench.blob(data, suffix)
    await asyncio.to_thread(bench.store.put, name, data, content_type="application/gzip")
    return name


def _incomplete(survey: Survey) -> list[Message]:
    """What the book lacks of the site, and why; pages that stay postponed are turned down."""
    lost = survey.turn_down_postponed()
    messages = [survey.incomplete] if survey.incomplete else []
    if lost and not survey.incomplete:
        messages.append(Message("job.incomplete.pages", count=lost))
    pages, beyond = survey.ledger.count, len(survey.frontier) + survey.frontier.overflow
    if beyond and survey.full:
        messages.append(Message("job.incomplete.max_pages", kept=pages, about=pages + beyond))
    return messages


async def _drop_repeating(bench: Workbench, survey: Survey) -> None:
    """Leave out pages that repeat others whole, such as The Rust Book's print.html.

    A start page that is the index of its directory stays, unless it lists the others: a blog's front page may have its
    posts whole.

    Looked at are the 20 longest pages of more than three times the median length.
    """
    copies = survey.ledger.copies
    blobs = {page.url: page.blob for page in survey.ledger.pages}
    protected = set(filter(is_index, survey.starts))
    if survey.start_lists:
        protected.discard(survey.start)
    for url in copies.longest(_TIMES_MEDIAN, _CANDIDATES):
        if url not in protected and await _repeats(bench, url, blobs, copies):
            survey.ledger.drop(url, Lost.REPEATS_PAGES)
            del blobs[url]


async def _repeats(bench: Workbench, url: str, blobs: dict[str, str], copies: Copies) -> bool:
    """True where the page is others one after another; only those that seem to be parts of it are read again."""

    async def blocks(page: str) -> frozenset[int]:
        remembered = copies.blocks.get(page)
        if remembered:
            return unpacked_blocks(remembered)
        packed = await asyncio.to_thread(read, bench.store, blobs[page])
        try:
            return await bench.compute(packed_blocks, packed)
        except TooComplex:
            return frozenset()

    whole = await blocks(url)
    parts = copies.parts(url, whole, blobs)
    if len(parts) < FEWEST_PARTS:
        return False
    async with contextlib.aclosing(in_order(parts, blocks, ahead=_AHEAD)) as contents:
        return is_concatenation(whole, [whole & part async for _, part in contents])


def _report_rest(survey: Survey) -> None:
    """Report the URLs that were found but not fetched; where the site was failing, they count as failures."""
    for url, reason in survey.frontier.rest():
        survey.ledger.skip(url, reason)
    room = survey.spec.max_pages - survey.ledger.count if survey.trouble else 0
    reason = Reason.JOB_LIMIT if survey.incomplete and not survey.trouble else Lost.MAX_PAGES
    for entry in survey.frontier.clear():
        if room > 0:
            room -= 1
            survey.ledger.fail(entry.url, None, Lost.SITE_STOPPED)
        else:
            survey.ledger.skip(entry.url, reason)
