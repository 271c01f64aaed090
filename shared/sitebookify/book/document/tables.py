"""The tables of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast, get_args

from sitebookify.book.document.blocks import BlockBuilder, boxed, loosened
from sitebookify.book.document.context import integer
from sitebookify.book.document.nodes import Alignment, Block, Cell, Row, RowGroup, Table
from sitebookify.book.tree import Element

_LARGEST_SPAN = 1000
"""HTML's own limit for ``colspan``."""
_SCOPES = frozenset(("row", "col", "rowgroup", "colgroup"))


def table(builder: BlockBuilder, node: Element, depth: int) -> Iterable[Block]:
    """The table; where it has no rows, only what its caption says."""
    attr = builder.page.attr(node)
    caption = node.find("caption")
    words = loosened(builder.flow(caption, depth + 1)) if caption is not None else ()
    groups: dict[str, list[RowGroup]] = {"thead": [], "tbody": [], "tfoot": []}
    loose: list[Row] = []
    for child in node:
        if child.tag == "tr":
            loose += _rows(builder, [child], depth + 1)
        elif child.tag in groups:
            own = builder.page.attr(child)
            rows = tuple(_rows(builder, child.iterchildren("tr"), depth + 1))
            if rows:
                groups[str(child.tag)].append(RowGroup(rows, own))
    if loose:
        groups["tbody"].append(RowGroup(tuple(loose)))
    if not any(groups.values()):
        return boxed(words, attr)
    return [Table(tuple(groups["tbody"]), _joined(groups["thead"]), _joined(groups["tfoot"]), words, attr)]


def _joined(groups: list[RowGroup]) -> RowGroup | None:
    """One group of all their rows: a table has one head and one foot."""
    if len(groups) < 2:
        return groups[0] if groups else None
    return RowGroup(tuple(row for group in groups for row in group.rows), groups[0].attr)


def _rows(builder: BlockBuilder, rows: Iterable[Element], depth: int) -> Iterator[Row]:
    for row in rows:
        attr = builder.page.attr(row)
        cells = tuple(_cell(builder, cell, depth + 1) for cell in row.iterchildren("td", "th"))
        if cells:
            yield Row(cells, attr)


def _cell(builder: BlockBuilder, node: Element, depth: int) -> Cell:
    attr = builder.page.attr(node)
    align = (node.get("align") or "").lower()
    scope = (node.get("scope") or "").lower()
    with builder.page.inside(node):
        blocks = loosened(builder.flow(node, depth))
    return Cell(
        blocks,
        header=node.tag == "th",
        colspan=_span(node.get("colspan")),
        rowspan=_span(node.get("rowspan")),
        align=cast("Alignment", align if align in get_args(Alignment) else ""),
        scope=cast("Any", scope if node.tag == "th" and scope in _SCOPES else ""),
        attr=attr,
    )


def _span(value: str | None) -> int:
    return min(max(integer(value) or 1, 1), _LARGEST_SPAN)
