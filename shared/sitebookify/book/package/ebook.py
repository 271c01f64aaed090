"""book.epub and book.html: the book for e-readers and for browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import structlog

from sitebookify.book.epub import container
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover import cover_png
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.search.search_index import SearchIndex, index_name
from sitebookify.book.stage import Workbench
from sitebookify.book.write.html.html_file import html as html_file
from sitebookify.errors import TooComplex
from sitebookify.formats import Format, file_of

log = structlog.get_logger()

_EPUB = file_of(Format.EPUB).name


@asynccontextmanager
async def epub(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.epub; beside it the reader's search index is stored, unless it would be too large.

    The reader then searches the texts themselves.

    Raises:
        TransientError: the store or a worker process is unavailable.
    """
    bench, volume = packing.bench, packing.volume
    data, cover = await asyncio.gather(asyncio.to_thread(_index, volume), _cover(bench, volume.info))
    if data is None:
        log.warning("search_index.too_large")
    else:
        await asyncio.to_thread(bench.store.put, index_name(bench.private(_EPUB)), data, content_type="application/zip")
    yield container.epub(volume.info, volume, cover)


@streamed
def html(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.html."""
    return html_file(packing.volume.info, packing.volume)


async def _cover(bench: Workbench, info: BookInfo) -> bytes:
    """The cover's picture, drawn beside the index; here, if worker processes have no memory for it."""
    try:
        return await bench.compute(cover_png, info)
    except TooComplex:
        return await asyncio.to_thread(cover_png, info)


def _index(volume: Volume) -> bytes | None:
    """The reader's search index of the book; None where the book has more terms than it may have."""
    index = SearchIndex()
    for entry, terms in volume.terms():
        for text, each in zip(entry.texts, terms, strict=True):
            index.add(text.name, entry.title, each)
        if index.full:
            return None
    return index.zipped()
