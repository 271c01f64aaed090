"""What an EPUB is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sitebookify.book.ahead import read_ahead
from sitebookify.book.direction import direction_of
from sitebookify.book.document.nodes import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRef:
    """A finished XHTML file: ``name`` in the EPUB, ``key`` where its bytes are, size in bytes."""

    name: str
    key: str
    size: int
    math: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page in the book: its files and its lines in the contents, ``level`` 0 being the outermost.

    ``headings`` are lines below it, as text and place.
    """

    title: str
    level: int
    part: str
    texts: tuple[TextRef, ...]
    headings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRef:
    """An image: ``name`` in the EPUB, ``key`` where its bytes are; in pixels, 0 where an SVG names none."""

    name: str
    key: str
    content_type: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookInfo:
    """What the book says about itself; "" where something is not known. ``date`` is YYYY-MM-DD, ``colour`` #rrggbb.

    ``authors`` are all whose posts are in it, ``author`` is the line that names them, or the site's author; posts were
    ``published`` on these days, the first and the last. ``vertical`` books have lines from top to bottom, the first at
    the right.
    """

    title: str
    language: str
    source: str
    generator: str
    date: str = ""
    author: str = ""
    licence: str = ""
    colour: str = ""
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    vertical: bool = False

    @property
    def direction(self) -> Direction:
        """In which its language runs."""
        return direction_of(self.language)


def texts_of(content: Content) -> Iterator[tuple[Entry, TextRef, bytes]]:
    """Every text with its page and its bytes, in reading order, a few of them read ahead."""
    texts = ((entry, text) for entry in content.entries() for text in entry.texts)
    for (entry, text), data in read_ahead(lambda each: content.read(each[1].key), texts):
        yield entry, text, data


class Content(Protocol):
    """The book's content, read as often as it is needed."""

    def entries(self) -> Iterator[Entry]:
        """The pages in reading order."""
        ...

    def pictures(self) -> Sequence[PictureRef]:
        """The images, in order of name."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes of a text or an image."""
        ...
