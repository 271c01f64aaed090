"""book.docx: the book for word processors, put together by pandoc from the pages' AST."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from sitebookify.book.binding import MEMORY_BYTES, BoundPicture, bind
from sitebookify.book.document.context import language_tag
from sitebookify.book.document.nodes import Block, BulletList, Document, Header, Link, ListItem, Para, Plain
from sitebookify.book.document.pandoc_ast import to_pandoc
from sitebookify.book.document.pandoc_json import Json, Places, node, pandoc_document, words
from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.nav import Line
from sitebookify.book.labels import labels_of
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.pandoc_page import pandoc_page

_DEEPEST = 9
"""Word's styles for headings go from 1 to 9."""


def page(context: PageContext) -> str:
    """The page as JSON, for `docx`; see `page_context.PageWriter`."""
    blocks = pandoc_page(context.document, context.order, deepest=_DEEPEST, alerts=False)
    return msgspec.json.encode(pandoc_document(blocks)).decode()


def docx(
    info: BookInfo,
    contents: Iterable[Line],
    pages: Iterable[tuple[str, str]],
    pictures: Iterable[BoundPicture],
    *,
    memory: int = MEMORY_BYTES,
) -> Iterator[bytes]:
    """The bytes of the file.

    ``pages`` are the parts that they are in, "" for none, and what `page` gave; ``contents`` has a line for each;
    ``memory`` is what pandoc may take, in bytes.

    Raises:
        PandocFailed: pandoc refused, ran out of memory or out of time.
    """
    return bind(_texts(info, contents, pages), pictures, "docx", meta=_meta(info), date=info.date, memory=memory)


def _meta(info: BookInfo) -> dict[str, Json]:
    meta: dict[str, Json] = {"title": _line(info.title)}
    if info.author:
        meta["author"] = node("MetaList", [_line(info.author)])
    if info.date:
        meta["date"] = _line(info.date)
    language = language_tag(info.language)
    if language:
        meta["lang"] = _line(language)
    return meta


def _line(text: str) -> Json:
    return node("MetaInlines", words(text))


def _texts(info: BookInfo, contents: Iterable[Line], pages: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    yield _json(_front(info, contents))
    before = ""
    for part, text in pages:
        if part and part != before:
            yield _json(to_pandoc(Document("", part, (Header(1, (part,)),)), Places()))
        before = part
        yield text.encode()


def _json(blocks: list[Json]) -> bytes:
    return msgspec.json.encode(pandoc_document(blocks))


def _front(info: BookInfo, contents: Iterable[Line]) -> list[Json]:
    """Where the book comes from, and its contents: links, since a list with page numbers is Word's to make."""
    labels = labels_of(info.language)
    blocks: list[Block] = [Para((f"{labels.source}: ", Link((info.source,), info.source)))]
    blocks += [Para((line,)) for line in (info.licence, info.generator) if line]
    blocks.append(Header(1, (labels.contents,)))
    lines = [*contents]
    blocks += _nested(deque(lines))
    links = {line.place: f"#{_slug(line.place)}" for line in lines}
    return to_pandoc(Document("", info.title, tuple(blocks)), Places(links=links))


def _slug(place: str) -> str:
    return place.partition("#")[0].removesuffix(".xhtml")


def _nested(lines: deque[Line], depth: int = 0) -> tuple[Block, ...]:
    """A list of links in lists; no line is more than one deeper than the one before."""
    items: list[ListItem] = []
    while lines and lines[0].depth >= depth:
        line = lines.popleft()
        link = Plain((Link((line.text,), line.place),))
        items.append(ListItem((link, *_nested(lines, depth + 1))))
    return (BulletList(tuple(items)),) if items else ()
