"""The title page: the book's title, author and source."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.text_page import head
from sitebookify.book.epub.url import written
from sitebookify.book.labels import labels_of


def title_page(info: BookInfo) -> bytes:
    """The file ``title.xhtml``."""
    return "".join(_pieces(info)).encode()


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
    if info.licence:
        yield f"<p>{escape(info.licence)}</p>\n"
    if info.date:
        yield f"<p>{info.date}</p>\n"
    if info.imprint:
        yield f"<p>{escape(info.imprint)}</p>\n"
    yield f"<p>{escape(info.generator)}</p>\n</div>\n</section>\n"


def _pieces(info: BookInfo) -> Iterator[str]:
    yield head(escape(info.title), info.language, info.direction, stylesheet="style.css")
    yield "<body>\n"
    yield from title_section(info, ' epub:type="titlepage"')
    yield "</body>\n</html>\n"
