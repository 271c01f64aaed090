"""book.adoc: the book as one AsciiDoc file, page by page through pandoc."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec

from sitebookify.book.document.context import language_tag
from sitebookify.book.document.nodes import Document, Header
from sitebookify.book.document.pandoc_json import pandoc_document, words
from sitebookify.book.document.walk import text_of
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.labels import labels_of
from sitebookify.book.model import numbered
from sitebookify.book.pandoc import MEMORY_BYTES, PandocFailed, run
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.asciidoc_blocks import prepared
from sitebookify.book.write.asciidoc_text import line
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.pandoc_page import pandoc_page
from sitebookify.messages import Message

IMAGES = "assets/"
_UNSAFE = re.compile(r"--|\.\.\.|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_BRACES = str.maketrans("{}", "()")
_DEEPEST = 5
"""AsciiDoc has five levels of sections below a book's title."""


def page(context: PageContext, *, memory: int = MEMORY_BYTES) -> str:
    """The page as AsciiDoc; see `page_context.PageWriter`.

    A page that pandoc refuses, or cannot write within ``memory`` bytes, is its bare text, and its troubles say so.
    """
    document, order = context.document, context.order
    blocks = prepared(pandoc_page(document, order, place=_place, images=IMAGES, deepest=_DEEPEST))
    try:
        json = msgspec.json.encode(pandoc_document(blocks)).decode()
        return run(json, source="json", target="asciidoc", memory=memory).strip() + "\n"
    except PandocFailed as error:
        context.troubles.append(Message("trouble.simplified", detail=str(error)))
        return _bare(document, order)


def _bare(document: Document, order: PageOrder) -> str:
    """The page's title and its text, line by line."""
    sign = "=" * min(2 + order.shift, 1 + _DEEPEST)
    title = _text(numbered(order.number, document.title))
    body = [block for block in document.blocks if not (isinstance(block, Header) and block.level == 1)]
    lines = text_of((*body, *document.notes)).splitlines()
    paragraphs = [_text(line) for line in lines if line.strip()]
    return "\n\n".join([f"[[{_place(order.slug)}]]\n{sign} {title}", *paragraphs]) + "\n"


def asciidoc(info: BookInfo, pages: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """The pieces of the file. ``pages`` are the parts that they are in, "" for none, and what `page` gave."""
    yield _header(info).encode()
    before = ""
    for part, text in pages:
        if part and part != before:
            yield f"\n== {_text(part)}\n".encode()
        before = part
        yield f"\n{text}".encode()


def _place(slug: str, anchor: str = "") -> str:
    """The name of a place: book.md's is no name here, where two hyphens are a dash and underscores are emphasis."""
    page = slug.replace("--", ".")
    if _UNSAFE.search(anchor):
        anchor = f"id-{sha256(anchor.encode()).hexdigest()[:12]}"
    return f"{page}.{anchor}" if anchor else page


def _header(info: BookInfo) -> str:
    labels = labels_of(info.language)
    attributes = {
        "author": info.author,
        "revdate": info.date,
        "doctype": "book",
        "lang": language_tag(info.language),
        "toc": "left",
        "toc-title": labels.contents,
        "stem": "latexmath",
    }
    lines = [f"= {_text(info.title)}"]
    lines += [f":{name}: {_value(value)}" for name, value in attributes.items() if value]
    address = info.source.replace("+", "%2B")
    imprint = [f"{_text(labels.source)}: link:++{address}++[]"]
    imprint += [_text(text) for text in (info.licence, info.generator) if text]
    return "\n".join(lines) + "\n\n" + "\n\n".join(imprint) + "\n"


def _text(text: str) -> str:
    return line(words(text), single=True)


def _value(text: str) -> str:
    """An attribute's value, in which nothing is escaped, and references to other attributes would be looked up.

    A macro for passing HTML through may be all of it, and a backslash at its end would take in the next line.
    """
    line_of_text = " ".join(text.split())
    text = line_of_text.translate(_BRACES).rstrip("\\+ ")
    return re.sub("^pass:", "pass :", text)
