"""book.epub and book.html: the book for e-readers and for browsers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import structlog

from sitebookify.book.ahead import read_ahead
from sitebookify.book.epub import container
from sitebookify.book.epub.content import TextRef
from sitebookify.book.ordered import in_order
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.search.search_index import SearchIndex, TextTerms, index_name, texts_terms
from sitebookify.book.write.html.html_file import html as html_file
from sitebookify.errors import TooComplex
from sitebookify.formats import Format, file_of

log = structlog.get_logger()

_EPUB = file_of(Format.EPUB).name
_AT_ONCE = 40
"""Texts that a worker process reads for the index with one call."""
_AHEAD = 3


@asynccontextmanager
async def epub(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.epub; beside it the reader's search index is stored.

    Raises:
        TransientError: the store or a worker process is unavailable.
    """
    await _store_index(packing)
    yield container.epub(packing.volume.info, packing.volume)


@streamed
def html(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.html."""
    return html_file(packing.volume.info, packing.volume)


class _Titled(NamedTuple):
    title: str
    text: TextRef


async def _store_index(packing: Packing) -> None:
    """Without an index, the reader's searches read the whole book."""
    bench = packing.bench
    index = SearchIndex()

    async def terms(batch: tuple[_Titled, ...]) -> list[TextTerms]:
        texts = await asyncio.to_thread(_read, packing.volume, batch)
        return await bench.compute(texts_terms, texts)

    texts = tuple(_titled(packing.volume))
    batches = (texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE))
    try:
        async with contextlib.aclosing(in_order(batches, terms, ahead=_AHEAD)) as results:
            async for batch, found in results:
                for (title, text), each in zip(batch, found, strict=True):
                    index.add(text.name, title, each)
    except TooComplex as error:
        log.warning("book.not_indexed", why=str(error))
        return
    data = await asyncio.to_thread(index.zipped)
    name = index_name(bench.private(_EPUB))
    await asyncio.to_thread(bench.store.put, name, data, content_type="application/zip")


def _titled(volume: Volume) -> Iterator[_Titled]:
    for entry in volume.entries():
        for text in entry.texts:
            yield _Titled(entry.title, text)


def _read(volume: Volume, batch: tuple[_Titled, ...]) -> list[bytes]:
    return [data for _, data in read_ahead(lambda titled: volume.read(titled.text.key), batch)]
