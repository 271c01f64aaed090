"""book.epub and book.html: the book for e-readers and for browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from sitebookify.book.epub import container
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.search.search_index import SearchIndex, index_name
from sitebookify.book.write.html.html_file import html as html_file
from sitebookify.formats import Format, file_of

_EPUB = file_of(Format.EPUB).name


@asynccontextmanager
async def epub(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.epub; beside it the reader's search index is stored.

    Raises:
        TransientError: the store or a worker process is unavailable.
    """
    bench = packing.bench
    data = await asyncio.to_thread(_index, packing.volume)
    await asyncio.to_thread(bench.store.put, index_name(bench.private(_EPUB)), data, content_type="application/zip")
    yield container.epub(packing.volume.info, packing.volume)


@streamed
def html(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.html."""
    return html_file(packing.volume.info, packing.volume)


def _index(volume: Volume) -> bytes:
    """The reader's search index of the book."""
    index = SearchIndex()
    for entry, terms in volume.terms():
        for text, each in zip(entry.texts, terms, strict=True):
            index.add(text.name, entry.title, each)
    return index.zipped()
