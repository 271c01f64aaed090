"""Tables: those that only lay out a page become plain blocks."""

from __future__ import annotations

from sitebookify.book.html.vocabulary import CELLS, HEADINGS, TABLE_PARTS
from sitebookify.book.tree import Element, elements, make, unwrap, words_of


def normalise(root: Element) -> None:
    """Leave only tables that hold data; the innermost are judged first."""
    for table in reversed([*root.iter("table")]):
        if table.getparent() is not None and _is_layout(table):
            _flatten(table)


def _is_layout(table: Element) -> bool:
    """True for a table with one filled cell, one that says it is for presentation, and a row of parts with headings."""
    cells = [cell for cell in _own(table, *CELLS) if words_of(cell) or cell.find(".//img") is not None]
    if (table.get("role") or "") in ("presentation", "none") or len(cells) < 2:
        return True
    row = len({cell.getparent() for cell in cells}) == 1 and all(cell.tag == "td" for cell in cells)
    return row and any(next(cell.iter(*HEADINGS), None) is not None for cell in cells)


def _own(table: Element, *tags: str) -> list[Element]:
    """The parts of a table without those of tables inside it."""
    return [part for part in table.iter(*tags) if next(part.iterancestors("table"), None) is table]


def _flatten(table: Element) -> None:
    for cell in _own(table, *CELLS, "caption"):
        cell.tag = "div"
    for part in [part for part in elements(table) if part.tag in TABLE_PARTS and _belongs(part, table)]:
        unwrap(part)
    if anchor := table.get("id"):
        table.insert(0, make("span", id=anchor))
    unwrap(table)


def _belongs(part: Element, table: Element) -> bool:
    return next(part.iterancestors("table"), None) is table
