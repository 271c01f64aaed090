"""Documents from clean HTML and back: tests say in HTML what a page holds, and what they expect of its document."""

from __future__ import annotations

from sitebookify.book.document import nodes as n
from sitebookify.book.document.build import document_of
from sitebookify.book.tree import fragment
from support.clean_html import html_of

__all__ = ["URL", "document_from_html", "html_of"]

URL = "https://example.org/page"


def document_from_html(html: str, *, url: str = URL, title: str = "", language: str = "") -> n.Document:
    """The document of clean HTML, the vocabulary of ``book.document.build``."""
    return document_of(fragment(html), url=url, title=title, language=language)
