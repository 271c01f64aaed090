"""One XHTML file of the book."""

from __future__ import annotations

from html import escape

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import EPUB, XHTML, element, language_of
from sitebookify.book.tree import without_controls


def new_section() -> Element:
    """An empty section to build a page's content in."""
    return element("section", {f"{{{EPUB}}}type": "chapter", "role": "doc-chapter"})


def head(title: str, language: str, *, stylesheet: str) -> str:
    """The file up to its body; ``title`` is escaped already, ``language`` a BCP 47 tag or ""."""
    tag = language_of(language)
    said = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{EPUB}"{said}>\n<head>\n<title>{title}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="{stylesheet}"/>\n</head>\n'
    )


def document(title: str, language: str, section: Element) -> bytes:
    """The file's bytes; ``title`` is for reading systems."""
    start = head(escape(without_controls(title).strip() or "—"), language, stylesheet="../style.css")
    return f"{start}<body>\n{etree.tostring(section, encoding='unicode')}\n</body>\n</html>\n".encode()
