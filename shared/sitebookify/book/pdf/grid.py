"""Tables: HTML's rows with their spans as the full grid that typst wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.pdf.strings import call, group

_MOST_COLUMNS = 40
"""Wider tables do not fit on a page: their cells are set one below the other."""


def grid(table: Element, cell: Callable[[Element], str]) -> str:
    """The table; ``cell`` writes what is in a cell."""
    heads, bodies = _rows(table)
    columns = max((sum(map(_columns, row)) for row in heads + bodies), default=0)
    if not 0 < columns <= _MOST_COLUMNS:
        return group(group([cell(each), "parbreak()"]) for row in heads + bodies for each in row)
    columns = max(_width(heads), _width(bodies))
    arguments = [f"columns: {columns}"]
    if heads:
        arguments.append(call("table.header", *_cells(heads, columns, cell)))
    return call("table", *arguments, *_cells(bodies, columns, cell))


def _rows(table: Element) -> tuple[list[list[Element]], list[list[Element]]]:
    heads: list[list[Element]] = []
    bodies: list[list[Element]] = []
    for section in table:
        kind = etree.QName(section).localname
        if kind in ("thead", "tbody", "tfoot"):
            (heads if kind == "thead" else bodies).extend(list(row) for row in section)
    return heads, bodies


def _columns(cell: Element) -> int:
    return int(cell.get("colspan") or 1)


def _width(rows: list[list[Element]]) -> int:
    """Columns of the rows, with those that cells of rows above reach into."""
    return max((at + _columns(each) for _, at, _, each in _placed(rows)), default=0)


def _placed(rows: list[list[Element]]) -> Iterator[tuple[int, int, int, Element]]:
    """Each cell with its row, its first column, and how many rows it reaches over: never past the last."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for each in row:
            while any((number, column + more) in taken for more in range(_columns(each))):
                column += 1
            height = min(int(each.get("rowspan") or 1), len(rows) - number)
            taken |= {(number + down, column + more) for down in range(height) for more in range(_columns(each))}
            yield number, column, height, each
            column += _columns(each)


def _cells(rows: list[list[Element]], columns: int, cell: Callable[[Element], str]) -> Iterator[str]:
    """The cells in typst's order, empty ones where HTML has none."""
    taken: set[tuple[int, int]] = set()
    placed = {(number, at): (height, each) for number, at, height, each in _placed(rows)}
    for number in range(len(rows)):
        for column in range(columns):
            if (number, column) in taken:
                continue
            if (found := placed.get((number, column))) is None:
                yield "[]"
                continue
            height, each = found
            width = _columns(each)
            taken |= {(number + down, column + more) for down in range(height) for more in range(width)}
            yield call("table.cell", *_shape(each, width, height), cell(each))


def _shape(cell: Element, width: int, height: int) -> Iterator[str]:
    if width > 1:
        yield f"colspan: {width}"
    if height > 1:
        yield f"rowspan: {height}"
    for side in ("center", "right"):
        if f"align-{side}" in (cell.get("class") or ""):
            yield f"align: {side}"
