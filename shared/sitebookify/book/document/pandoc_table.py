"""A table as pandoc's AST has it: columns are counted, spans stay within their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sitebookify.book.document.nodes import Attr, Blocks, Cell, Row, RowGroup, Table
from sitebookify.book.document.pandoc_json import Json, div

_MOST_COLUMNS = 63
"""Word opens no table with more; the cells of a wider one are set one below the other."""
_ALIGNMENTS = {"": "AlignDefault", "left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight"}

WriteBlocks = Callable[[Blocks], list[Json]]
WriteAttr = Callable[[Attr | None], list[Any]]


def pandoc_table(table: Table, blocks: WriteBlocks, caption: list[Json], attr: WriteAttr) -> list[Json]:
    """The table, or its cells' blocks in a Div where it is too wide; ``blocks`` and ``attr`` write what is in it."""
    groups = [group for group in (table.head, *table.bodies, table.foot) if group]
    grids = [_headers(group.rows) for group in groups]
    columns = max((len(row) for grid in grids for row in grid), default=0)
    if not 0 < columns <= _MOST_COLUMNS:
        cells = (cell for group in groups for row in group.rows for cell in row.cells)
        laid = [block for cell in cells for block in blocks(cell.blocks)]
        return [div(caption + laid, attr(table.attr))]
    bodies = [_body(body, columns, blocks, attr) for body in table.bodies]
    column = [{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]
    ends = [_end(group, columns, blocks, attr) for group in (table.head, table.foot)]
    content = [attr(table.attr), [None, caption], [column] * columns, ends[0], bodies, ends[1]]
    return [{"t": "Table", "c": content}]


def _body(group: RowGroup, columns: int, blocks: WriteBlocks, attr: WriteAttr) -> list[Any]:
    return [attr(group.attr), _head_columns(_headers(group.rows)), [], _rows(group, columns, blocks, attr)]


def _end(group: RowGroup | None, columns: int, blocks: WriteBlocks, attr: WriteAttr) -> list[Any]:
    return [attr(group.attr), _rows(group, columns, blocks, attr)] if group else [attr(None), []]


def _rows(group: RowGroup, columns: int, blocks: WriteBlocks, attr: WriteAttr) -> list[Any]:
    """The rows, each as long as the table is wide: not all of pandoc's writers fill them up."""
    written = []
    for number, (row, covered) in enumerate(zip(group.rows, _headers(group.rows), strict=True)):
        cells = []
        for cell in row.cells:
            rowspan = min(cell.rowspan, len(group.rows) - number)
            align = {"t": _ALIGNMENTS[cell.align]}
            cells.append([attr(cell.attr), align, rowspan, cell.colspan, blocks(cell.blocks)])
        empty = [attr(None), {"t": "AlignDefault"}, 1, 1, []]
        written.append([attr(row.attr), cells + [empty] * (columns - len(covered))])
    return written


def _headers(rows: Sequence[Row]) -> list[list[bool]]:
    """For each row and column whether a header cell covers it; no row goes on far beyond the most columns."""
    grid: list[list[bool]] = []
    reaching: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        covered: list[bool] = []
        below: dict[int, tuple[Cell, int]] = {}
        for cell, first in _placed(row, reaching):
            covered += [False] * (first - len(covered))
            for column in range(first, first + cell.colspan):
                covered.append(cell.header)
                below[column] = (cell, cell.rowspan - 1)
            if len(covered) > _MOST_COLUMNS:
                break
        for column, (cell, rows_left) in reaching.items():
            covered += [False] * (column + 1 - len(covered))
            covered[column] = cell.header
            below[column] = (cell, rows_left - 1)
        reaching = {column: reach for column, reach in below.items() if reach[1] > 0}
        grid.append(covered)
    return grid


def _placed(row: Row, reaching: dict[int, tuple[Cell, int]]) -> Iterator[tuple[Cell, int]]:
    """The row's cells with their first columns: past those that cells from above reach into."""
    column = 0
    for cell in row.cells:
        while column in reaching:
            column += 1
        yield cell, column
        column += cell.colspan


def _head_columns(grid: Sequence[list[bool]]) -> int:
    """How many columns from the first on hold header cells only."""
    counts = [row.index(False) if False in row else len(row) for row in grid]
    return min(counts, default=0)
