"""Small EPUBs as the package stage lays them out, with whatever one wants in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from lxml import etree

from sitebookify.book.search.search_index import SearchIndex, TextTerms
from sitebookify.book.search.text_words import XHTML, plain_text

_COVER = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000030802000000368849d6000000144944415478da63e4f7896160606062606040"
    "50000d9c00bd7cde2b400000000049454e44ae426082"
)
"""A picture of 2 by 3 pixels."""
_HEADINGS = [f"{XHTML}h{level}" for level in range(1, 5)]
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'


def ebook(
    texts: Mapping[str, tuple[str, str]],
    files: Mapping[str, bytes] | None = None,
    *,
    parts: Mapping[str, int] = MappingProxyType({}),
    language: str = "en",
    turns: str = "ltr",
) -> bytes:
    """An EPUB: ``texts`` from file name to title and the body's XHTML, ``files`` by their path below ``EPUB/``.

    ``parts``: how many of the texts after a text stand below it in the contents. ``turns``: the direction in which
    pages are turned, ``rtl`` where lines are vertical.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("EPUB/package.opf", _package(texts, turns))
        archive.writestr("EPUB/nav.xhtml", _navigation(texts, parts))
        for name, (title, body) in texts.items():
            archive.writestr(f"EPUB/text/{name}", _text(title, body, language))
        archive.writestr("EPUB/cover.png", _COVER)
        for path, data in (files or {}).items():
            archive.writestr(f"EPUB/{path}", data)
    return out.getvalue()


def index_of(texts: Mapping[str, tuple[str, str]]) -> bytes:
    """The search index that the package stage would write beside the EPUB of these texts."""
    return _index({name: (title, _text(title, body).encode()) for name, (title, body) in texts.items()})


def index_of_epub(data: bytes) -> bytes:
    """The search index of an EPUB that the package stage has written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        navigation = etree.fromstring(archive.read("EPUB/nav.xhtml"))
        links = next(navigation.iter(f"{XHTML}nav")).iter(f"{XHTML}a")
        titles = {link.get("href", "").removeprefix("text/"): "".join(map(str, link.itertext())) for link in links}
        names = [name for name in archive.namelist() if name.startswith("EPUB/text/")]
        texts = {name.removeprefix("EPUB/text/"): archive.read(name) for name in names}
    return _index({name: (titles.get(name, name), text) for name, text in texts.items()})


def _index(texts: Mapping[str, tuple[str, bytes]]) -> bytes:
    index = SearchIndex()
    for name, (title, text) in texts.items():
        root = etree.fromstring(text).find(f"{XHTML}body")
        assert root is not None
        headings = [(" ".join(map(str, each.itertext())), each.get("id") or "") for each in root.iter(*_HEADINGS)]
        index.add(name, title, TextTerms.of(plain_text(root), headings))
    return index.zipped()


def _package(texts: Mapping[str, object], turns: str) -> str:
    items = "".join(f'<item id="t{n}" href="text/{name}"/>' for n, name in enumerate(texts))
    spine = "".join(f'<itemref idref="t{n}"/>' for n, _ in enumerate(texts))
    spine = f'<spine page-progression-direction="{turns}">{spine}</spine>'
    return f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest>{spine}</package>'


def _navigation(texts: Mapping[str, tuple[str, str]], parts: Mapping[str, int]) -> str:
    lines = [f'<li><a href="text/{name}">{escape(title)}</a></li>' for name, (title, _) in texts.items()]
    for place, name in reversed([*enumerate(texts)]):
        if below := parts.get(name):
            inner = "".join(lines[place + 1 : place + 1 + below])
            lines[place : place + 1 + below] = [lines[place].replace("</li>", f"<ol>{inner}</ol></li>")]
    return f'<html {_XHTML}><body><nav epub:type="toc"><ol>{"".join(lines)}</ol></nav></body></html>'


def _text(title: str, body: str, language: str = "en") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html {_XHTML} lang="{language}"><head>'
        f"<title>{escape(title)}</title></head><body>{body}</body></html>"
    )
