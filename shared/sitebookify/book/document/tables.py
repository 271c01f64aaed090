"""The tables of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import cast, get_args

from sitebookify.book.document.blocks import BlockBuilder, boxed, loosened, paragraphs
from sitebookify.book.document.context import integer
from sitebookify.book.document.nodes import Alignment, Attr, Block, Cell, HorizontalRule, Row, RowGroup, Scope, Table
from sitebookify.book.tree import Element

_LARGEST_SPAN = 1000
"""HTML's own limit for ``colspan``."""


def table(builder: BlockBuilder, node: Element, depth: int, attr: Attr | None) -> Sequence[Block]:
    """The table; what is misplaced in it stands before it, as HTML's parsers have it ("foster parenting")."""
    words: list[Block] = []
    astray: list[Block] = []
    groups: dict[str, list[RowGroup]] = {"thead": [], "tbody": [], "tfoot": []}
    loose: list[Row] = []
    for child in _parts(builder, node, ("caption", "tr", *groups), depth + 1, astray):
        if child.tag == "caption":
            words += builder.flow(child, depth + 1)
        elif child.tag == "tr":
            loose += _row(builder, child, depth + 1, astray)
        else:
            own = builder.page.attr(child)
            rows = _rows(builder, child, depth + 1, astray)
            if rows:
                groups[str(child.tag)].append(RowGroup(rows, own))
    if loose:
        groups["tbody"].append(RowGroup(tuple(loose)))
    if not any(groups.values()):
        return [*astray, *boxed(words, attr)]
    head, foot = _joined(groups["thead"]), _joined(groups["tfoot"])
    return [*astray, Table(tuple(groups["tbody"]), head, foot, loosened(words), attr)]


def _parts(
    builder: BlockBuilder, node: Element, names: Sequence[str], depth: int, astray: list[Block]
) -> Iterator[Element]:
    """The children with these names; what else the element holds is put with what is astray."""
    for part in builder.children(node, names, depth):
        if isinstance(part, Element):
            yield part
        else:
            astray += paragraphs(part)


def _joined(groups: list[RowGroup]) -> RowGroup | None:
    """One group of all their rows: a table has one head and one foot."""
    if len(groups) < 2:
        return groups[0] if groups else None
    rows = chain.from_iterable(group.rows for group in groups)
    return RowGroup(tuple(rows), groups[0].attr)


def _rows(builder: BlockBuilder, group: Element, depth: int, astray: list[Block]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for child in _parts(builder, group, ("tr",), depth, astray):
        rows += _row(builder, child, depth, astray)
    return tuple(rows)


def _row(builder: BlockBuilder, row: Element, depth: int, astray: list[Block]) -> list[Row]:
    """The row, if it has cells, and more in them than a rule: tables have lines of their own."""
    attr = builder.page.attr(row)
    cells = [_cell(builder, child, depth + 1) for child in _parts(builder, row, ("td", "th"), depth, astray)]
    if not cells or (attr is None and _is_rule(cells)):
        return []
    return [Row(tuple(cells), attr)]


def _is_rule(cells: list[Cell]) -> bool:
    """True where there is nothing in the cells but rules, which lie between two rows."""
    if any(cell.attr is not None or cell.rowspan > 1 for cell in cells):
        return False
    blocks = list(chain.from_iterable(cell.blocks for cell in cells))
    return bool(blocks) and all(isinstance(block, HorizontalRule) for block in blocks)


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
        scope=cast("Scope", scope if node.tag == "th" and scope in get_args(Scope) else ""),
        attr=attr,
    )


def _span(value: str | None) -> int:
    return min(max(integer(value) or 1, 1), _LARGEST_SPAN)
