"""A finished book's EPUB, read piece by piece out of the store: its contents, its texts, its pictures."""

from __future__ import annotations

import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from lxml.etree import _Element as Element

from sitebookify.adapters.range_reader import RangeReader
from sitebookify.jobs import Artifact
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore
from sitebookify_api.status import Code, Refused, Status
from sitebookify_api.web.screen import XHTML, parse

_ROOT = "EPUB/"
_TEXTS = "text/"
_LARGEST = 32 * 1024 * 1024
"""Bytes of one unpacked file; the pipeline writes texts of some hundred KB."""
_BUFFER = 64 * 1024
_OPEN_BOOKS = 8
_OPF = "{http://www.idpf.org/2007/opf}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents; ``place`` is a text's file name, with or without a fragment."""

    depth: int
    text: str
    place: str


class Book:
    """One EPUB as this project writes it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @cached_property
    def contents(self) -> tuple[Line, ...]:
        """The contents, in order."""
        return tuple(self._lines())

    @cached_property
    def spine(self) -> tuple[str, ...]:
        """File names of the texts in reading order."""
        places = {item.get("id"): item.get("href") or "" for item in self._package.iter(f"{_OPF}item")}
        order = (places.get(item.get("idref"), "") for item in self._package.iter(f"{_OPF}itemref"))
        return tuple(place.removeprefix(_TEXTS) for place in order if place.startswith(_TEXTS))

    @cached_property
    def direction(self) -> str:
        """``ltr`` or ``rtl``: on which side the next text is."""
        spine = self._package.find(f"{_OPF}spine")
        stated = "" if spine is None else spine.get("page-progression-direction", "")
        return "rtl" if stated == "rtl" else "ltr"

    @cached_property
    def _package(self) -> Element:
        return parse(self.read("package.opf"))

    def read(self, name: str) -> bytes:
        """A file of the book, by its path below ``EPUB/``.

        Raises:
            Refused: 404, there is no such file, or it is larger than any that this project writes.
        """
        try:
            info = self._archive.getinfo(_ROOT + name)
            if info.file_size > _LARGEST:
                raise not_found()
            return self._archive.read(info)
        except (KeyError, zipfile.BadZipFile) as error:
            raise not_found() from error

    def read_text(self, name: str) -> bytes:
        """A text of the spine, by its file name; raises as `read` does."""
        return self.read(_TEXTS + name)

    def _lines(self) -> Iterator[Line]:
        chapters = set(self.spine)
        navigation = parse(self.read("nav.xhtml")).find(f".//{XHTML}nav")
        for link in () if navigation is None else navigation.iter(f"{XHTML}a"):
            place = (link.get("href") or "").removeprefix(_TEXTS)
            if place.partition("#")[0] in chapters:
                depth = sum(1 for _ in link.iterancestors(f"{XHTML}ol")) - 1
                yield Line(depth, " ".join("".join(str(piece) for piece in link.itertext()).split()), place)


class Shelf:
    """Opens books and keeps the last few open: what is kept is a table of files, not their content."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._lock = Lock()

    def open(self, artifact: Artifact) -> Book:
        """The book in this EPUB; blocks, so call it in a thread.

        Raises:
            Refused: 404, the file is no EPUB.
        """
        name = artifact.object_name
        with self._lock:
            if book := self._books.get(name):
                self._books.move_to_end(name)
                return book
        book = self._read(artifact)
        with self._lock:
            self._books[name] = book
            if len(self._books) > _OPEN_BOOKS:
                self._books.popitem(last=False)
        return book

    def _read(self, artifact: Artifact) -> Book:
        def fetch(start: int, length: int) -> bytes:
            with self._store.open_read(artifact.object_name, offset=start) as source:
                return source.read(length)

        try:
            return Book(zipfile.ZipFile(RangeReader(artifact.size, fetch).buffered(_BUFFER)))
        except zipfile.BadZipFile as error:
            raise not_found() from error


def not_found() -> Refused:
    """404 for a file that is not in the book."""
    return Refused(Status(code=Code.NOT_FOUND, reason="FILE_NOT_FOUND", message=Message("api.not_in_book")))
