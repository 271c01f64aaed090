"""Rows of cells as a grid: each cell at the column where HTML puts it, cut short where it would overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sitebookify.book.document.nodes import Cell, Row


class TooWide(Exception):
    """A row has more columns than may be."""


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell, its first column, and the columns and rows that it has room for."""

    cell: Cell
    column: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LaidRow:
    """A row with its own cells; ``covering`` has by column what stands there, cells of rows above among it."""

    row: Row
    cells: tuple[PlacedCell, ...]
    covering: Mapping[int, Cell]


def laid_out(rows: Sequence[Row], most: int) -> list[LaidRow]:
    """The rows of a group, beyond whose last no cell reaches.

    Raises:
        TooWide: a row has more than ``most`` columns.
    """
    laid: list[LaidRow] = []
    covered: dict[int, tuple[Cell, int]] = {}
    for number, row in enumerate(rows):
        covered = {column: (cell, end) for column, (cell, end) in covered.items() if end > number}
        cells = tuple(_placed(row, covered, len(rows) - number, most))
        for placed in cells:
            columns = range(placed.column, placed.column + placed.width)
            covered.update(dict.fromkeys(columns, (placed.cell, number + placed.height)))
        laid.append(LaidRow(row, cells, {column: cell for column, (cell, _) in covered.items()}))
    return laid


def width_of(rows: Iterable[LaidRow]) -> int:
    """The columns of the widest row."""
    return max((max(row.covering) + 1 for row in rows if row.covering), default=0)


def _placed(row: Row, covered: Mapping[int, object], rows_left: int, most: int) -> Iterator[PlacedCell]:
    column = 0
    for cell in row.cells:
        while column in covered:
            column += 1
        span = min(cell.colspan, most + 1)
        width = next((at for at in range(1, span) if column + at in covered), span)
        if column + width > most:
            raise TooWide
        yield PlacedCell(cell, column, width, min(cell.rowspan, rows_left))
        column += width
