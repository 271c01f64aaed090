"""book.docx and book.adoc: what pandoc writes of the pages."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sitebookify.book.binding import BoundPicture
from sitebookify.book.epub.nav import lines
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing, streamed
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.picture import UnusablePicture, still_picture
from sitebookify.book.write.asciidoc import asciidoc as asciidoc_file
from sitebookify.book.write.docx import docx as docx_file
from sitebookify.formats import Format
from sitebookify.messages import Message

_LEAST_MEMORY = 192 * 2**20
_PER_BYTE_OF_TEXT, _PER_BYTE_OF_IMAGES = 200, 8
_WEBP = "image/webp"
"""Versions of Word before 2023 show a red cross for it."""


@dataclass(frozen=True, slots=True)
class _Converted:
    """An image in a form that word processors show: the file it is in, and its media type."""

    path: Path
    content_type: str


@streamed
def asciidoc(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.adoc."""
    volume = packing.volume
    return asciidoc_file(volume.info, ((page.part, text) for page, text in volume.texts(Format.ASCIIDOC)))


@asynccontextmanager
async def docx(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.docx.

    Raises:
        NotMade: pandoc refused, ran out of memory or out of time.
        TransientError: the store or a worker process is away.
    """
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        converted = await _converted(packing, Path(folder))
        yield docx_pieces(packing.volume, converted, memory=_memory(packing.volume))


async def _converted(packing: Packing, folder: Path) -> Mapping[str, _Converted]:
    """The images that word processors cannot show, by name, as ones that they can."""
    converted = {}
    for image in packing.volume.images:
        if image.content_type != _WEBP:
            continue
        data = await asyncio.to_thread(packing.volume.read, image.blob)
        try:
            picture = await packing.bench.compute(still_picture, data)
        except UnusablePicture:
            continue
        path = folder / image.name
        await asyncio.to_thread(path.write_bytes, picture.data)
        converted[image.name] = _Converted(path, picture.content_type)
    return converted


def docx_pieces(volume: Volume, converted: Mapping[str, _Converted], *, memory: int) -> Iterator[bytes]:
    """The pieces of the file, by a pandoc of so many bytes.

    Raises:
        NotMade: pandoc refused, ran out of memory or out of time.
    """
    contents = lines(volume.entries(), headings=False)
    pages = ((page.part, text) for page, text in volume.texts(Format.DOCX))
    pictures = _pictures(volume, converted)
    try:
        yield from docx_file(volume.info, contents, pages, pictures, memory=memory)
    except PandocFailed as error:
        raise NotMade(Message("job.pandoc", detail=str(error))) from error


def _memory(volume: Volume) -> int:
    """Bytes that pandoc may take: at least half as much again as for real books (``tests/bench/formats.py``)."""
    text = sum(text.size for entry in volume.entries() for text in entry.texts)
    images = sum(image.size for image in volume.images)
    return _LEAST_MEMORY + _PER_BYTE_OF_TEXT * text + _PER_BYTE_OF_IMAGES * images


def _pictures(volume: Volume, converted: Mapping[str, _Converted]) -> Iterator[BoundPicture]:
    for image in volume.images:
        if other := converted.get(image.name):
            yield BoundPicture(name=image.name, content_type=other.content_type, data=other.path.read_bytes())
        elif image.content_type != _WEBP:
            yield BoundPicture(name=image.name, content_type=image.content_type, data=volume.read(image.blob))
