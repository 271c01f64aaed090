"""One XHTML file of the EPUB."""

from __future__ import annotations

from html import escape

from sitebookify.book.document.context import language_tag
from sitebookify.book.document.nodes import Direction
from sitebookify.book.tree import without_controls

_XHTML = "http://www.w3.org/1999/xhtml"
_EPUB = "http://www.idpf.org/2007/ops"


def head(title: str, language: str, direction: Direction, *, stylesheet: str) -> str:
    """The file up to its body; ``title`` is mark-up, ``language`` a BCP 47 tag or ""."""
    tag = language_tag(language)
    attributes = f' lang="{tag}" xml:lang="{tag}"' if tag else ""
    if direction:
        attributes += f' dir="{direction}"'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{_XHTML}" xmlns:epub="{_EPUB}"{attributes}>\n<head>\n<title>{title}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="{stylesheet}"/>\n</head>\n'
    )


def text_page(title: str, language: str, section: str, direction: Direction = "") -> bytes:
    """The file of a section; reading systems show ``title``."""
    shown = without_controls(title).strip() or "—"
    start = head(escape(shown), language, direction, stylesheet="../style.css")
    return f"{start}<body>\n{section}\n</body>\n</html>\n".encode()
