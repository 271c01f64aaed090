"""A page as its section of the one HTML file: mark-up, with the images that packaging puts into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sitebookify.book.document.nodes import Document, Image
from sitebookify.book.links import Target
from sitebookify.book.model import Plain
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.formulas import Formulas
from sitebookify.book.write.highlight import Highlight, highlighted
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.xhtml import written_sections

HtmlPieces = list[str | dict[str, Any]]
"""Mark-up, and the images between, as the JSON of `ShownImage`."""
_NO_FORMULAS: Formulas = {}


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
    """See `page_context.PageWriter`."""
    return page_html(
        context.document,
        context.order,
        marker=context.marker,
        formulas=context.formulas,
        highlight=context.highlight,
    )


def page_html(
    document: Document,
    order: PageOrder,
    *,
    marker: str,
    formulas: Formulas = _NO_FORMULAS,
    highlight: Highlight = highlighted,
) -> HtmlPieces:
    """Write the page.

    Args:
        document: the page.
        order: where its links lead, which images there are, and how far its headings are lowered.
        marker: text that nothing on the page contains.
        formulas: see ``write.formulas``.
        highlight: see ``write.highlight``.
    """
    dialect = _HtmlDialect(marker)
    (section,) = written_sections(document, order, dialect, formulas=formulas, highlight=highlight)
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

    def page_id(self, slug: str) -> str:
        """See `Dialect`."""
        return slug

    def anchor_id(self, slug: str, anchor: str) -> str:
        """See `Dialect`."""
        return Target(slug=slug, anchor=anchor).place

    def href(self, target: Target) -> str:
        """See `Dialect`."""
        return f"#{target.place}"

    def image(self, image: Image, name: str, attributes: str) -> str:
        """See `Dialect`."""
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
