"""What must be known of every page before any is rendered: its ids, links and images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sitebookify.book.deadline import deadline
from sitebookify.book.document.nodes import Document, Footnote, Image, Link
from sitebookify.book.document.walk import walk
from sitebookify.book.limits import limited
from sitebookify.book.model import Page, Plain
from sitebookify.book.render.parts import parts

_LONGEST_SECONDS = 30.0
FAILURES = (TimeoutError, RecursionError, MemoryError, ValueError)
"""What a page that was written to break programs may raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Plain):
    """One page: its ``ids``, each with the number of its part; ``links`` and ``images`` as URLs, each once."""

    url: str
    ids: tuple[tuple[str, int], ...]
    links: tuple[str, ...]
    images: tuple[str, ...]


@limited(seconds=60)
def survey_packed(pages: Sequence[bytes]) -> list[dict[str, Any]]:
    """The surveys, as JSON, of pages in their stored form; that of a page that cannot be read is empty."""
    return [_survey_or_empty(Page.unpack(page).document) for page in pages]


def _survey_or_empty(document: Document) -> dict[str, Any]:
    try:
        with deadline(_LONGEST_SECONDS):
            return survey(document).to_json()
    except FAILURES:
        return empty_survey(document.url)


def empty_survey(url: str) -> dict[str, Any]:
    """The survey, as JSON, of a page that cannot be read."""
    return Survey(url=url, ids=(), links=(), images=()).to_json()


def survey(document: Document) -> Survey:
    """Collect the page's ids, links and images."""
    ids: dict[str, int] = {}
    links: dict[str, None] = {}
    images: dict[str, None] = {}
    for number, part in enumerate(parts(document)):
        for node in walk(part.blocks, part.notes):
            if isinstance(node, Footnote):
                ids.setdefault(node.name, number)
            elif isinstance(node, Link):
                links[node.target] = None
            elif isinstance(node, Image):
                images[node.source] = None
            attr = getattr(node, "attr", None)
            if attr is not None and attr.id:
                ids.setdefault(attr.id, number)
    return Survey(
        url=document.url,
        ids=tuple(ids.items()),
        links=tuple(links),
        images=tuple(images),
    )
