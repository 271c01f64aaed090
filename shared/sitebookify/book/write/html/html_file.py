"""The one HTML file as a stream of bytes: one page or image in memory at a time."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Protocol

from sitebookify.book.document.context import language_tag
from sitebookify.book.epub.content import BookInfo, Content, Entry
from sitebookify.book.epub.nav import lines, nested, with_headings
from sitebookify.book.epub.stylesheet import stylesheet
from sitebookify.book.epub.text_page import title_section
from sitebookify.book.labels import labels_of
from sitebookify.book.links import place_of
from sitebookify.book.search import search_index
from sitebookify.book.search.search_index import SearchIndex, TextTerms
from sitebookify.book.write.html.html_page import HtmlPieces, ShownImage
from sitebookify.book.write.html.pictures import Pictures

_EXPORT = re.compile(r"^export (?=class|function)", re.MULTILINE)


class HtmlContent(Content, Protocol):
    """The book's content, read as often as it is needed."""

    def html_pages(self) -> Iterator[tuple[Entry, HtmlPieces]]:
        """The pages in reading order with what was written of them."""
        ...

    def terms(self) -> Iterator[tuple[Entry, list[TextTerms]]]:
        """The pages in reading order with what the search index says of their texts."""
        ...

    def image_uses(self) -> Mapping[str, int]:
        """How often each image is shown, by name."""
        ...


def html(info: BookInfo, content: HtmlContent) -> Iterator[bytes]:
    """The bytes of the file."""
    return (piece.encode() for piece in _pieces(info, content))


def _pieces(info: BookInfo, content: HtmlContent) -> Iterator[str]:
    style, script = stylesheet() + _own("style.css"), _search()
    if info.original_language:
        script += _own("languages.js")
    pictures = Pictures(content.images, content.read, content.image_uses())
    yield _head(info, style, script)
    yield "<body>\n"
    yield from pictures.shared()
    yield from _contents(info, content)
    yield '<main id="Book">\n<article id="Title">'
    yield from title_section(info)
    yield "</article>\n"
    yield from _articles(content, pictures)
    yield "</main>\n"
    yield from _index(content)
    yield f"<script>{script}</script>\n</body>\n</html>\n"


def _articles(content: HtmlContent, pictures: Pictures) -> Iterator[str]:
    part = ""
    for entry, pieces in content.html_pages():
        if entry.part != part:
            part = entry.part
            yield f'<h1 class="part">{escape(part)}</h1>\n' if part else ""
        depth = min(entry.level, 1)
        yield f'<article class="level-{depth}" data-title="{escape(entry.title)}">\n'
        for piece in pieces:
            yield piece if isinstance(piece, str) else pictures.element(ShownImage.from_json(piece))
        yield "</article>\n"


def _head(info: BookInfo, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    tag = language_tag(info.language)
    language = f' lang="{tag}"' if tag else ""
    direction = f' dir="{info.direction}"' if info.direction else ""
    return (
        f'<!DOCTYPE html>\n<html{language}{direction}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="{escape(info.generator)}">\n'
        f"<title>{escape(info.title)}</title>\n<style>{style}</style>\n</head>\n"
    )


def _contents(info: BookInfo, content: HtmlContent) -> Iterator[str]:
    labels = labels_of(info.language)
    search = escape(labels.search)
    yield (
        f'<div class="side">\n<form id="Search" role="search" hidden><input id="Query" type="search" '
        f'placeholder="{search}" aria-label="{search}" autocomplete="off" spellcheck="false">'
        '<output id="Found" for="Query"></output><ol id="Hits"></ol></form>\n'
    )
    if info.original_language:
        original, translation = escape(info.original_language), escape(language_tag(info.language))
        yield f'<select id="Languages" data-original="{original}" data-translation="{translation}" hidden></select>\n'
    title = escape(labels.contents)
    yield f'<p class="book"><a href="#Title">{escape(info.title)}</a></p>\n'
    yield f'<details>\n<summary>{title}</summary>\n<nav id="Contents" aria-label="{title}">\n'
    headings = with_headings(content.entries())
    yield from nested(lines(content.entries(), headings=headings), lambda place: f"#{place_of(place)}")
    yield "</nav>\n</details>\n</div>\n"


def _index(content: HtmlContent) -> Iterator[str]:
    """The search index: its members packed, as text that no browser runs; nothing for a book of too many terms."""
    index = SearchIndex()
    for entry, terms in content.terms():
        index.add(place_of(entry.texts[0].name), entry.title, TextTerms.joined(terms))
        if index.full:
            return
    for name, text in index.members():
        packed = b64encode(gzip.compress(text.encode(), mtime=0)).decode()
        yield f'<script type="text/plain" data-index="{name}">{packed}</script>\n'


def _search() -> str:
    """The index's module as a part of the file's one script, and what shows its answers."""
    return _own("search.js").replace("/* index.js */", _EXPORT.sub("", search_index.script()))


def _own(name: str) -> str:
    return files("sitebookify.book.write.html").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
