"""What goes to a worker process for a page, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sitebookify.book.failures import PageFailure
from sitebookify.book.links import Target
from sitebookify.formats import Format
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOrder:
    """How to render a page.

    ``shift`` is added to the level of its headings. ``ids`` are the ids that links name, with the part each stands in.
    ``links`` maps absolute URLs to places in the book, ``images`` absolute URLs to file names, ``widths`` these to
    pixels, 0 where not known. ``sources`` are titles and URLs to name at its end: those of its chapter, for a chapter's
    last page. ``formats`` are those to write besides the EPUB.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file of the EPUB: ``name`` relative to the other texts, ``math`` True where it holds MathML."""

    name: str
    data: bytes
    math: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """A page in all its forms.

    ``texts`` are those of the formats of the order, plain JSON; where they need what only the finished book knows, they
    say so behind ``marker``, which nothing else on the page contains. ``headings`` are those of the second level, as
    text and place (file and fragment); ``images`` the names of those shown, as often as they are. ``troubles`` says
    what could not be done; ``failure`` that nothing could but the title.
    """

    texts: Mapping[Format, Any]
    marker: str
    files: tuple[TextFile, ...]
    headings: tuple[tuple[str, str], ...]
    images: tuple[str, ...]
    troubles: tuple[Message, ...]
    failure: PageFailure | None = None
