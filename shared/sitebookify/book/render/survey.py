"""What has to be known of every page before the first can be rendered: its ids and where its links lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml.etree import LxmlError

from sitebookify.book.deadline import deadline
from sitebookify.book.document.clean_html import html_of
from sitebookify.book.model import Page, Plain
from sitebookify.book.render.parts import parts
from sitebookify.book.render.prepare import note_named, tidy_links
from sitebookify.book.tree import fragment

_LONGEST_SECONDS = 30.0
FAILURES = (TimeoutError, RecursionError, MemoryError, ValueError, LxmlError)
"""What a parser may raise on a page that was written to break it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Plain):
    """One page: ``ids`` with the number of the part each stands in; ``links`` and ``images`` as URLs, each once.

    ``notes`` are those of its ids by which notes and their calls know each other: both forms of the book have their
    own way to say that.
    """

    url: str
    ids: tuple[tuple[str, int], ...]
    links: tuple[str, ...]
    images: tuple[str, ...]
    notes: tuple[str, ...]


def survey_packed(pages: Sequence[bytes]) -> list[dict[str, Any]]:
    """The surveys, as JSON, of pages in their stored form; a page that cannot be read has nothing in it."""
    return [_survey_or_nothing(Page.unpack(page)).to_json() for page in pages]


def _survey_or_nothing(page: Page) -> Survey:
    try:
        with deadline(_LONGEST_SECONDS):
            return survey(page)
    except FAILURES:
        return Survey(url=page.url, ids=(), links=(), images=(), notes=())


def survey(page: Page) -> Survey:
    """Read the page's ids and links."""
    ids: dict[str, int] = {}
    links: dict[str, None] = {}
    images: dict[str, None] = {}
    notes: dict[str, None] = {}
    root = fragment(html_of(page.document))
    tidy_links(root, page.url)
    for number, part in enumerate(parts(root)):
        for element in part.iter("*"):
            if name := element.get("id"):
                ids.setdefault(name, number)
            if name := note_named(element, page.url):
                notes[name] = None
            elif element.tag == "a" and (href := element.get("href")):
                links[href] = None
            if element.tag == "img" and (source := element.get("src")):
                images[source] = None
    return Survey(url=page.url, ids=tuple(ids.items()), links=tuple(links), images=tuple(images), notes=tuple(notes))
