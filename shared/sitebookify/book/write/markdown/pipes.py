"""Tables with pipes: what fits into one, and how it is lined up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import chain

from sitebookify.book.document.nodes import Cell, Inlines, RowGroup, Table
from sitebookify.book.document.walk import only_line, rows_of

_WIDEST = 72
"""Columns of all cells together up to which they are lined up."""
_NARROWEST = 3
_BORDERS = {"": ("-", "-"), "left": (":", "-"), "center": (":", ":"), "right": ("-", ":")}

Grid = list[tuple[Cell, ...]]


def tagged_groups(table: Table) -> list[tuple[str, RowGroup]]:
    """The table's groups of rows, as they follow each other, with the names of HTML's elements."""
    bodies = [("tbody", body) for body in table.bodies]
    groups = [("thead", table.head), *bodies, ("tfoot", table.foot)]
    return [(tag, group) for tag, group in groups if group and group.rows]


def grid_of(table: Table) -> Grid | None:
    """The table's rows of cells; the first is the head, made up of empty cells where there is none.

    None where pipes cannot hold the table: it is no plain grid, or a cell holds more than a line.
    """
    grid = [row.cells for row in rows_of(table)]
    heads = len(table.head.rows) if table.head else 0
    if not grid or not grid[0] or heads > 1:
        return None
    width = len(grid[0])
    if any(len(row) != width for row in grid) or not all(map(_is_line, chain.from_iterable(grid))):
        return None
    has_head = heads == 1 or all(cell.header for cell in grid[0])
    return grid if has_head else [(Cell((), header=True),) * width, *grid]


def _is_line(cell: Cell) -> bool:
    return cell.colspan == 1 == cell.rowspan and content_of(cell) is not None


def content_of(cell: Cell) -> Inlines | None:
    """The line that is all the cell holds; None where it holds more."""
    line = only_line(cell.blocks)
    return line.content if line else None if cell.blocks else ()


def pipe_table(lines: Sequence[Sequence[str]], aligns: Sequence[str]) -> str:
    """The table of Markdown's cells, head first, its columns lined up where they are narrow enough."""
    widths = [max(_NARROWEST, *map(width, column)) for column in zip(*lines, strict=True)]
    if sum(widths) <= _WIDEST:
        head, *rows = (_row(line, widths, aligns) for line in lines)
    else:
        head, *rows = (f"| {' | '.join(line)} |" for line in lines)
        widths = [2] * len(widths)
    borders = []
    for align, size in zip(aligns, widths, strict=True):
        start, end = _BORDERS[align]
        borders.append(start + "-" * size + end)
    return "\n".join([head, f"|{'|'.join(borders)}|", *rows])


def _row(line: Sequence[str], widths: Sequence[int], aligns: Sequence[str]) -> str:
    cells = [_padded(*cell) for cell in zip(line, widths, aligns, strict=True)]
    return f"| {' | '.join(cells)} |"


def _padded(text: str, size: int, align: str) -> str:
    room = size - width(text)
    before = {"right": room, "center": room // 2}.get(align, 0)
    return " " * before + text + " " * (room - before)


def width(text: str) -> int:
    """Columns that the text takes: one for a character, two for an East Asian one, none for accents."""
    if text.isascii():
        return len(text)
    columns = 0
    for sign in text:
        if not unicodedata.combining(sign):
            columns += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
    return columns
