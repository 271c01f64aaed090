"""The book's table of contents: as EPUB's navigation document and, for older readers, as NCX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from sitebookify.book.epub.content import BookInfo, Entry
from sitebookify.book.epub.text_page import front_page
from sitebookify.book.labels import labels_of

_MOST_LINES = 3000
"""Longer contents name pages only: readers build the list in memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents; ``place`` is a file with or without a fragment, relative to the texts."""

    depth: int
    text: str
    place: str


def lines(entries: Iterable[Entry], *, headings: bool) -> Iterator[Line]:
    """Parts, pages and, with ``headings``, the pages' headings; a line is at most one level deeper than the last."""
    part = ""
    depth = -1
    for entry in entries:
        place = entry.texts[0].name
        if entry.part and entry.part != part:
            yield Line(0, entry.part, place)
            depth = 0
        part = entry.part
        level = entry.level + 1 if part else entry.level
        depth = min(level, depth + 1)
        yield Line(depth, entry.label, place)
        if not headings:
            continue
        for text, heading_place in entry.headings:
            if text != entry.title:
                yield Line(depth + 1, text, heading_place)


def with_headings(entries: Iterable[Entry]) -> bool:
    """True where the contents are short enough to name headings too."""
    return sum(1 + len(entry.headings) for entry in entries) <= _MOST_LINES


def nav(info: BookInfo, contents: Iterable[Line], first_text: str) -> Iterator[str]:
    """The navigation document, ``nav.xhtml``."""
    return front_page(info, labels_of(info.language).contents, _navs(info, contents, first_text))


def _navs(info: BookInfo, contents: Iterable[Line], first_text: str) -> Iterator[str]:
    labels = labels_of(info.language)
    title = escape(labels.contents)
    yield f'<body>\n<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>{title}</h1>\n'
    yield from nested(contents, lambda place: f"text/{place}")
    yield '</nav>\n<nav epub:type="landmarks" hidden="hidden">\n<ol>\n'
    yield f'<li><a epub:type="cover" href="cover.xhtml">{escape(labels.cover)}</a></li>\n'
    yield f'<li><a epub:type="toc" href="nav.xhtml#toc">{title}</a></li>\n'
    yield f'<li><a epub:type="bodymatter" href="text/{first_text}">{escape(info.title)}</a></li>\n'
    yield "</ol>\n</nav>\n"


def nested(contents: Iterable[Line], href: Callable[[str], str]) -> Iterator[str]:
    """Nested lists of links; ``href`` turns a place into a link."""
    depth = -1
    for line in contents:
        if line.depth > depth:
            yield "<ol>\n"
        else:
            yield "</li>\n" + "</ol>\n</li>\n" * (depth - line.depth)
        depth = line.depth
        yield f'<li><a href="{escape(href(line.place))}">{escape(line.text)}</a>'
    yield "</li>\n</ol>\n" * (depth + 1)


def ncx(info: BookInfo, identifier: str, contents: Iterable[Line]) -> Iterator[str]:
    """The NCX, ``toc.ncx``."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n'
    yield f'<head><meta name="dtb:uid" content="{identifier}"/></head>\n'
    yield f"<docTitle><text>{escape(info.title)}</text></docTitle>\n<navMap>\n"
    depth = -1
    for number, line in enumerate(contents, 1):
        yield "</navPoint>\n" * (depth - line.depth + 1)
        depth = line.depth
        yield f'<navPoint id="n{number}"><navLabel><text>{escape(line.text)}</text></navLabel>'
        yield f'<content src="text/{line.place}"/>\n'
    yield "</navPoint>\n" * (depth + 1) + "</navMap>\n</ncx>\n"
