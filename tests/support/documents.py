"""Documents from clean HTML and back: tests say in HTML what a page holds, and what they expect of its document."""

from __future__ import annotations

import lxml.html

from sitebookify.book.document import nodes as n
from sitebookify.book.document.build import document_of
from sitebookify.book.tree import Element, fragment
from support.clean_html import html_of

__all__ = ["URL", "document_from_html", "html_of", "to_html"]

URL = "https://example.org/page"


def document_from_html(html: str, *, url: str = URL, title: str = "", language: str = "") -> n.Document:
    """The document of clean HTML, the vocabulary of ``book.document.build``."""
    return document_of(fragment(html), url=url, title=title, language=language)


def to_html(element: Element) -> str:
    """The element as HTML, without the text after it."""
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))
