"""The order to render a page, the rendered page that comes back from a worker process, and the record of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sitebookify.book.epub.content import Entry
from sitebookify.book.failures import PageFailure
from sitebookify.book.links import Target
from sitebookify.book.model import Plain
from sitebookify.formats import Format
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOrder:
    """How to render a page.

    Attributes:
        slug: the page's name in the book.
        shift: added to the level of its headings.
        language: of the book.
        ids: the ids that links lead to, each with the number of its part.
        links: from absolute URLs to places in the book.
        images: from absolute URLs to file names.
        sources: titles and URLs to name at its end; those of its chapter, for the chapter's last page.
        widths: from images' file names to pixels, 0 where unknown.
        formats: to write in addition to the EPUB.
        number: the page's number in the contents, or "".
    """

    slug: str
    shift: int
    language: str
    ids: Mapping[str, int]
    links: Mapping[str, Target]
    images: Mapping[str, str]
    sources: tuple[tuple[str, str], ...]
    widths: Mapping[str, int] = field(default_factory=dict)
    formats: tuple[Format, ...] = (Format.MARKDOWN,)
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file of the EPUB: ``name`` relative to the other texts, ``math`` True where it holds MathML."""

    name: str
    data: bytes
    math: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """A page in all formats.

    Attributes:
        texts: plain JSON for each format of the order.
        marker: precedes whatever in ``texts`` depends on the finished book; nothing else on the page contains it.
        files: the EPUB's.
        headings: those of the second level, as text and place (file and fragment).
        terms: plain JSON for each file, what the search index says of it (`TextTerms`).
        images: names of the images shown, each as often as it is shown.
        troubles: what could not be written as it is on the page.
        failure: set where only the title could be rendered.
    """

    texts: Mapping[Format, Any]
    marker: str
    files: tuple[TextFile, ...]
    headings: tuple[tuple[str, str], ...]
    terms: Any
    images: tuple[str, ...]
    troubles: tuple[Message, ...]
    failure: PageFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedSection(Entry):
    """What is recorded of a rendered page.

    ``marker`` and ``images`` are the `RenderedPage`'s; ``links_in`` counts links into the book, ``links_out`` are URLs.
    """

    url: str
    slug: str
    words: int
    sha256: str
    marker: str
    images: tuple[str, ...]
    links_in: int
    links_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedChapter(Plain):
    """What is recorded of a chapter."""

    id: str
    title: str
    part: str
    pages: tuple[RenderedSection, ...]
