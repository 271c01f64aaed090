"""What must be known of every page before any is rendered: its ids, links and images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
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


MOST_BYTES = 16_000_000
"""Of the surveys of one batch of pages: the service holds two or three of them."""
_BYTES_OF_EACH = 80
"""What a text in a list takes besides its characters, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Plain):
    """One page: its ``ids``, each with the number of its part; ``links`` and ``images`` as URLs, each once.

    ``cut`` counts those for which there was no room.
    """

    url: str
    ids: tuple[tuple[str, int], ...]
    links: tuple[str, ...]
    images: tuple[str, ...]
    cut: int = 0


@limited(seconds=60)
def survey_packed(pages: Sequence[bytes], room: int = MOST_BYTES) -> list[dict[str, Any]]:
    """The surveys, as JSON, of pages in their stored form; that of a page that cannot be read is empty.

    Together they take no more bytes than there is ``room``; the first pages have it.
    """
    surveys = []
    for page in pages:
        document = Page.unpack(page).document
        try:
            with deadline(_LONGEST_SECONDS):
                surveyed = survey(document, room)
        except FAILURES:
            surveys.append(empty_survey(document.url))
            continue
        names = [name for name, _ in surveyed.ids]
        room -= sum(map(_bytes_of, (*surveyed.links, *surveyed.images, *names)))
        surveys.append(_stored(surveyed))
    return surveys


def _stored(surveyed: Survey) -> dict[str, Any]:
    """The survey as JSON that older versions read too, unless something was cut."""
    data = surveyed.to_json()
    if not surveyed.cut:
        del data["cut"]
    return data


def _bytes_of(text: str) -> int:
    return _BYTES_OF_EACH + len(text)


def empty_survey(url: str) -> dict[str, Any]:
    """The survey, as JSON, of a page that cannot be read."""
    return Survey(url=url, ids=(), links=(), images=()).to_json()


def survey(document: Document, room: int = MOST_BYTES) -> Survey:
    """Collect the page's ids, links and images, as many as there is room for: bytes."""
    ids, links, images = _collected(document)
    has_room = _Room(room).has
    listed_links = tuple(takewhile(has_room, links))
    listed_images = tuple(takewhile(has_room, images))
    listed_ids = tuple((name, ids[name]) for name in takewhile(has_room, ids))
    count = len(links) + len(images) + len(ids)
    cut = count - len(listed_links) - len(listed_images) - len(listed_ids)
    return Survey(url=document.url, ids=listed_ids, links=listed_links, images=listed_images, cut=cut)


def _collected(document: Document) -> tuple[dict[str, int], dict[str, None], dict[str, None]]:
    """The ids, each with the number of its part; the links' targets; the images' sources."""
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
    return ids, links, images


class _Room:
    def __init__(self, left: int) -> None:
        self._left = left

    def has(self, text: str) -> bool:
        """True while there is room; takes what the text needs of it."""
        self._left -= _bytes_of(text)
        return self._left >= 0
