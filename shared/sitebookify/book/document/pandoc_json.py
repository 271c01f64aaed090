"""The vocabulary of pandoc's AST as JSON (pandoc-types 1.23)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sitebookify.book.document.nodes import Attr

Json = dict[str, Any]

API_VERSION = (1, 23, 1)
"""Of pandoc-types; pandoc reads any 1.23."""
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")


def node(kind: str, content: Any = None) -> Json:
    """A node of pandoc's, by its name."""
    return {"t": kind} if content is None else {"t": kind, "c": content}


SPACE = node("Space")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a page's things are in the book.

    ``page`` is the anchor of its title. ``ids`` maps the page's ids to anchors, ``links`` absolute URLs to what they
    become, ``images`` absolute URLs to file names. An id that is not here is left out; a link to the web stays as it
    is, any other loses its target; an image becomes its alternative text. ``shift`` is added to the level of headings,
    up to ``deepest``. ``quotes`` gives the marks around a quotation that is in so many others; without, they are
    pandoc's, which knows English ones.
    """

    page: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    shift: int = 0
    deepest: int = 6
    quotes: Callable[[int], tuple[str, str]] | None = None


def pandoc_document(blocks: Iterable[Json], meta: Mapping[str, Json] | None = None) -> Json:
    """A whole document, as ``pandoc -f json`` reads it."""
    return {"pandoc-api-version": API_VERSION, "meta": meta or {}, "blocks": [*blocks]}


def words(text: str) -> list[Json]:
    """Text as pandoc's words and spaces."""
    inlines: list[Json] = []
    for number, word in enumerate(_WHITE_SPACE.split(text)):
        if number:
            inlines.append(SPACE)
        if word:
            inlines.append(node("Str", word))
    return inlines


def pandoc_attr(name: str, classes: Iterable[str] = (), attr: Attr | None = None, **more: str) -> list[Any]:
    """Pandoc's Attr: identifier, classes, and key-value pairs."""
    values = {"lang": attr.lang, "dir": attr.dir} if attr else {}
    pairs = [[key, value] for key, value in {**values, **more}.items() if value]
    return [name, [*classes], pairs]


def div(blocks: list[Json], attr: list[Any]) -> Json:
    """Blocks with something to say about them."""
    return node("Div", [attr, blocks])


def raised(mark: str) -> Json:
    """A mark above the line."""
    return node("Superscript", [node("Str", mark)])
