"""What an EPUB is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sitebookify.book.direction import direction_of
from sitebookify.book.document.nodes import Direction
from sitebookify.book.model import Image, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRef:
    """A finished XHTML file: ``name`` in the EPUB, ``key`` where its bytes are, size in bytes."""

    name: str
    key: str
    size: int
    math: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page in the book, and its line in the contents; ``level`` 0 is the outermost.

    ``headings`` are the lines below it, as text and place; ``number`` is what the site's contents show before the
    title.
    """

    title: str
    level: int
    part: str
    texts: tuple[TextRef, ...]
    headings: tuple[tuple[str, str], ...] = ()
    number: str = ""

    @property
    def label(self) -> str:
        """The text of its line."""
        return numbered(self.number, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookInfo:
    """What the book says about itself; "" where something is not known, or it is from no site.

    ``date`` is YYYY-MM-DD, ``colour`` #rrggbb. ``authors`` are all authors of its posts; ``author`` is the line that
    names them, or the site's author. ``published`` are the days of the first and the last post. ``vertical``: lines run
    from top to bottom, the first at the right. ``imprint`` is what readers should know of the edition, and ``edition``
    its kind, where a language model has made it; ``original_language`` is that of the other half of a book in two
    languages.
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
    imprint: str = ""
    edition: str = ""
    original_language: str = ""

    @property
    def direction(self) -> Direction:
        """The direction of its language."""
        return direction_of(self.language)


class Content(Protocol):
    """The book's content, read as often as it is needed."""

    @property
    def images(self) -> Sequence[Image]:
        """The images, in order of name."""

    def entries(self) -> Iterable[Entry]:
        """The pages in reading order."""

    def read(self, key: str) -> bytes:
        """The bytes of a text or an image."""


def text_refs(content: Content) -> Iterator[TextRef]:
    """The book's texts in reading order."""
    for entry in content.entries():
        yield from entry.texts
