"""What the stages hand to each other.

Small things (one line a page) travel in a stage's output; page texts and images are objects in the store,
named by their content. What travels in outputs is plain JSON through `to_json` and `from_json`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Self

import msgspec
from msgspec import Struct

from sitebookify.book.document.nodes import Document

Link = tuple[str, str, int]
"""An entry of a list: (absolute URL of a page, or "" for a label; text; nesting depth from 0)."""


def numbered(number: str, title: str) -> str:
    """A page's line in the contents: its title, after its number if it has one."""
    return f"{number} {title}" if number else title


class Plain:
    """JSON for frozen dataclasses of plain values, tuples, and dataclasses of the same kind."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Every field under its name."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return msgspec.convert(data, cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage(Plain):
    """A page the crawl keeps. Output of crawl: ``{"pages": [...], "aliases": {url: page url}, "tried": object name}``.

    ``url`` is its identity (after redirects, canonical link and normalisation); ``blob`` the object with its
    HTML as gzip-compressed UTF-8; ``links`` are not kept: extract reads them again from the HTML. ``encoding`` is that
    in which the page came, and in which the queries of its links are.
    ``part`` is the number of the start page whose area it is in.
    ``tried`` names a gzip JSON-lines object, a row (url, status, decision, reason) for every URL tried that did not
    fail; those that failed are in the bench's ``failures``.
    Pages stand in the order the frontier took them, which is the same for every run on the same site.
    """

    url: str
    blob: str
    depth: int
    encoding: str = "utf-8"
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRef(Plain):
    """A page with its content chosen.

    Output of extract: ``{"pages": [...], "site": {...}, "images": {...}, "lost": …}``; the site's title, language,
    author, licence, date and colour, its posts' ``authors`` and the first and last day they were ``published``,
    the ``generator`` of its pages and the ``generator_objection`` to using what is known of that.

    ``blob`` names the object with the `Page` (`Page.pack`). ``words`` counts words of text (CJK: characters).
    ``sha256`` is that of the stored document. ``doubt`` is the JSON of a `Message` that says why the content root is
    doubtful, or {}.
    ``rules`` names what chose the root: the selector of a generator's entry, or how it was learned.
    ``authors`` and ``date`` (of publication, YYYY-MM-DD) are a post's.
    """

    url: str
    blob: str
    title: str
    words: int
    sha256: str
    language: str = ""
    doubt: dict[str, Any] = field(default_factory=dict)
    rules: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""

    def section(self, level: int, *, number: str = "", title: str = "") -> Section:
        """The page's place in the book, under its own title unless it gets another."""
        return Section(
            url=self.url,
            blob=self.blob,
            title=title or self.title,
            level=level,
            words=self.words,
            sha256=self.sha256,
            number=number,
        )


class Page(Struct, frozen=True, kw_only=True, array_like=True):
    """A page with its content as a typed document: what every writer starts from.

    ``nav`` is what the page says of the order of pages: its lists of links, each as (inside the content?, entries).
    ``next`` and ``prev`` are its neighbours and ``up`` the page above it, "" where it names none.
    """

    document: Document
    nav: tuple[tuple[bool, tuple[Link, ...]], ...] = ()
    next: str = ""
    prev: str = ""
    up: str = ""

    @property
    def url(self) -> str:
        """The page's URL."""
        return self.document.url

    def pack(self) -> bytes:
        """The stored form: gzip-compressed MessagePack, the same bytes for the same page."""
        return gzip.compress(_ENCODER.encode(self), compresslevel=_LEVEL, mtime=0)

    @classmethod
    def unpack(cls, packed: bytes) -> Page:
        """The inverse of `pack`; see ``runner.checkpoint`` for pages that another version wrote."""
        return _DECODER.decode(gzip.decompress(packed))


class PageLinks(Struct, frozen=True, kw_only=True, array_like=True):
    """What a `Page` says of the order of pages; its document is left as it is stored."""

    document: msgspec.Raw
    nav: tuple[tuple[bool, tuple[Link, ...]], ...] = ()
    next: str = ""
    prev: str = ""
    up: str = ""

    @classmethod
    def unpack(cls, packed: bytes) -> PageLinks:
        """Read from what `Page.pack` has made."""
        return _LINKS_DECODER.decode(gzip.decompress(packed))


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Page)
_LINKS_DECODER = msgspec.msgpack.Decoder(PageLinks)
_LEVEL = 4
"""gzip's: 1 gives a sixth more to store, 6 takes twice as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Plain):
    """An image of the book: ``blob`` its object, ``name`` its file name in assets/ and the EPUB."""

    url: str
    blob: str
    name: str
    content_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Plain):
    """A page's place in the book: ``level`` 0 for a chapter's own page, 1 for those nested under it, and so on.

    ``number`` is what the site's contents show before its title ("4.1."), "" where that is nothing.
    """

    url: str
    blob: str
    title: str
    level: int
    words: int
    sha256: str
    number: str = ""

    @property
    def label(self) -> str:
        """Its line in the contents."""
        return numbered(self.number, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter(Plain):
    """Pages that are rendered together. Output of contents: ``{"title": …, "language": …, "chapters": [...]}``.

    ``id`` is ``chapter-001`` and so on in reading order; ``part`` the title of the part it belongs to, or "".
    """

    id: str
    title: str
    part: str
    sections: tuple[Section, ...]


def chapter_id(number: int) -> str:
    """The id of a chapter by its number in the book, from 1."""
    return f"chapter-{number:03}"


def all_sections(chapters: Iterable[Chapter]) -> list[Section]:
    """The pages of the chapters in reading order."""
    return list(chain.from_iterable(chapter.sections for chapter in chapters))
