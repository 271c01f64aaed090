"""Going through a document's nodes in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from sitebookify.book.document import nodes as n


def groups_of(table: n.Table) -> list[n.RowGroup]:
    """The table's groups of rows from head to foot."""
    groups = (table.head, *table.bodies, table.foot)
    return [group for group in groups if group is not None]


def rows_of(table: n.Table) -> Iterator[n.Row]:
    """The table's rows from head to foot."""
    for group in groups_of(table):
        yield from group.rows


def cells_of(table: n.Table) -> Iterator[n.Cell]:
    """The table's cells, row by row."""
    for row in rows_of(table):
        yield from row.cells


def _of_figure(figure: n.Figure) -> Sequence[Any]:
    return figure.caption + figure.blocks if figure.caption_first else figure.blocks + figure.caption


def _of_lines(block: n.LineBlock) -> Sequence[Any]:
    lines = ((n.LineBreak(), *line) for line in block.lines)
    return tuple(chain.from_iterable(lines))[1:]


_CHILDREN: dict[type, Callable[[Any], Sequence[Any]]] = {
    n.Admonition: lambda node: node.title + node.blocks,
    n.DefinitionItem: lambda node: node.terms + node.definitions,
    n.Details: lambda node: node.summary + node.blocks,
    n.Document: lambda node: node.blocks + node.notes,
    n.Figure: _of_figure,
    n.LineBlock: _of_lines,
    n.Tab: lambda node: node.label + node.blocks,
    n.Table: lambda node: (*node.caption, *groups_of(node)),
}
"""The nodes right inside each node, in reading order; between the lines of a `LineBlock` stands a `LineBreak`."""
for _kind in vars(n).values():
    for _field in ("blocks", "cells", "content", "items", "rows", "tabs"):
        if _field in getattr(_kind, "__struct_fields__", ()):
            _CHILDREN.setdefault(_kind, attrgetter(_field))
_LINES_AND_LISTS = frozenset((n.Plain, n.BulletList, n.OrderedList))
_BLOCKS = frozenset(n.Block.__args__) | {n.ListItem, n.Term, n.Definition, n.Cell, n.Tab}


def children(node: Any) -> Sequence[Any]:
    """The nodes right inside a node, in reading order; text is a ``str``."""
    getter = _CHILDREN.get(type(node))
    return getter(node) if getter else ()


def walk(*nodes: Iterable[Any]) -> Iterator[Any]:
    """The nodes and all nodes inside them, in reading order, without recursion; text is a ``str``."""
    stack = [*chain.from_iterable(nodes)][::-1]
    while stack:
        node = stack.pop()
        yield node
        getter = _CHILDREN.get(type(node))
        if getter:
            stack += getter(node)[::-1]


def text_of(nodes: Iterable[Any]) -> str:
    """The nodes' text: blocks and line breaks end a line, pictures and notes say nothing.

    Formulas are TeX, or the letters and signs of their MathML where that is all.
    """
    pieces: list[str] = []
    _collect(nodes, pieces)
    return "".join(pieces)


def _collect(nodes: Iterable[Any], pieces: list[str]) -> None:
    for node in nodes:
        kind = type(node)
        if kind is str:
            pieces.append(node)
        elif kind is n.LineBreak:
            pieces.append("\n")
        elif kind is n.Math:
            pieces.append(node.tex or _letters_of(node.mathml))
        elif kind is n.Ruby:
            pieces += [text for text, _ in node.segments]
        elif kind in _BLOCKS:
            _end_line(pieces)
            pieces.append(getattr(node, "text", ""))
            _collect(children(node), pieces)
            _end_line(pieces)
        elif kind is not n.Image:
            _collect(children(node), pieces)


def _letters_of(formula: n.MathNode | None) -> str:
    letters: list[str] = []
    stack = [formula] if formula else []
    while stack:
        node = stack.pop()
        letters.append(node.text)
        stack += node.children[::-1]
    return "".join(letters)


def _end_line(pieces: list[str]) -> None:
    last = next((piece for piece in reversed(pieces) if piece), "\n")
    if not last.endswith("\n"):
        pieces.append("\n")


def line_of(content: Iterable[n.Inline]) -> str:
    """The text of inlines on one line."""
    return " ".join(text_of(on_one_line(tuple(content))).split())


def runs_of(node: n.OrderedList) -> list[tuple[int, list[n.ListItem]]]:
    """The list's items in runs that count up, each with the number of its first."""
    runs: list[tuple[int, list[n.ListItem]]] = []
    number = following = node.start
    for item in node.items:
        number = number if item.value is None else item.value
        if not runs or number != following:
            runs.append((number, []))
        runs[-1][1].append(item)
        following = number + 1
        number += -1 if node.reversed else 1
    return runs


def is_task_list(node: n.BulletList) -> bool:
    """True where every item has a box to tick, which is its mark then."""
    return bool(node.items) and all(item.done is not None for item in node.items)


def is_line_with_lists(blocks: n.Blocks) -> bool:
    """True for lines and lists in which no line follows another, such as an item with a list nested in it."""
    previous: type | None = None
    for block in blocks:
        kind = type(block)
        if kind not in _LINES_AND_LISTS or kind is previous is n.Plain:
            return False
        previous = kind
    return True


def only_line(blocks: n.Blocks) -> n.Para | n.Plain | None:
    """The line that is all there is, if it is one."""
    return blocks[0] if len(blocks) == 1 and isinstance(blocks[0], n.Para | n.Plain) else None


def on_one_line(content: n.Inlines) -> n.Inlines:
    """A line of a bilingual book that has two, with a stroke between the languages; any other line as it is."""
    if len(content) != 3 or not isinstance(content[1], n.LineBreak):
        return content
    original, _, translation = content
    if not isinstance(translation, n.Span) or translation.kind != "translation":
        return content
    return (original, " / ", translation)
