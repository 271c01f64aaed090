"""The book as one Markdown file, and as the source of an mdBook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.package.mdbook_text import inert, inert_line
from sitebookify.book.package.volume import Volume
from sitebookify.book.package.writer import Packing, streamed
from sitebookify.book.render.page_order import RenderedSection
from sitebookify.formats import Format

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""What begins an element. Programs that read front matter put it into HTML, some of them as it is."""
_SPECIAL = re.compile(r"([\\\[\]`*_<>])")


@streamed
def write(packing: Packing) -> Iterator[bytes]:
    """The pieces of book.md: front matter, then page after page."""
    volume = packing.volume
    yield _front_matter(volume).encode()
    part = ""
    for page, text in volume.texts(Format.MARKDOWN):
        if page.part and page.part != part:
            yield f"\n# {escaped(page.part)}\n".encode()
        part = page.part
        yield f"\n{_linked(text, page)}".encode()


def page_md(text: str, page: RenderedSection) -> bytes:
    """The page's Markdown as a chapter of an mdBook: links lead from file to file."""
    return inert(text.replace(page.marker, "")).encode()


def summary_md(volume: Volume) -> Iterator[bytes]:
    """MdBook's table of contents."""
    yield b"# Summary\n\n"
    part = ""
    depth = 0
    for chapter in volume.chapters():
        if chapter.part != part:
            part = chapter.part
            yield f"\n# {inert_line(escaped(part))}\n\n".encode()
        for number, page in enumerate(chapter.pages):
            depth = 0 if number == 0 else min(page.level, depth + 1)
            indent = "  " * depth
            title = inert_line(escaped(page.title))
            yield f"{indent}- [{title}]({page.slug}.md)\n".encode()


def book_toml(info: BookInfo) -> bytes:
    """MdBook's settings. Its preprocessors are off, since they read files and the text is a stranger's."""
    names = info.authors or filter(None, (info.author,))
    authors = f"[{', '.join(map(_toml, names))}]"
    direction = f'text-direction = "{info.direction}"\n' if info.direction else ""
    return (
        f"[book]\ntitle = {_toml(info.title)}\nauthors = {authors}\n"
        f'language = {_toml(info.language)}\n{direction}src = "src"\n\n'
        "[build]\nuse-default-preprocessors = false\n"
    ).encode()


def _toml(text: str) -> str:
    """A basic string of TOML, which is JSON's but for characters beyond the basic plane and DEL."""
    text = json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")
    return text.replace("{{", "{\\u007b").replace("<", "\\u003c")


def escaped(text: str) -> str:
    """The text on one line, with the characters escaped that mean something in Markdown."""
    line = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", line)


def _linked(text: str, page: RenderedSection) -> str:
    """The page's Markdown in the one file: links lead to anchors of it."""
    return re.sub(re.escape(page.marker) + r"[a-z0-9-]+\.md#", "#", text)


def _front_matter(volume: Volume) -> str:
    info = volume.info
    authors = info.authors if len(info.authors) > 1 else ()
    fields: dict[str, str | list[str]] = {
        "title": info.title,
        "author": "" if authors else info.author,
        "authors": [*authors],
        "language": info.language,
        "dir": info.direction,
        "source": info.source,
        "licence": info.licence,
        "date": info.date,
        "published": "/".join(info.published),
        "edition": info.imprint,
        "generator": info.generator,
    }
    present = {name: _without_tags(value) for name, value in fields.items() if value}
    text = yaml.safe_dump(present, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---\n"


def _without_tags(value: str | list[str]) -> str | list[str]:
    """The value with nothing in it that a renderer would take for a tag."""
    if isinstance(value, str):
        return _TAG.sub("&lt;", value)
    return [_TAG.sub("&lt;", each) for each in value]
