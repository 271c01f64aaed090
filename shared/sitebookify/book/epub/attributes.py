"""Which attributes of clean HTML come into the book, and in what form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import EPUB, XML, language_of
from sitebookify.book.epub.url import written
from sitebookify.book.tree import without_controls

Attributes = Iterable[tuple[str, str | None]]
"""Names, in lxml's notation, with values; None and "" mean that the attribute is not set."""

_TYPES = frozenset({"1", "a", "A", "i", "I"})
_CLASSES = frozenset({"admonition", "note", "tip", "important", "warning", "caution", "admonition-title"})
_INTEGER = re.compile(r"-?[0-9]{1,6}")


def attributes(tag: str, node: Element) -> dict[str, str]:
    """What an element ``tag`` made from ``node`` gets, besides an id."""
    found = [*_language(node), *_direction(tag, node), *_OF.get(tag, _none)(node)]
    return {name: without_controls(value) for name, value in found if value}


def _none(_node: Element) -> Attributes:
    return ()


def _language(node: Element) -> Attributes:
    language = language_of(node.get("lang") or "")
    return ("lang", language), (f"{{{XML}}}lang", language)


def _direction(tag: str, node: Element) -> Attributes:
    default = "ltr" if tag == "bdo" else None  # bdo means nothing without it
    yield "dir", node.get("dir") if node.get("dir") in ("ltr", "rtl") else default


def _of_link(node: Element) -> Attributes:
    yield "href", written(node.get("href") or "")
    yield "title", node.get("title")
    if node.get("role") in ("doc-noteref", "doc-backlink"):
        yield "role", node.get("role")
    if node.get("role") == "doc-noteref":
        yield f"{{{EPUB}}}type", "noteref"


def _of_image(node: Element) -> Attributes:
    yield "src", node.get("src")
    yield "title", node.get("title")
    for name in ("width", "height"):
        value = _integer(node.get(name))
        yield name, value if value and 0 < int(value) < 10_000 else None


def _of_list(node: Element) -> Attributes:
    yield "start", _integer(node.get("start"))
    yield "type", node.get("type") if node.get("type") in _TYPES else None
    yield "reversed", "reversed" if node.get("reversed") is not None else None


def _of_item(node: Element) -> Attributes:
    parent = node.getparent()
    if parent is not None and parent.tag == "ol":
        yield "value", _integer(node.get("value"))


def _of_cell(node: Element) -> Attributes:
    for name in ("colspan", "rowspan"):
        span = _integer(node.get(name))
        yield name, span if span and 1 < int(span) <= 1000 else None
    if node.tag == "th" and node.get("scope") in ("row", "col", "rowgroup", "colgroup"):
        yield "scope", node.get("scope")
    if node.get("align") in ("left", "center", "right"):
        yield "class", f"align-{node.get('align')}"


def _of_box(node: Element) -> Attributes:
    yield "class", " ".join(name for name in (node.get("class") or "").split() if name in _CLASSES)
    if node.get("role") == "doc-endnotes":
        yield "role", "doc-endnotes"
        yield f"{{{EPUB}}}type", "footnotes"


def _integer(value: str | None) -> str | None:
    return str(int(value)) if value and _INTEGER.fullmatch(value) else None


_OF: dict[str, Callable[[Element], Attributes]] = {
    "a": _of_link,
    "abbr": lambda node: [("title", node.get("title"))],
    "div": _of_box,
    "img": _of_image,
    "li": _of_item,
    "ol": _of_list,
    "p": _of_box,
    "section": _of_box,
    "td": _of_cell,
    "th": _of_cell,
}
