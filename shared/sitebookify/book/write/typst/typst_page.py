"""A page of the book as Typst code, and what the book must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sitebookify.book.document.nodes import Document, MathNode
from sitebookify.book.labels import label
from sitebookify.book.model import Plain
from sitebookify.book.render.order import PageOrder
from sitebookify.book.write.typst.sheet import Sheet, settings
from sitebookify.book.write.typst.typst_blocks import endnotes, flow
from sitebookify.book.write.typst.typst_inlines import outward
from sitebookify.book.write.typst.typst_syntax import breakable, call, group, string


@dataclass(frozen=True, slots=True, kw_only=True)
class TypstPage(Plain):
    """A page as one group of Typst code.

    ``places`` are the labels in it, ``targets`` those that its links lead to, on this page or others, ``images`` the
    names of the images that it shows; each in the order of their first appearance.
    """

    code: str
    places: tuple[str, ...]
    targets: tuple[str, ...]
    images: tuple[str, ...]


def page_typst(
    document: Document, order: PageOrder, *, widths: Mapping[str, int], formulas: Mapping[tuple[str, bool], MathNode]
) -> TypstPage:
    """Write the page.

    Args:
        document: the page.
        order: where its links lead, which images there are, and how far its headings are lowered.
        widths: of the book's images in pixels (0: not known), by name.
        formulas: MathML for TeX, by the TeX and whether it stands on lines of its own; others are set as TeX.
    """
    sheet = Sheet(document, order, widths, formulas)
    pieces = [
        *settings(document.language or order.language, document.direction),
        sheet.label(order.slug),
        *flow(sheet, document.blocks, 0),
        *endnotes(sheet, document.notes),
        "parbreak()",
        *_sources(order),
    ]
    return TypstPage(
        code=group(pieces),
        places=tuple(sheet.places),
        targets=tuple(sheet.targets),
        images=tuple(sheet.images),
    )


def _sources(order: PageOrder) -> list[str]:
    """Where the chapter's pages were taken from."""
    if not order.sources:
        return []
    word = label("source" if len(order.sources) == 1 else "sources", order.language)
    paragraphs = [group([string(f"{word}:"), "parbreak()"])]
    for title, url in order.sources:
        named = string(breakable(f"{title}, ")) if title and len(order.sources) > 1 else ""
        paragraphs.append(group([named, outward(url, string(breakable(url))), "parbreak()"]))
    return [call("small", group([*paragraphs, "parbreak()"]))]
