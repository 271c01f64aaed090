"""A table as pandoc's AST has it: columns are counted, rows filled up, cells that overlap cut short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sitebookify.book.document.nodes import Attr, Blocks, Cell, Row, RowGroup, Table
from sitebookify.book.document.pandoc_json import Json, div
from sitebookify.book.document.walk import cells_of

_MOST_COLUMNS = 63
"""Word opens no table with more; the cells of a wider one are set one below the other."""
_ALIGNMENTS = {"": "AlignDefault", "left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight"}

_Covered = dict[int, tuple[Cell, int]]
"""Columns with the cell that covers each, and for how many rows."""
_PlacedCell = tuple[Cell, int, int]
"""A cell, and the columns and rows that it has room for."""
WriteBlocks = Callable[[Blocks], list[Json]]
WriteAttr = Callable[[Attr | None], list[Any]]


class _TooWide(Exception):
    """The table has more columns than Word opens."""


@dataclass(frozen=True, slots=True)
class _LaidRow:
    """A row with its cells.

    ``headers`` tells for each column whether a header cell covers it, or None where no cell does.
    """

    row: Row
    cells: tuple[_PlacedCell, ...]
    headers: tuple[bool | None, ...]


def pandoc_table(table: Table, blocks: WriteBlocks, caption: list[Json], attr: WriteAttr) -> list[Json]:
    """The table, or its cells' blocks in a Div where it is too wide; ``blocks`` and ``attr`` write what is in it."""
    try:
        head, *bodies, foot = map(_laid, (table.head, *table.bodies, table.foot))
    except _TooWide:
        return [_cells_below_each_other(table, blocks, caption, attr)]
    columns = max(map(_width, (head, *bodies, foot)))
    if not columns:
        return [div(caption, attr(table.attr))]

    def rows(laid: Sequence[_LaidRow]) -> list[Any]:
        return [_row(row, columns, blocks, attr) for row in laid]

    written_bodies = []
    for body, laid in zip(table.bodies, bodies, strict=True):
        written_bodies.append([attr(body.attr), _head_columns(laid), [], rows(laid)])
    column = [{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]
    content = [
        attr(table.attr),
        [None, caption],
        [column] * columns,
        [attr(table.head.attr if table.head else None), rows(head)],
        written_bodies,
        [attr(table.foot.attr if table.foot else None), rows(foot)],
    ]
    return [{"t": "Table", "c": content}]


def _cells_below_each_other(table: Table, blocks: WriteBlocks, caption: list[Json], attr: WriteAttr) -> Json:
    contents = [*caption]
    for cell in cells_of(table):
        contents += blocks(cell.blocks)
    return div(contents, attr(table.attr))


def _width(laid: Sequence[_LaidRow]) -> int:
    return max((len(row.headers) for row in laid), default=0)


def _row(laid: _LaidRow, columns: int, blocks: WriteBlocks, attr: WriteAttr) -> list[Any]:
    """The row, filled up to the width of the table: not all of pandoc's writers do so."""
    cells = []
    for cell, width, height in laid.cells:
        align = {"t": _ALIGNMENTS[cell.align]}
        cells.append([attr(cell.attr), align, height, width, blocks(cell.blocks)])
    empty = [attr(None), {"t": "AlignDefault"}, 1, 1, []]
    free = columns - sum(1 for header in laid.headers if header is not None)
    return [attr(laid.row.attr), cells + [empty] * free]


def _laid(group: RowGroup | None) -> list[_LaidRow]:
    """The rows of a group; no more of a span is looked at than shows that it is too wide.

    Raises:
        _TooWide: a row has too many columns.
    """
    laid: list[_LaidRow] = []
    covered: _Covered = {}
    rows = group.rows if group else ()
    for number, row in enumerate(rows):
        cells, covered = _placed(row, covered, len(rows) - number)
        last = max(covered, default=-1)
        headers = tuple(covered[at][0].header if at in covered else None for at in range(last + 1))
        laid.append(_LaidRow(row, cells, headers))
        covered = {at: (cell, height - 1) for at, (cell, height) in covered.items() if height > 1}
    return laid


def _placed(row: Row, covered: _Covered, rows_left: int) -> tuple[tuple[_PlacedCell, ...], _Covered]:
    """The row's cells, and all columns that are covered: by them, and by ``covered``, the cells above."""
    cells: list[_PlacedCell] = []
    covered_then = dict(covered)
    column = 0
    for cell in row.cells:
        while column in covered:
            column += 1
        height = min(cell.rowspan, rows_left)
        width = _free(column, min(cell.colspan, _MOST_COLUMNS + 1), covered)
        if column + width > _MOST_COLUMNS:
            raise _TooWide
        covered_then.update(dict.fromkeys(range(column, column + width), (cell, height)))
        cells.append((cell, width, height))
        column += width
    return tuple(cells), covered_then


def _free(first: int, width: int, covered: _Covered) -> int:
    """How many of so many columns are free from the first on."""
    return next((at for at in range(1, width) if first + at in covered), width)


def _head_columns(rows: Sequence[_LaidRow]) -> int:
    """How many columns from the first on hold header cells only."""
    counts = []
    for row in rows:
        others = (column for column, header in enumerate(row.headers) if not header)
        counts.append(next(others, len(row.headers)))
    return min(counts, default=0)
