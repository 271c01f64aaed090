"""What must be known of every page before any is rendered: its ids, links and images."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from sitebookify.book.document.nodes import Document, Footnote, Image, Link
from sitebookify.book.document.walk import walk
from sitebookify.book.limits import deadline, limited
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
    ids: tuple[tuple[str, int], ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    cut: int = 0


@limited(seconds=60)
def survey_packed(pages: Sequence[bytes], room: int = MOST_BYTES) -> list[Survey]:
    """The surveys of pages in their stored form; that of a page that cannot be read is empty.

    Together they take no more bytes than there is ``room``; the first pages have it.
    """
    surveys = []
    for page in pages:
        document = Page.unpack(page).document
        try:
            with deadline(_LONGEST_SECONDS):
                surveyed = survey(document, room)
        except FAILURES:
            surveyed = Survey(url=document.url)
        names = [name for name, _ in surveyed.ids]
        room -= sum(map(_bytes_of, (*surveyed.links, *surveyed.images, *names)))
        surveys.append(surveyed)
    return surveys


def _bytes_of(text: str) -> int:
    return _BYTES_OF_EACH + len(text)


def survey(document: Document, room: int = MOST_BYTES) -> Survey:
    """Collect the page's links, images and ids, as many as there is room for: bytes."""
    ids, links, images = _collected(document)
    texts = [*links, *images, *ids]
    count = bisect_right([*accumulate(map(_bytes_of, texts))], room)
    listed = islice(texts, count)
    return Survey(
        url=document.url,
        links=tuple(islice(listed, len(links))),
        images=tuple(islice(listed, len(images))),
        ids=tuple((name, ids[name]) for name in listed),
        cut=len(texts) - count,
    )


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
