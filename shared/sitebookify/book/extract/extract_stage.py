"""The extract stage: every page the crawl kept, in its order, one checkpoint after another."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.crawl.lost import Lost, why_lost
from sitebookify.book.extract.book_title import title_of_book
from sitebookify.book.extract.emptiness_kinds import EXPLANATIONS, Emptiness
from sitebookify.book.extract.extract_tasks import about_packed, extract_packed, learn_packed
from sitebookify.book.extract.extracted import Extracted
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.sampling import sample
from sitebookify.book.extract.work import Work
from sitebookify.book.failures import PageFailure
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.images import ImageFetcher
from sitebookify.book.model import FetchedPage, Image, PageRef
from sitebookify.book.objects import read, unpack
from sitebookify.book.ordered import in_order
from sitebookify.book.picture import LONGEST_SIDE, ImageLost
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.book.urls import is_index
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import Message

_Raws = list[tuple[str, bytes]]
"""Pages as (URL, gzip-compressed UTF-8)."""
R = TypeVar("R")

log = structlog.get_logger()

_AHEAD = 4
"""Pages being extracted while one is admitted: bounds memory, keeps every process busy."""
_IMAGES_AT_ONCE = 8
_MOST_AUTHORS = 100
"""Authors of posts that the book names."""
_PAGES = {
    Emptiness.NEEDS_JAVASCRIPT: Message("page.needs_javascript"),
    Emptiness.NEEDS_LOGIN: Message("page.needs_login"),
    Emptiness.BLOCKED: Message("page.blocked"),
}
_FEWEST_WORDS = 30
"""Of a book without pictures: less is a server's first page, or a sign that nothing is here yet."""
_FIRST_PERCENT, _LAST_PERCENT = 40, 65


_Kept = tuple[Extracted, str]
"""A page extracted, and the name of the object with its content."""


async def extract(bench: Workbench, state: State | None, *, image_side: int = LONGEST_SIDE) -> Done | Paused:
    """Choose, clean and store the content of every page, and its images, none with a longer side than ``image_side``.

    Raises:
        PermanentError: no page holds anything usable (``NOTHING_TO_EXTRACT``, or one of `Emptiness`).
        TransientError: the store or a worker process is away.
    """
    crawl = bench.inputs[Stage.CRAWL]
    fetched = [FetchedPage.from_json(page) for page in crawl["pages"]]
    if not fetched:
        raise _nothing_to_read(bench.failures, drawn=crawl.get("drawn", False))
    work = Work.from_json(state)
    if not (work.profile and work.about):
        work.profile, work.about = await _learn(bench, sample(fetched))
        await bench.save(work.to_json)
    if not await _extract_all(bench, work, fetched, image_side):
        return Paused(work.to_json())
    if not work.images and sum(page["words"] for page in work.pages) < _FEWEST_WORDS:
        raise _nothing_to_read(bench.failures, drawn=crawl.get("drawn", False))
    languages = _commonest(page["language"] for page in work.pages if page["language"])
    site = {"title": _title(work), "language": next(iter(languages), ""), **work.about, **_published(work)}
    output = {"pages": work.pages, "site": site, "images": work.images, "lost": work.lost}
    return Done({**output, "beyond": {"lost_images": work.unlisted} if work.unlisted else {}})


async def _extract_all(bench: Workbench, work: Work, fetched: Sequence[FetchedPage], image_side: int) -> bool:
    """Extract the pages that are left; False where the slice ends before the last of them."""
    profile = await asyncio.to_thread(read, bench.store, work.profile)
    fetcher = ImageFetcher(bench, map(Image.from_json, work.images.values()), longest_side=image_side)

    async def extracted(page: FetchedPage) -> _Kept | PageFailure:
        return await _extracted(bench, page, profile)

    async with contextlib.aclosing(in_order(fetched[work.taken :], extracted, ahead=_AHEAD)) as results:
        async for page, result in results:
            if isinstance(result, PageFailure):
                bench.failures.append(result)
            elif await _collect_images(bench, fetcher, work, page.url, result[0]):
                _admit(work, page, result)
            else:
                return False
            work.taken += 1
            if len(work.pages) == 1:
                bench.book_title = bench.spec.title or _title(work)
            bench.report(_progress(work, len(fetched)))
            if bench.stopping and work.taken < len(fetched):
                return False
            await bench.save(work.to_json)
    return True


async def _learn(bench: Workbench, pages: Sequence[FetchedPage]) -> tuple[str, dict[str, Any]]:
    """Name of the object with the site's profile, and what the site says of itself."""
    raws = await asyncio.to_thread(_raws, bench, pages)
    packed, about = await asyncio.gather(_of_most(bench, learn_packed, raws), _of_most(bench, about_packed, raws))
    name = bench.blob(packed, ".json.gz")
    await asyncio.to_thread(bench.store.put, name, packed)
    profile = Profile.from_json(unpack(packed))
    return name, about | {"generator": profile.generator, "generator_objection": profile.objection.to_json()}


async def _of_most(bench: Workbench, function: Callable[[_Raws], R], pages: _Raws) -> R:
    """What ``function`` makes of the pages; of the shorter half, or of none, where they are too complex together."""
    median = sorted(len(raw) for _, raw in pages)[len(pages) // 2]
    shorter = [(url, raw) for url, raw in pages if len(raw) < median]
    for part in (pages, shorter):
        try:
            return await bench.compute(function, part)
        except TooComplex as error:
            log.warning("site.too_complex", pages=len(part), why=str(error))
    return await bench.compute(function, [])


def _raws(bench: Workbench, pages: Sequence[FetchedPage]) -> _Raws:
    return [(page.url, raw) for page, raw in read_ahead(lambda page: read(bench.store, page.blob), pages)]


async def _extracted(bench: Workbench, page: FetchedPage, profile: bytes) -> _Kept | PageFailure:
    """The page extracted and kept, or why it cannot be."""
    raw = await asyncio.to_thread(read, bench.store, page.blob)
    try:
        result = await bench.compute(extract_packed, raw, page.url, profile, page.encoding)
    except NotADocument as error:
        return _failure(page, "NO_HTML", error.message)
    except (ValueError, RecursionError, MemoryError) as error:
        log.warning("page.not_extracted", url=page.url, error=repr(error))
        return _failure(page, "UNREADABLE", Message("page.unreadable"))
    except TooComplex as error:
        log.warning("page.too_complex", url=page.url, why=str(error))
        return _failure(page, Lost.TOO_COMPLEX, why_lost(Lost.TOO_COMPLEX, None))
    if result.emptiness is not None:
        return _failure(page, result.emptiness, _PAGES[result.emptiness])
    if not (result.words or result.images):
        return _failure(page, "NO_TEXT", Message("page.no_text"))
    return result, await bench.keep(result.packed, ".msgpack.gz")


def _nothing_to_read(failures: Iterable[PageFailure], *, drawn: bool) -> PermanentError:
    """The end of a job without a page; what most of its pages had against being read is its reason.

    A site that is ``drawn`` by scripts shows readers more than the Markdown that was read instead.
    """
    reasons = Counter(failure.reason for failure in failures if failure.reason in EXPLANATIONS)
    if drawn:
        reasons[Emptiness.NEEDS_JAVASCRIPT] += 1
    if not reasons:
        return PermanentError(Message("job.nothing_to_extract"), reason="NOTHING_TO_EXTRACT")
    ((reason, _),) = reasons.most_common(1)
    return PermanentError(EXPLANATIONS[Emptiness(reason)], reason=reason)


def _failure(page: FetchedPage, reason: str, message: Message) -> PageFailure:
    return PageFailure(url=page.url, stage=Stage.EXTRACT, reason=reason, message=message)


def _admit(work: Work, page: FetchedPage, kept: _Kept) -> None:
    result, blob = kept
    for logo in result.logos:
        work.leave_out(logo, page.url)
    ref = PageRef(
        url=page.url,
        blob=blob,
        title=result.title,
        words=result.words,
        sha256=result.sha256,
        language=result.language,
        doubt=result.doubt.to_json() if result.doubt else {},
        rules=result.rules,
        authors=result.authors,
        date=result.date,
    )
    work.pages.append(ref.to_json())


async def _collect_images(bench: Workbench, fetcher: ImageFetcher, work: Work, page: str, result: Extracted) -> bool:
    """Fetch and store the page's images, a few at a time; False where the slice ends before the last of them."""
    missing = [url for url in result.images if work.wants(url)]
    for start in range(0, len(missing), _IMAGES_AT_ONCE):
        if bench.stopping and start:
            return False
        urls = missing[start : start + _IMAGES_AT_ONCE]
        fetching = (fetcher.fetch(result.embedded.get(url, url), page=page) for url in urls)
        pictures = await asyncio.gather(*fetching, return_exceptions=True)
        for url, picture in zip(urls, pictures, strict=True):
            try:
                if isinstance(picture, BaseException):
                    raise picture
                image = await fetcher.keep(url, picture)
                work.images[image.url] = image.to_json()
            except ImageLost as lost:
                work.lose_image(url, page, lost.reason)
    return True


def _progress(work: Work, total: int) -> Progress:
    share = work.taken / total
    return Progress(
        stage=Stage.EXTRACT,
        percent=round(_FIRST_PERCENT + share * (_LAST_PERCENT - _FIRST_PERCENT)),
        message=Message("progress.reading", page=work.taken, pages=total),
        pages_fetched=total,
    )


def _commonest(names: Iterable[str]) -> list[str]:
    """The names, each once, the commonest first."""
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _title(work: Work) -> str:
    from sitebookify.book.generators import named  # noqa: PLC0415 - the crawl waits for this module, and needs none

    first = work.pages[0]
    generator = named(work.about.get("generator", ""))
    is_one_book = generator is not None and generator.one_book and is_index(first["url"])
    return title_of_book(first["title"], work.about.get("name", ""), one_book=is_one_book)


def _published(work: Work) -> dict[str, Any]:
    """The posts' authors, who wrote most first, and their first and last day; nothing where there are no posts."""
    posts = [page for page in work.pages if page.get("date")]
    authors = _commonest(chain.from_iterable(page["authors"] for page in posts))
    days = sorted(page["date"] for page in posts)
    return {"authors": authors[:_MOST_AUTHORS], "published": [days[0], days[-1]] if days else []}
