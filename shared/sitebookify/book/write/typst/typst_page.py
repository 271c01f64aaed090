"""A page of the book as Typst code, and what the book must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sitebookify.book.document.lead import with_number
from sitebookify.book.labels import labels_of
from sitebookify.book.model import Plain
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.typst.sheet import settings
from sitebookify.book.write.typst.typst_blocks import TypstBlocks
from sitebookify.book.write.typst.typst_inlines import outward
from sitebookify.book.write.typst.typst_syntax import call, group, string, words


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


def page(context: PageContext) -> dict[str, Any]:
    """The JSON of a `TypstPage`; see `page_context.PageWriter`."""
    document, order = context.document, context.order
    sheet = TypstBlocks(context)
    pieces = [
        *settings(document.language or order.language, document.direction),
        sheet.label(order.slug),
        *sheet.flow(with_number(document.blocks, order.number), 0),
        *sheet.endnotes(document.notes),
        *_sources(order),
        "parbreak()",
    ]
    written = TypstPage(
        code=group(pieces),
        places=tuple(sheet.places),
        targets=tuple(sheet.targets),
        images=tuple(sheet.images),
    )
    return written.to_json()


def _sources(order: PageOrder) -> list[str]:
    """Where the chapter's pages were taken from."""
    if not order.sources:
        return []
    word = labels_of(order.language).of_sources(len(order.sources))
    are_several = len(order.sources) > 1
    heading = [string(f"{word}:"), "parbreak()"] if are_several else [string(f"{word}: ")]
    lines = [group(heading)]
    for title, url in order.sources:
        named = words(f"{title}, ") if title and are_several else ""
        lines.append(group([named, outward(url, words(url)), "parbreak()"]))
    return [call("small", group([*lines, "parbreak()"]))]
