"""The EPUB as a stream of bytes: one text or image in memory at a time.

stream-zip writes the archive; times and permissions are fixed, so the same content gives the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sitebookify.book.ahead import read_ahead
from sitebookify.book.epub.content import BookInfo, Content, text_refs
from sitebookify.book.epub.cover import cover_page
from sitebookify.book.epub.nav import lines, nav, ncx, with_headings
from sitebookify.book.epub.opf import identifier, opf
from sitebookify.book.epub.stylesheet import stylesheet
from sitebookify.book.epub.text_page import title_page
from sitebookify.book.grouping import grouped
from sitebookify.book.zipping import NO_COMPRESSION_32, ZIP_AUTO, Method, stream_zip

Member = tuple[str, datetime, int, Method, Iterable[bytes]]
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - zip knows no time zones; this is its earliest time
_MODE = 0o100644
LEVEL = 5
"""Of zlib. 6, its default, takes two thirds longer and saves a fiftieth of a text."""
_PIECES = 200
"""Lines of the contents, and the like, that are compressed together."""
_MIMETYPE = b"application/epub+zip"
_CONTAINER = b"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def epub(info: BookInfo, content: Content, cover: Callable[[], bytes]) -> Iterator[bytes]:
    """The bytes of the EPUB file; ``cover`` gives its picture for a reader's shelf, a PNG, when all else is written."""
    # The container format wants the type first, stored, without extra field: file(1) and readers look for it.
    yield from stream_zip(_members(info, content, cover), extended_timestamps=False)


def stored(name: str, data: bytes) -> Member:
    """A file of a zip, not compressed: for what is compressed already."""
    return name, EPOCH, _MODE, NO_COMPRESSION_32(len(data), zlib.crc32(data)), (data,)


def deflated(name: str, chunks: Iterable[bytes], *, size: int = 0, level: int = LEVEL) -> Member:
    """A file of a zip, compressed at zlib's ``level``; ``size`` in bytes matters from 4 GB on."""
    return name, EPOCH, _MODE, ZIP_AUTO(size, level=level), chunks


def picture(name: str, data: bytes) -> Member:
    """A picture of a zip; all but SVG are compressed already."""
    if name.endswith(".svg"):
        return deflated(name, (data,), size=len(data))
    return stored(name, data)


def _members(info: BookInfo, content: Content, cover: Callable[[], bytes]) -> Iterator[Member]:
    yield stored("mimetype", _MIMETYPE)
    yield deflated("META-INF/container.xml", (_CONTAINER,))
    yield deflated("EPUB/package.opf", _encoded(opf(info, content)))
    headings = with_headings(content.entries())
    first_text = next(text_refs(content)).name
    contents = lines(content.entries(), headings=headings)
    yield deflated("EPUB/nav.xhtml", _encoded(nav(info, contents, first_text)))
    contents = lines(content.entries(), headings=headings)
    yield deflated("EPUB/toc.ncx", _encoded(ncx(info, identifier(info), contents)))
    yield deflated("EPUB/style.css", (stylesheet(vertical=info.vertical).encode(),))
    yield deflated("EPUB/cover.xhtml", (cover_page(info),))
    yield deflated("EPUB/title.xhtml", (title_page(info),))
    texts = read_ahead(lambda text: content.read(text.key), text_refs(content))
    for text, data in texts:
        yield deflated(f"EPUB/text/{text.name}", (data,), size=text.size)
    images = read_ahead(lambda image: content.read(image.blob), content.images, ahead=2)
    for image, data in images:
        yield picture(f"EPUB/images/{image.name}", data)
    yield stored("EPUB/cover.png", cover())


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """The pieces as UTF-8, a few hundred at a time: each that the zip gets passes through a dozen functions."""
    for some in grouped(pieces, lambda _piece: 1, _PIECES):
        yield "".join(some).encode()
