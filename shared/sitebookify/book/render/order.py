"""What goes to a worker process for a page, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitebookify.book.links import Target
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOrder:
    """How to render a page.

    ``shift`` is added to the level of its headings. ``ids`` are the ids that something in the book names, with the
    part each stands in, ``anchors`` those of them that Markdown needs. ``links`` maps absolute URLs to places in the
    book, ``images`` absolute URLs to file names. ``sources`` are titles and URLs to name at its end: those of its
    chapter, for a chapter's last page.
    """

    slug: str
    shift: int
    language: str
    ids: Mapping[str, int]
    anchors: tuple[str, ...]
    links: Mapping[str, Target]
    images: Mapping[str, str]
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file of the EPUB: ``name`` relative to the other texts, ``math`` True where it holds MathML."""

    name: str
    data: bytes
    math: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """A page in both forms.

    In ``markdown``, links into the book are ``{marker}{slug}.md#{anchor}``. ``headings`` are those of the second
    level, as text and place (file and fragment). ``troubles`` says what could not be done.
    """

    markdown: str
    marker: str
    files: tuple[TextFile, ...]
    headings: tuple[tuple[str, str], ...]
    troubles: tuple[Message, ...]
