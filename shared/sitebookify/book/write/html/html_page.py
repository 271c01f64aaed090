"""A page as its section of the one HTML file: mark-up, with the images that packaging puts into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sitebookify.book.document.nodes import Image
from sitebookify.book.links import Target
from sitebookify.book.model import Plain
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml import written_sections

HtmlPieces = list[str | dict[str, Any]]
"""Mark-up, and the images between, as the JSON of `ShownImage`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage(Plain):
    """An image where a page shows it.

    ``name`` is its file's; ``width`` and ``height`` are in CSS pixels, 0 where the page gives none. ``attributes`` is
    mark-up for its id, language and direction: "", or text that begins with a space.
    """

    name: str
    alt: str
    title: str
    width: int
    height: int
    attributes: str


def page(context: PageContext) -> HtmlPieces:
    """Mark-up and images in turn; see `page_context.PageWriter`."""
    marker = context.marker
    dialect = _HtmlDialect(marker)
    (section,) = written_sections(context, dialect)
    pieces: HtmlPieces = []
    for number, piece in enumerate(section.markup.split(marker)):
        pieces.append(dialect.images[int(piece)].to_json() if number % 2 else piece)
    return pieces


class _HtmlDialect:
    """HTML in one file: ids and links carry the page's name; an image's number between markers stands for it."""

    xml = False

    def __init__(self, marker: str) -> None:
        self.images: list[ShownImage] = []
        self._marker = marker

    def place_id(self, slug: str, anchor: str) -> str:
        return Target(slug=slug, anchor=anchor).place

    def href(self, target: Target) -> str:
        return f"#{target.place}"

    def image(self, image: Image, name: str, attributes: str) -> str:
        shown = ShownImage(
            name=name,
            alt=image.alt,
            title=image.title,
            width=image.width,
            height=image.height,
            attributes=attributes,
        )
        self.images.append(shown)
        return f"{self._marker}{len(self.images) - 1}{self._marker}"
