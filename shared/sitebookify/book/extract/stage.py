"""The extract stage: every page the crawl kept, in its order, one checkpoint after another."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import structlog

from sitebookify.book.extract.document import NotADocument
from sitebookify.book.extract.learn import sample
from sitebookify.book.extract.page import Extracted, extract_packed, learn_packed
from sitebookify.book.model import FetchedPage, PageRef
from sitebookify.book.objects import read
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import PermanentError
from sitebookify.jobs import Progress, Stage

log = structlog.get_logger()

_AHEAD = 4
"""Pages being extracted while one is admitted: bounds memory, keeps every process busy."""
_FIRST_PERCENT, _LAST_PERCENT = 40, 65
_MOST_LOST = 10_000


@dataclass(slots=True)
class _Work:
    """What the stage has done so far."""

    profile: str = ""
    taken: int = 0
    pages: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: list[dict[str, str]] = field(default_factory=list)

    def to_json(self) -> State:
        """The state of the stage."""
        return {
            "profile": self.profile,
            "taken": self.taken,
            "pages": self.pages,
            "images": self.images,
            "lost": self.lost,
        }

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        """The inverse of `to_json`."""
        return cls(**(state or {}))

    def miss(self, kind: str, url: str, page: str, reason: str) -> None:
        """Note that an image or a page is lost, and why."""
        if len(self.lost) < _MOST_LOST:
            self.lost.append({"kind": kind, "url": url, "page": page, "reason": reason})


async def extract(bench: Workbench, state: State | None) -> Done | Paused:
    """Choose, clean and store the content of every page.

    Raises:
        PermanentError: no page holds anything usable (``NOTHING_TO_EXTRACT``).
        TransientError: the store or a worker process is away.
    """
    fetched = [FetchedPage.from_json(page) for page in bench.inputs[Stage.CRAWL]["pages"]]
    work = _Work.from_json(state)
    if not work.profile:
        work.profile = await _learn(bench, fetched)
    profile = await asyncio.to_thread(read, bench.store, work.profile)
    async with contextlib.aclosing(_in_order(bench, fetched[work.taken :], profile)) as results:
        async for page, result in results:
            await _admit(bench, work, page, result)
            bench.report(_progress(work, len(fetched)))
            if bench.stopping:
                return Paused(work.to_json())
            await bench.save(work.to_json)
    if not work.pages:
        raise PermanentError("none of the pages holds any text to make a book of", reason="NOTHING_TO_EXTRACT")
    return Done({"pages": work.pages, "site": _site(work), "images": work.images, "lost": work.lost})


async def _learn(bench: Workbench, fetched: Sequence[FetchedPage]) -> str:
    """Name of the object with the site's profile."""
    raws: list[tuple[str, bytes]] = []
    for page in sample(fetched):
        raw = await asyncio.to_thread(read, bench.store, page.blob)
        raws.append((page.url, raw))
    packed = await bench.compute(learn_packed, raws)
    name = bench.blob(packed, ".json.gz")
    await asyncio.to_thread(bench.store.put, name, packed)
    return name


async def _in_order(
    bench: Workbench, pages: Sequence[FetchedPage], profile: bytes
) -> AsyncGenerator[tuple[FetchedPage, Extracted | str]]:
    """Each page with what became of it, several under way but in the order of ``pages``."""
    ahead: deque[tuple[FetchedPage, asyncio.Task[Extracted | str]]] = deque()
    try:
        for page in pages:
            ahead.append((page, asyncio.create_task(_extracted(bench, page, profile))))
            if len(ahead) >= _AHEAD:
                done, task = ahead.popleft()
                yield done, await task
        while ahead:
            done, task = ahead.popleft()
            yield done, await task
    finally:
        for _, task in ahead:
            task.cancel()
        await asyncio.gather(*(task for _, task in ahead), return_exceptions=True)


async def _extracted(bench: Workbench, page: FetchedPage, profile: bytes) -> Extracted | str:
    """The page extracted, or in words why it cannot be."""
    raw = await asyncio.to_thread(read, bench.store, page.blob)
    try:
        return await bench.compute(extract_packed, raw, page.url, profile)
    except NotADocument as error:
        return str(error)
    except (ValueError, RecursionError, MemoryError) as error:
        log.warning("page.not_extracted", url=page.url, error=repr(error))
        return "its HTML could not be read"


async def _admit(bench: Workbench, work: _Work, page: FetchedPage, result: Extracted | str) -> None:
    work.taken += 1
    if isinstance(result, str):
        work.miss("page", page.url, page.url, result)
        return
    if not result.words and not result.images:
        work.miss("page", page.url, page.url, "it holds no text")
        return
    name = bench.blob(result.packed, ".json.gz")
    await asyncio.to_thread(bench.store.put, name, result.packed)
    ref = PageRef(
        url=page.url,
        blob=name,
        title=result.title,
        words=result.words,
        sha256=result.sha256,
        language=result.language,
        doubt=result.doubt,
    )
    work.pages.append(ref.to_json())


def _progress(work: _Work, total: int) -> Progress:
    share = work.taken / total
    return Progress(
        stage=Stage.EXTRACT,
        percent=round(_FIRST_PERCENT + share * (_LAST_PERCENT - _FIRST_PERCENT)),
        message=f"Reading page {work.taken} of {total}",
        pages_fetched=total,
    )


def _site(work: _Work) -> dict[str, str]:
    languages = Counter(page["language"] for page in work.pages if page["language"])
    return {
        "title": work.pages[0]["title"],
        "language": min(languages, key=lambda name: (-languages[name], name), default=""),
        "licence": "",
        "author": "",
    }
