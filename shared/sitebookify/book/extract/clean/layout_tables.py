"""Tables: those that only lay out a page become plain blocks."""

from __future__ import annotations

from sitebookify.book.extract.clean.questions import is_empty, own_parts
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, TABLE_PARTS
from sitebookify.book.tree import Element, holds, make, unwrap


def normalise(root: Element) -> None:
    """Leave only tables that hold data; the innermost are judged first."""
    for table in reversed([*root.iter("table")]):
        if table is not root and _is_layout(table):
            _flatten(table)


def _is_layout(table: Element) -> bool:
    """True for a table with one filled cell, one that says it is for presentation, and a row of parts with headings."""
    cells = [cell for cell in own_parts(table, *CELLS) if not is_empty(cell)]
    if table.get("role") in ("presentation", "none") or len(cells) < 2:
        return True
    rows = {cell.getparent() for cell in cells}
    is_row = len(rows) == 1 and all(cell.tag == "td" for cell in cells)
    return is_row and any(holds(cell, *HEADINGS) for cell in cells)


def _flatten(table: Element) -> None:
    parts = own_parts(table, *TABLE_PARTS)
    for part in parts:
        if part.tag in CELLS or part.tag == "caption":
            part.tag = "div"
        else:
            unwrap(part)
    anchor = table.get("id")
    if anchor:
        table.insert(0, make("span", id=anchor))
    unwrap(table)
