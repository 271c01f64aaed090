"""The contents stage: pages in reading order, in chapters of bounded size."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.contents.chapter_order import as_crawled, by_evidence, by_posts, framed_menu
from sitebookify.book.contents.evidence import Evidence, EvidenceCollector
from sitebookify.book.contents.posts import posts_of
from sitebookify.book.crawl.variants import alike
from sitebookify.book.extract.book_title import title_of_book
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Chapter, Link, PageLinks, PageRef, chapter_id
from sitebookify.book.objects import read
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import TooComplex
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

log = structlog.get_logger()

_PERCENT = 66


async def contents(bench: Workbench, _state: State | None) -> Done | Paused:
    """Put every page into exactly one chapter. The stage is short and writes nothing, so it does not pause.

    Raises:
        TransientError: the store is away.
    """
    crawled, extracted = bench.inputs[Stage.CRAWL], bench.inputs[Stage.EXTRACT]
    refs = [PageRef.from_json(page) for page in extracted["pages"]]
    bench.report(Progress(stage=Stage.CONTENTS, percent=_PERCENT, message=Message("progress.arranging")))
    urls = [ref.url for ref in refs]
    listed = _listed(crawled.get("posts", ()), PageIndex(urls, crawled["aliases"]))
    arrangement = _Arrangement(bench)
    arranged: list[Chapter] = []
    for part in _parts(refs, crawled["pages"]):
        arranged += await arrangement.chapters(part, listed)
    site = extracted["site"]
    # The title of a start page that is in the book is the book's already.
    start_title = "" if crawled.get("start") in urls else crawled.get("title", "")
    title = title_of_book(start_title, site.get("name", ""))
    bench.book_title = bench.spec.title or title or site["title"]
    numbered = [replace(chapter, id=chapter_id(number)) for number, chapter in enumerate(arranged, 1)]
    output = {
        "title": bench.book_title,
        **_language(bench.spec.site_language, site["language"]),
        "beyond": {"lists": arrangement.beyond} if arrangement.beyond else {},
        "chapters": [chapter.to_json() for chapter in numbered],
    }
    if arrangement.is_too_complex:
        output["order_missing"] = True
    return Done(output)


def _language(asked: str, stated: str) -> dict[str, str]:
    """The book's language: the one asked for, unless the pages are in another, and then which was asked for in vain."""
    language = stated or "en"
    if not asked:
        return {"language": language}
    from sitebookify.book.extract.language import has_script_of_its_own  # noqa: PLC0415 - few jobs ask for a language

    is_available = alike(asked, stated) if stated else not has_script_of_its_own(asked)
    return {"language": asked} if is_available else {"language": language, "language_missing": asked}


def _listed(posts: Iterable[tuple[str, str]], index: PageIndex) -> dict[str, str]:
    """The pages that lists of posts and feeds name, in their order, with the days stated there or ""."""
    listed: dict[str, str] = {}
    for url, day in posts:
        match = index.find(url)
        if match:
            page, _fragment = match
            listed.setdefault(page, day)
    return listed


def _parts(refs: list[PageRef], fetched: list[State]) -> list[list[PageRef]]:
    """The pages of each start page; all together where there is one."""
    numbers = {page["url"]: page.get("part", 0) for page in fetched}
    parts: dict[int, list[PageRef]] = {}
    for ref in refs:
        parts.setdefault(numbers.get(ref.url, 0), []).append(ref)
    return [parts[number] for number in sorted(parts)]


class _Arrangement:
    """Arranges the pages of one start page after the other; ``is_too_complex`` once that took more than it may.

    ``beyond`` counts lists of links, and labels in them, for which there was no room.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._crawled = bench.inputs[Stage.CRAWL]
        self.is_too_complex = False
        self.beyond = 0

    async def chapters(self, refs: list[PageRef], listed: Mapping[str, str]) -> list[Chapter]:
        """The chapters of one start page's pages; of several, each makes a part that has its first page's title."""
        try:
            arranged = await self._in_order(refs, listed)
        except TooComplex as error:
            log.warning("contents.too_complex", why=str(error), pages=len(refs))
            self.is_too_complex = True
            arranged = as_crawled(refs)
        if self._bench.spec.source_urls:
            return [replace(chapter, part=refs[0].title) for chapter in arranged]
        return arranged

    async def _in_order(self, refs: list[PageRef], listed: Mapping[str, str]) -> list[Chapter]:
        """A blog's pages by day, others as they say it themselves.

        Raises:
            TooComplex: it takes too much time or memory.
        """
        urls = [ref.url for ref in refs]
        numbers = {url: number for number, url in enumerate(urls)}
        listed_days = {numbers[url]: day for url, day in listed.items() if url in numbers}
        posts = posts_of(urls, _days(refs), listed_days)
        if posts:
            return await self._bench.compute(by_posts, refs, posts, self._bench.spec.post_order)
        menu = await self._menu()
        evidence = await asyncio.to_thread(self._evidence, refs, menu)
        self.beyond += evidence.beyond
        return await self._bench.compute(by_evidence, refs, evidence)

    async def _menu(self) -> tuple[tuple[Link, ...], ...]:
        """The lists of the menu that all pages show in a frame.

        Raises:
            TooComplex: it takes too much time or memory.
        """
        menu = self._crawled.get("menu")
        if not menu:
            return ()
        url, blob = menu
        packed = await asyncio.to_thread(read, self._bench.store, blob)
        return await self._bench.compute(framed_menu, packed, url)

    def _evidence(self, refs: list[PageRef], menu: tuple[tuple[Link, ...], ...]) -> Evidence:
        """What the pages say of their order."""
        urls = [ref.url for ref in refs]
        collector = EvidenceCollector(urls, PageIndex(urls, self._crawled["aliases"]))
        pages = read_ahead(lambda ref: read(self._bench.store, ref.blob), refs)
        for number, (_, data) in enumerate(pages):
            collector.add(number, PageLinks.unpack(data))
        collector.add_shared(menu)
        collector.evidence.days = _days(refs)
        collector.evidence.listed = self._crawled.get("listed", False)
        return collector.evidence


def _days(refs: list[PageRef]) -> dict[int, str]:
    """The days that pages state themselves, by the pages' numbers."""
    return {number: ref.date for number, ref in enumerate(refs) if ref.date}
