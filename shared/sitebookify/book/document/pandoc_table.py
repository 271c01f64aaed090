"""A table as pandoc's AST has it: columns are counted, and rows filled up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sitebookify.book.document.grid import LaidRow, TooWide, laid_out, width_of
from sitebookify.book.document.nodes import Attr, Blocks, Table
from sitebookify.book.document.pandoc_json import Json, div, node
from sitebookify.book.document.walk import cells_of

_MOST_COLUMNS = 63
"""Word opens no table with more; the cells of a wider one are set one below the other."""
_ALIGNMENTS = {"": "AlignDefault", "left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight"}

WriteBlocks = Callable[[Blocks], list[Json]]
WriteAttr = Callable[[Attr | None], list[Any]]


def pandoc_table(table: Table, blocks: WriteBlocks, caption: list[Json], attr: WriteAttr) -> list[Json]:
    """The table, or its cells' blocks in a Div where it is too wide; ``blocks`` and ``attr`` write what is in it."""
    groups = (table.head, *table.bodies, table.foot)
    try:
        laid = [laid_out(group.rows if group else (), _MOST_COLUMNS) for group in groups]
    except TooWide:
        contents = [*caption]
        for cell in cells_of(table):
            contents += blocks(cell.blocks)
        return [div(contents, attr(table.attr))]
    columns = max(map(width_of, laid))
    if not columns:
        return [div(caption, attr(table.attr))]
    written = []
    for group, rows in zip(groups, laid, strict=True):
        of_group = attr(group.attr if group else None)
        written.append((of_group, [_row(row, columns, blocks, attr) for row in rows]))
    (head, *bodies, foot) = written
    written_bodies = []
    for rows, (of_body, of_rows) in zip(laid[1:-1], bodies, strict=True):
        written_bodies.append([of_body, _head_columns(rows), [], of_rows])
    column = [node("AlignDefault"), node("ColWidthDefault")]
    content = [attr(table.attr), [None, caption], [column] * columns, head, written_bodies, foot]
    return [node("Table", content)]


def _row(laid: LaidRow, columns: int, blocks: WriteBlocks, attr: WriteAttr) -> list[Any]:
    """The row, filled up to the width of the table: not all of pandoc's writers do so."""
    cells = []
    for placed in laid.cells:
        cell = placed.cell
        align = node(_ALIGNMENTS[cell.align])
        cells.append([attr(cell.attr), align, placed.height, placed.width, blocks(cell.blocks)])
    empty = [attr(None), node("AlignDefault"), 1, 1, []]
    return [attr(laid.row.attr), cells + [empty] * (columns - len(laid.covering))]


def _head_columns(rows: Sequence[LaidRow]) -> int:
    """How many columns from the first on hold header cells only."""
    counts = []
    for row in rows:
        column = 0
        while column in row.covering and row.covering[column].header:
            column += 1
        counts.append(column)
    return min(counts, default=0)
