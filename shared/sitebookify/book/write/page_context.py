"""What the writers of a page's formats work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from sitebookify.book.document.nodes import Document
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.formulas import Formulas
from sitebookify.book.write.highlight import Highlight, highlighted
from sitebookify.formats import Format, file_of, load
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """A page, and what its formats share.

    Formulas that are not in ``formulas`` are written as the page's own MathML, or as TeX. Nothing on the page itself
    contains ``marker``; writers add to ``troubles`` what they cannot write as it is.
    """

    document: Document
    order: PageOrder
    formulas: Formulas = field(default_factory=dict)
    highlight: Highlight = highlighted
    marker: str = ""
    troubles: list[Message] = field(default_factory=list)


PageWriter = Callable[[PageContext], Any]
"""Writes a page for a format whose file is put together from pages; the result is plain JSON."""


@cache
def page_writer(form: Format) -> PageWriter:
    """The writer that the format's row names; its module is imported at the first call, since few books need it."""
    return cast("PageWriter", load(file_of(form).page_writer, below="sitebookify.book.write"))
