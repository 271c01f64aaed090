"""Pages in their stored form, planned and edited: runs in a worker process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sitebookify.book.document.walk import line_of
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.edited_page import edited_page, page_units, translated_line
from sitebookify.book.edit.page_plan import Answers, Questions, Unit
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


def plan_titles(titles: Sequence[str], language: str) -> list[Unit]:
    """The titles in units."""
    questions = Questions()
    for title in titles:
        translated_line((title,), language, questions)
    return list(questions.units())


def translated_titles(titles: Sequence[str], language: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The titles that have a translation, with it."""
    translations = ((title, translated_line((title,), language, Answers(answers))) for title in titles)
    return {title: line_of(line) for title, line in translations if line is not None}
