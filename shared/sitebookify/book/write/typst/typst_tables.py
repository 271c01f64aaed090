"""Tables: rows of cells with their spans as the full grid that typst asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sitebookify.book.document.nodes import Cell, Row, Table
from sitebookify.book.document.walk import cells_of, rows_of
from sitebookify.book.write.typst.typst_syntax import call, group

_MOST_COLUMNS = 40
"""Wider tables do not fit on a page: their cells are set one below the other."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell, its first column, and how many rows it reaches over: never past the last of its group."""

    cell: Cell
    column: int
    height: int


def grid(table: Table, write: Callable[[Cell], str], *, flat: bool = False) -> str:
    """The table; ``write`` writes what is in a cell, ``flat`` sets the cells one below the other."""
    heads = table.head.rows if table.head else ()
    bodies = list(rows_of(table))[len(heads) :]
    placed_heads = _placed(heads)
    placed_bodies = _placed(bodies)
    if flat or placed_heads is None or placed_bodies is None:
        return group(group([write(cell), "parbreak()"]) for cell in cells_of(table))
    columns = max(_width(placed_heads), _width(placed_bodies))
    if not columns:
        return group([])
    arguments = [f"columns: {columns}"]
    if heads:
        arguments.append(call("table.header", *_cells(placed_heads, columns, write)))
    return call("table", *arguments, *_cells(placed_bodies, columns, write))


def _placed(rows: Sequence[Row]) -> list[list[_Placed]] | None:
    """The rows' cells where HTML puts them, or None where they need more columns than a page has."""
    free_from = [0] * _MOST_COLUMNS
    """For each column the first row in which no cell above reaches into it."""
    placed_rows = []
    for number, row in enumerate(rows):
        placed_row = []
        column = 0
        for cell in row.cells:
            column = _gap(free_from, number, column, cell.colspan)
            end = column + cell.colspan
            if end > _MOST_COLUMNS:
                return None
            height = min(cell.rowspan, len(rows) - number)
            free_from[column:end] = [number + height] * cell.colspan
            placed_row.append(_Placed(cell, column, height))
            column = end
        placed_rows.append(placed_row)
    return placed_rows


def _gap(free_from: Sequence[int], row: int, start: int, width: int) -> int:
    """The first column from ``start`` on from which ``width`` columns are free in the row."""
    first = start
    for column in range(start, len(free_from)):
        if column >= first + width:
            break
        if free_from[column] > row:
            first = column + 1
    return first


def _width(rows: Iterable[Iterable[_Placed]]) -> int:
    ends = (placed.column + placed.cell.colspan for row in rows for placed in row)
    return max(ends, default=0)


def _cells(rows: Sequence[Sequence[_Placed]], columns: int, write: Callable[[Cell], str]) -> Iterator[str]:
    """The cells in typst's order, empty ones where HTML has none."""
    free_from = [0] * columns
    for number, row in enumerate(rows):
        by_column = {placed.column: placed for placed in row}
        for column in range(columns):
            if free_from[column] > number:
                continue
            placed = by_column.get(column)
            if placed is None:
                yield "[]"
                continue
            width = placed.cell.colspan
            free_from[column : column + width] = [number + placed.height] * width
            yield call("table.cell", *_shape(placed), write(placed.cell))


def _shape(placed: _Placed) -> Iterator[str]:
    if placed.cell.colspan > 1:
        yield f"colspan: {placed.cell.colspan}"
    if placed.height > 1:
        yield f"rowspan: {placed.height}"
    if placed.cell.align in ("center", "right"):
        yield f"align: {placed.cell.align}"
