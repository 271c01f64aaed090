"""Going through a document's nodes in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from sitebookify.book.document.nodes import (
    Admonition,
    Block,
    BlockQuote,
    Blocks,
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
    Inlines,
    LineBlock,
    LineBreak,
    Link,
    ListItem,
    Math,
    MathNode,
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
    Translation,
    Underline,
)


def groups_of(table: Table) -> list[RowGroup]:
    """The table's groups of rows from head to foot."""
    groups = (table.head, *table.bodies, table.foot)
    return [group for group in groups if group is not None]


def rows_of(table: Table) -> Iterator[Row]:
    """The table's rows from head to foot."""
    for group in groups_of(table):
        yield from group.rows


def cells_of(table: Table) -> Iterator[Cell]:
    """The table's cells, row by row."""
    for row in rows_of(table):
        yield from row.cells


def _of_table(table: Table) -> Sequence[Any]:
    return (*table.caption, *groups_of(table))


def _of_figure(figure: Figure) -> Sequence[Any]:
    return figure.caption + figure.blocks if figure.caption_first else figure.blocks + figure.caption


def _of_lines(block: LineBlock) -> Sequence[Any]:
    lines = ((LineBreak(), *line) for line in block.lines)
    return tuple(chain.from_iterable(lines))[1:]


_Getter = Callable[[Any], Sequence[Any]]
_blocks: _Getter = attrgetter("blocks")
_content: _Getter = attrgetter("content")
_items: _Getter = attrgetter("items")

_CHILDREN: dict[type, _Getter] = {
    Admonition: lambda node: node.title + node.blocks,
    BlockQuote: _blocks,
    BulletList: _items,
    Cell: _blocks,
    Code: _content,
    Definition: _blocks,
    DefinitionItem: lambda node: node.terms + node.definitions,
    DefinitionList: _items,
    Details: lambda node: node.summary + node.blocks,
    Div: _blocks,
    Document: lambda node: node.blocks + node.notes,
    Emph: _content,
    Figure: _of_figure,
    Footnote: _blocks,
    Header: _content,
    LineBlock: _of_lines,
    Link: _content,
    ListItem: _blocks,
    OrderedList: _items,
    Para: _content,
    Plain: _content,
    Quoted: _content,
    Row: attrgetter("cells"),
    RowGroup: attrgetter("rows"),
    Span: _content,
    Strikeout: _content,
    Strong: _content,
    Subscript: _content,
    Superscript: _content,
    Tab: lambda node: node.label + node.blocks,
    Table: _of_table,
    TabSet: attrgetter("tabs"),
    Term: _content,
    Translation: _blocks,
    Underline: _content,
}
"""The nodes right inside each node, in reading order; between the lines of a `LineBlock` stands a `LineBreak`."""
_LINES_AND_LISTS = frozenset((Plain, BulletList, OrderedList))
_BLOCKS = frozenset(Block.__args__) | {ListItem, Term, Definition, Cell, Tab}


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
        elif kind is LineBreak:
            pieces.append("\n")
        elif kind is Math:
            pieces.append(node.tex or _letters_of(node.mathml))
        elif kind is Ruby:
            pieces += [text for text, _ in node.segments]
        elif kind in _BLOCKS:
            _end_line(pieces)
            pieces.append(getattr(node, "text", ""))
            _collect(children(node), pieces)
            _end_line(pieces)
        elif kind is not Image:
            _collect(children(node), pieces)


def _letters_of(formula: MathNode | None) -> str:
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


def line_of(content: Iterable[Inline]) -> str:
    """The text of inlines on one line."""
    return " ".join(text_of(on_one_line(tuple(content))).split())


def is_task_list(node: BulletList) -> bool:
    """True where every item has a box to tick, which is its mark then."""
    return bool(node.items) and all(item.done is not None for item in node.items)


def is_line_with_lists(blocks: Blocks) -> bool:
    """True for lines and lists in which no line follows another, such as an item with a list nested in it."""
    previous: type | None = None
    for block in blocks:
        kind = type(block)
        if kind not in _LINES_AND_LISTS or kind is previous is Plain:
            return False
        previous = kind
    return True


def on_one_line(content: Inlines) -> Inlines:
    """A line of a bilingual book that has two, with a stroke between the languages; any other line as it is."""
    if len(content) != 3 or not isinstance(content[1], LineBreak):
        return content
    original, _, translation = content
    if not isinstance(translation, Span) or translation.kind != "translation":
        return content
    return (original, " / ", translation)
