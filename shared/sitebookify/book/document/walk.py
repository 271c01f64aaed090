"""Going through a document's nodes in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from sitebookify.book.document.nodes import (
    Admonition,
    Block,
    BlockQuote,
    BulletList,
    Cell,
    Code,
    Definition,
    DefinitionItem,
    DefinitionList,
    Details,
    Div,
    Document,
    Emph,
    Figure,
    Footnote,
    Header,
    Image,
    Inline,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Math,
    OrderedList,
    Para,
    Plain,
    Quoted,
    Row,
    RowGroup,
    Ruby,
    Span,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Tab,
    Table,
    TabSet,
    Term,
    Underline,
)

_CHILDREN: dict[type, tuple[str, ...]] = {
    Admonition: ("title", "blocks"),
    BlockQuote: ("blocks",),
    BulletList: ("items",),
    Cell: ("blocks",),
    Code: ("content",),
    Definition: ("blocks",),
    DefinitionItem: ("terms", "definitions"),
    DefinitionList: ("items",),
    Details: ("summary", "blocks"),
    Div: ("blocks",),
    Document: ("blocks", "notes"),
    Emph: ("content",),
    Figure: ("blocks", "caption"),
    Footnote: ("blocks",),
    Header: ("content",),
    Link: ("content",),
    ListItem: ("blocks",),
    OrderedList: ("items",),
    Para: ("content",),
    Plain: ("content",),
    Quoted: ("content",),
    Row: ("cells",),
    RowGroup: ("rows",),
    Span: ("content",),
    Strikeout: ("content",),
    Strong: ("content",),
    Subscript: ("content",),
    Superscript: ("content",),
    Tab: ("label", "blocks"),
    Table: ("caption", "head", "bodies", "foot"),
    TabSet: ("tabs",),
    Term: ("content",),
    Underline: ("content",),
}
"""The fields of each node that hold other nodes, in reading order. A figure's caption may come first."""
_BLOCKS = frozenset(Block.__args__) | {ListItem, Term, Definition, Cell, Tab}


def children(node: Any) -> Iterator[Any]:
    """The nodes right inside a node, in reading order; text is a ``str``."""
    names = _CHILDREN.get(type(node), ())
    if type(node) is Figure and node.caption_first:
        names = ("caption", "blocks")
    for name in names:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value
    if type(node) is LineBlock:
        for line in node.lines:
            yield from line


def walk(*nodes: Iterable[Any]) -> Iterator[Any]:
    """The nodes and all nodes inside them, in reading order, without recursion; text is a ``str``."""
    stack: list[Iterator[Any]] = [chain.from_iterable(nodes)]
    while stack:
        for node in stack[-1]:
            yield node
            if not isinstance(node, str):
                stack.append(children(node))
                break
        else:
            stack.pop()


def text_of(nodes: Iterable[Any]) -> str:
    """The nodes' text: blocks and line breaks end a line, formulas are TeX, pictures and notes say nothing."""
    pieces: list[str] = []
    _collect(nodes, pieces)
    return "".join(pieces)


def _collect(nodes: Iterable[Any], pieces: list[str]) -> None:
    for node in nodes:
        kind = type(node)
        if kind is str:
            pieces.append(node)
        elif kind is LineBreak:
            pieces.append("\n")
        elif kind is Math:
            pieces.append(node.tex)
        elif kind is Ruby:
            pieces += [text for text, _ in node.segments]
        elif kind in _BLOCKS:
            _end_line(pieces)
            pieces.append(getattr(node, "text", ""))
            _collect(children(node), pieces)
            _end_line(pieces)
        elif kind is not Image:
            _collect(children(node), pieces)


def _end_line(pieces: list[str]) -> None:
    last = next((piece for piece in reversed(pieces) if piece), "\n")
    if not last.endswith("\n"):
        pieces.append("\n")


def line_of(content: Iterable[Inline]) -> str:
    """The text of inlines on one line."""
    return " ".join(text_of(content).split())
