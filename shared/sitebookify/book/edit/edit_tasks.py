"""Pages in their stored form, planned and edited: runs in a worker process."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from sitebookify.book.document.walk import line_of
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page
from sitebookify.book.edit.page_plan import Unit, page_units, translated_line, units_of
from sitebookify.book.edit.tagged_text import marked
from sitebookify.book.limits import limited
from sitebookify.book.model import Page


@limited(seconds=60)
def plan_packed(packed: bytes, order: EditOrder) -> list[Unit]:
    """`page_units` of a page in its stored form."""
    return page_units(Page.unpack(packed).document, order)


@limited(seconds=60)
def edit_packed(packed: bytes, order: EditOrder) -> tuple[bytes, str]:
    """The edited page in its stored form, and its title."""
    page = Page.unpack(packed)
    document = edited_page(page.document, order)
    return replace(page, document=document).pack(), document.title


def plan_titles(titles: Sequence[str]) -> list[Unit]:
    """The titles in units."""
    lines = [marked((title,)) for title in titles]
    return units_of(line.text for line in lines if line.words)


def translated_titles(titles: Sequence[str], order: EditOrder) -> dict[str, str]:
    """The titles that have a translation, with it."""
    translations = ((title, translated_line((title,), order)) for title in titles)
    return {title: line_of(line) for title, line in translations if line is not None}
