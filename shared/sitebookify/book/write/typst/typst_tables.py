"""Tables: rows of cells with their spans as the full grid that typst asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sitebookify.book.document.grid import LaidRow, PlacedCell, TooWide, laid_out, width_of
from sitebookify.book.document.nodes import Cell, Table
from sitebookify.book.document.walk import cells_of, rows_of
from sitebookify.book.write.typst.typst_syntax import call, group

_MOST_COLUMNS = 40
"""Wider tables do not fit on a page: their cells are set one below the other."""


def grid(table: Table, write: Callable[[Cell], str], *, flat: bool = False) -> str:
    """The table; ``write`` writes what is in a cell, ``flat`` sets the cells one below the other."""
    heads = table.head.rows if table.head else ()
    bodies = tuple(rows_of(table))[len(heads) :]
    most = 0 if flat else _MOST_COLUMNS
    try:
        laid_heads, laid_bodies = laid_out(heads, most), laid_out(bodies, most)
    except TooWide:
        return group(group([write(cell), "parbreak()"]) for cell in cells_of(table))
    columns = width_of((*laid_heads, *laid_bodies))
    if not columns:
        return group([])
    arguments = [f"columns: {columns}"]
    if heads:
        arguments.append(call("table.header", *_cells(laid_heads, columns, write)))
    return call("table", *arguments, *_cells(laid_bodies, columns, write))


def _cells(rows: Sequence[LaidRow], columns: int, write: Callable[[Cell], str]) -> Iterator[str]:
    """The cells in typst's order, empty ones where HTML has none."""
    for row in rows:
        own = {placed.column: placed for placed in row.cells}
        for column in range(columns):
            placed = own.get(column)
            if placed:
                yield call("table.cell", *_shape(placed), write(placed.cell))
            elif column not in row.covering:
                yield "[]"


def _shape(placed: PlacedCell) -> Iterator[str]:
    if placed.width > 1:
        yield f"colspan: {placed.width}"
    if placed.height > 1:
        yield f"rowspan: {placed.height}"
    if placed.cell.align in ("center", "right"):
        yield f"align: {placed.cell.align}"
