"""book.epub, book.html and book.pdf: the book for e-readers, for browsers and for paper."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from sitebookify.book.epub import container
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover import cover_png
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing, chunked, streamed
from sitebookify.book.pdf.layout import lay_out
from sitebookify.book.pdf.typeset import NotTypeset, memory_for, missing_fonts, typeset
from sitebookify.book.search.search_index import index_name, index_packed
from sitebookify.book.stage import Workbench
from sitebookify.book.write.html.html_file import html as html_file
from sitebookify.errors import TooComplex
from sitebookify.formats import Format, file_of
from sitebookify.messages import Message

log = structlog.get_logger()

T = TypeVar("T")
_EPUB = file_of(Format.EPUB).name
_MOST_PACKED = 8 * 2**20
"""Bytes of terms that are handed to a worker process: what some 4,000 pages have."""


@asynccontextmanager
async def epub(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.epub; beside it the reader's search index is stored, unless it would be too large.

    The reader then searches the texts themselves.

    Raises:
        TransientError: the store or a worker process is unavailable.
    """
    bench, volume = packing.bench, packing.volume
    # Both take as long as the texts, which are written meanwhile.
    drawing = asyncio.create_task(_cover(bench, volume.info))
    indexing = asyncio.create_task(_index(bench, volume))
    try:
        yield container.epub(volume.info, volume, partial(_result_of, drawing, asyncio.get_running_loop()))
        index = await indexing
        if index is None:
            log.warning("search_index.too_large")
        else:
            name = index_name(bench.private(_EPUB))
            await asyncio.to_thread(bench.store.put, name, index, content_type="application/zip")
    finally:
        drawing.cancel()
        indexing.cancel()
        await asyncio.gather(drawing, indexing, return_exceptions=True)


def _result_of(task: asyncio.Task[T], loop: asyncio.AbstractEventLoop) -> T:
    """The task's result, waited for in another thread than the loop's."""

    async def result() -> T:
        return await task

    return asyncio.run_coroutine_threadsafe(result(), loop).result()


@streamed
def html(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.html."""
    return html_file(packing.volume.info, packing.volume)


@asynccontextmanager
async def pdf(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.pdf: typst sets it in a process of its own, which holds the whole book in memory.

    Raises:
        NotMade: typst gave up on the book, or no font has the letters of its language.
    """
    volume = packing.volume
    fonts = await packing.bench.compute(missing_fonts, volume.info.language)
    if fonts:
        raise NotMade(Message("job.no_font", language=volume.info.language, fonts=", ".join(fonts)))
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        main = await asyncio.to_thread(
            lay_out, volume.info, volume.typst_pages(), volume.images, volume.read, Path(folder)
        )
        out = main.with_suffix(".pdf")
        try:
            await packing.bench.compute(typeset, str(main), str(out), memory_for(volume.text_bytes()))
        except (NotTypeset, TooComplex) as error:
            raise NotMade(Message("job.typst", detail=str(error))) from error
        with out.open("rb") as stream:
            yield chunked(stream)


async def _cover(bench: Workbench, info: BookInfo) -> bytes:
    """The cover's picture, drawn beside the index; here, if worker processes have no memory for it."""
    try:
        return await bench.compute(cover_png, info)
    except TooComplex:
        return await asyncio.to_thread(cover_png, info)


async def _index(bench: Workbench, volume: Volume) -> bytes | None:
    """The reader's search index of the book; None where the book has more terms than it may have.

    A worker process makes it, unless what is to be read for it is too large to be handed over at once.
    """
    batches = await asyncio.to_thread(volume.packed_terms, _MOST_PACKED)
    if batches is not None:
        pages = await asyncio.to_thread(lambda: [*_named(volume)])
        with suppress(TooComplex):
            return await bench.compute(index_packed, pages, batches)
    return await asyncio.to_thread(index_packed, _named(volume), volume.term_batches())


def _named(volume: Volume) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The title of every page and the names of its texts."""
    for entry in volume.entries():
        yield entry.title, tuple(text.name for text in entry.texts)
