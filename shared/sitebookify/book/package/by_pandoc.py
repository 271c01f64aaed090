"""book.docx and book.adoc: the formats that pandoc writes."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sitebookify.book.binding import BoundPicture
from sitebookify.book.epub.nav import lines
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import NotMade, Packing, streamed
from sitebookify.book.pandoc import PandocFailed
from sitebookify.book.picture import ImageLost
from sitebookify.book.raster import still_picture
from sitebookify.book.write.asciidoc import asciidoc as asciidoc_file
from sitebookify.book.write.docx import docx as docx_file
from sitebookify.errors import TooComplex
from sitebookify.formats import Format
from sitebookify.messages import Message

_LEAST_MEMORY = 192 * 2**20
_PER_BYTE_OF_TEXT, _PER_BYTE_OF_IMAGES = 200, 8
_WEBP = "image/webp"
"""Word before 2023 cannot show it."""


_Converted = Mapping[str, tuple[Path, str]]
"""The images that word processors cannot show, by name: the file that replaces each, and its media type."""


@streamed
def asciidoc(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.adoc."""
    volume = packing.volume
    return asciidoc_file(volume.info, _pages(volume, Format.ASCIIDOC))


@asynccontextmanager
async def docx(packing: Packing) -> AsyncIterator[Iterator[bytes]]:
    """The pieces of book.docx.

    Raises:
        NotMade: pandoc refused, ran out of memory or out of time.
        TransientError: the store or a worker process is unavailable.
    """
    with tempfile.TemporaryDirectory(prefix="sitebookify-", ignore_cleanup_errors=True) as folder:
        converted = await _converted(packing, Path(folder))
        yield docx_pieces(packing.volume, converted, memory=_memory(packing.volume))


async def _converted(packing: Packing, folder: Path) -> _Converted:
    converted = {}
    for image in packing.volume.images:
        if image.content_type != _WEBP:
            continue
        data = await asyncio.to_thread(packing.volume.read, image.blob)
        try:
            picture = await packing.bench.compute(still_picture, data)
        except (ImageLost, TooComplex):
            continue
        path = folder / image.name
        await asyncio.to_thread(path.write_bytes, picture.data)
        converted[image.name] = path, picture.content_type
    return converted


def docx_pieces(volume: Volume, converted: _Converted, *, memory: int) -> Iterator[bytes]:
    """The pieces of the file; ``memory`` is what pandoc may take, in bytes.

    Raises:
        NotMade: pandoc refused, ran out of memory or out of time.
    """
    contents = lines(volume.entries(), headings=False)
    pages = _pages(volume, Format.DOCX)
    pictures = _pictures(volume, converted)
    try:
        yield from docx_file(volume.info, contents, pages, pictures, memory=memory)
    except PandocFailed as error:
        raise NotMade(Message("job.pandoc", detail=str(error))) from error


def _memory(volume: Volume) -> int:
    """Bytes that pandoc may take: at least 1.5 times what real books needed (``tests/bench/formats.py``)."""
    text = _PER_BYTE_OF_TEXT * volume.text_bytes()
    images = _PER_BYTE_OF_IMAGES * volume.image_bytes()
    return _LEAST_MEMORY + text + images


def _pages(volume: Volume, form: Format) -> Iterator[tuple[str, Any]]:
    """Each page's part and what was rendered of it."""
    for page, text in volume.texts(form):
        yield page.part, text


def _pictures(volume: Volume, converted: _Converted) -> Iterator[BoundPicture]:
    for image in volume.images:
        if image.name in converted:
            path, content_type = converted[image.name]
            yield BoundPicture(name=image.name, content_type=content_type, data=path.read_bytes())
        elif image.content_type != _WEBP:
            yield BoundPicture(name=image.name, content_type=image.content_type, data=volume.read(image.blob))
