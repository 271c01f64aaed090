"""A finished EPUB as the content to write another format from, as often over as a bench wants it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from lxml import etree

from sitebookify.book.epub.elements import XHTML
from sitebookify.book.epub.model import BookInfo, Entry, PictureRef, TextRef

_TEXT, _IMAGE = "EPUB/text/", "EPUB/images/"
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml"}


class EpubContent:
    """A `Content`: the EPUB's files, as many as make ``size`` bytes; begun anew where it has fewer, by other names."""

    def __init__(self, book: Path, size: int) -> None:
        self._zip = zipfile.ZipFile(book)
        names = [name for name in self._zip.namelist() if name.startswith(_TEXT)]
        whole = sum(self._zip.getinfo(name).file_size for name in names)
        files = max(1, round(size * len(names) / whole))
        self._names = [(names[number % len(names)], number // len(names)) for number in range(files)]
        self._title = lru_cache(maxsize=None)(self._read_title)
        self.info = BookInfo(title=book.parent.name, language="en", source="https://example.org/", generator="bench")
        self.size = sum(self._zip.getinfo(name).file_size for name, _ in self._names)
        """Bytes of all texts."""

    def entries(self) -> Iterator[Entry]:
        """See `Content`."""
        for name, copy in self._names:
            key = f"{name}?{copy}"
            file = TextRef(name=_named(name.removeprefix(_TEXT), copy), key=key, size=self._zip.getinfo(name).file_size)
            yield Entry(title=self._title(name), level=0, part="", texts=(file,))

    def pictures(self) -> Sequence[PictureRef]:
        """See `Content`."""
        names = [name for name in self._zip.namelist() if name.startswith(_IMAGE)]
        return [
            PictureRef(name=name.removeprefix(_IMAGE), key=name, content_type=_TYPES[name.rpartition(".")[2]])
            for name in names
        ]

    def read(self, key: str) -> bytes:
        """See `Content`."""
        name, _, copy = key.partition("?")
        data = self._zip.read(name)
        if not copy or copy == "0":
            return data
        return re.sub(rb'(href=")([^":#]+\.xhtml)', rb"\1copy-" + copy.encode() + rb"-\2", data)

    def _read_title(self, name: str) -> str:
        title = etree.fromstring(self._zip.read(name)).findtext(f"{{{XHTML}}}head/{{{XHTML}}}title")
        return title or name


def _named(name: str, copy: int) -> str:
    return f"copy-{copy}-{name}" if copy else name
