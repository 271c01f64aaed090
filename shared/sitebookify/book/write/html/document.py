"""The HTML file as a stream of bytes: one text or image in memory at a time."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files

from sitebookify.book.epub.container import stylesheet
from sitebookify.book.epub.elements import language_of
from sitebookify.book.epub.model import BookInfo, Content, Entry, texts_of
from sitebookify.book.epub.navigation import lines, nested, with_headings
from sitebookify.book.epub.titlepage import title_page
from sitebookify.book.labels import label
from sitebookify.book.write.html.pictures import Pictures
from sitebookify.book.write.html.text import html_text, place_id

_SOURCE = re.compile(rb' src="\.\./images/([^"]+)"')


def html(info: BookInfo, content: Content) -> Iterator[bytes]:
    """The bytes of the file."""
    return (piece.encode() for piece in _pieces(info, content))


def _pieces(info: BookInfo, content: Content) -> Iterator[str]:
    style, script = stylesheet().decode() + _own("style.css"), _own("search.js")
    pictures = Pictures(content, _uses(content))
    yield _head(info, style, script)
    yield "<body>\n"
    yield from pictures.shared()
    yield from _contents(info, content)
    yield f'<main id="Book">\n<article id="Title">{html_text(title_page(info), "", pictures)}</article>\n'
    yield from _articles(content, pictures)
    yield f"</main>\n<script>{script}</script>\n</body>\n</html>\n"


def _articles(content: Content, pictures: Pictures) -> Iterator[str]:
    part = ""
    before: Entry | None = None
    for entry, text, data in texts_of(content):
        if entry is not before:
            yield "</article>\n" if before else ""
            if entry.part != part:
                part = entry.part
                yield f'<h1 class="part">{escape(part)}</h1>\n' if part else ""
            depth = min(entry.level, 1)
            yield f'<article class="level-{depth}" data-title="{escape(entry.title)}">\n'
        before = entry
        yield html_text(data, text.name, pictures)
    yield "</article>\n" if before else ""


def _head(info: BookInfo, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    tag = language_of(info.language)
    said = f' lang="{tag}"' if tag else ""
    return (
        f'<!DOCTYPE html>\n<html{said}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="{escape(info.generator)}">\n'
        f"<title>{escape(info.title)}</title>\n<style>{style}</style>\n</head>\n"
    )


def _contents(info: BookInfo, content: Content) -> Iterator[str]:
    search = escape(label("search", info.language))
    yield (
        f'<div class="side">\n<form id="Search" role="search" hidden><input id="Query" type="search" '
        f'placeholder="{search}" aria-label="{search}" autocomplete="off" spellcheck="false">'
        '<output id="Found" for="Query"></output><ol id="Hits"></ol></form>\n'
    )
    title = escape(label("contents", info.language))
    yield f'<p class="book"><a href="#Title">{escape(info.title)}</a></p>\n'
    yield f'<details>\n<summary>{title}</summary>\n<nav id="Contents" aria-label="{title}">\n'
    yield from nested(
        lines(content.entries(), headings=with_headings(content.entries())), lambda place: f"#{place_id(place)}"
    )
    yield "</nav>\n</details>\n</div>\n"


def _uses(content: Content) -> Counter[str]:
    """How often each image is shown."""
    uses: Counter[str] = Counter()
    for _, _, data in texts_of(content):
        uses.update(name.decode() for name in _SOURCE.findall(data))
    return uses


def _own(name: str) -> str:
    return files("sitebookify.book.write.html").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
