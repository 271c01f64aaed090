"""The XHTML files of the EPUB, and its title page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from sitebookify.book.document.context import language_tag
from sitebookify.book.document.nodes import Direction
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.url import written
from sitebookify.book.labels import labels_of
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


def front_page(info: BookInfo, title: str, body: Iterable[str]) -> Iterator[str]:
    """A page that the book has before its texts; ``body`` is mark-up from its start tag on."""
    yield head(escape(title), info.language, info.direction, stylesheet="style.css")
    yield from body
    yield "</body>\n</html>\n"


def text_page(title: str, language: str, section: str, direction: Direction = "") -> bytes:
    """The file of a section; reading systems show ``title``."""
    shown = without_controls(title).strip() or "—"
    start = head(escape(shown), language, direction, stylesheet="../style.css")
    return f"{start}<body>\n{section}\n</body>\n</html>\n".encode()


def title_page(info: BookInfo) -> bytes:
    """The file ``title.xhtml``."""
    body = ("<body>\n", *title_section(info, ' epub:type="titlepage"'))
    return "".join(front_page(info, info.title, body)).encode()


def title_section(info: BookInfo, attributes: str = "") -> Iterator[str]:
    """The page's section, valid as XHTML and as HTML; ``attributes`` are more of its own, as mark-up after a space."""
    yield f'<section class="titlepage"{attributes}>\n'
    yield f"<h1>{escape(info.title)}</h1>\n"
    if info.author:
        yield f"<p>{escape(info.author)}</p>\n"
    source = escape(info.source)
    href = written(info.source)
    if href:
        source = f'<a href="{escape(href)}">{source}</a>'
    yield '<div class="imprint">\n'
    if source:
        yield f"<p>{labels_of(info.language).source}: {source}</p>\n"
    for line in filter(None, (info.licence, info.date, info.imprint, info.generator)):
        yield f"<p>{escape(line)}</p>\n"
    yield "</div>\n</section>\n"
