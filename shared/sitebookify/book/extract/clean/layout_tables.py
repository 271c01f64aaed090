"""Tables: those that only lay out a page become plain blocks; cells of all others state their alignment."""

from __future__ import annotations

import re
from itertools import chain, repeat

from sitebookify.book.extract.clean.elements import is_empty, number_in, own_parts
from sitebookify.book.html.vocabulary import CELLS, HEADINGS, TABLE_PARTS
from sitebookify.book.tree import Element, holds, lower_classes_of, make, unwrap

_STYLE = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center|start|end)\b", re.IGNORECASE)
_CLASS = re.compile(r"(?:has-)?(?:text|align|halign|tbl-align|cell)-?(?:align-)?(left|right|center|centre)")
_SAME = {"start": "left", "end": "right", "centre": "center", "middle": "center"}
_LARGEST_SPAN = 20
"""Columns that one ``col`` is for at most."""


def normalise(root: Element) -> None:
    """Leave only tables that hold data, the innermost judged first, and align their cells as style or classes say."""
    for table in reversed([*root.iter("table")]):
        if table is not root and _is_layout(table):
            _flatten(table)
    for table in [*root.iter("table")]:
        _align(table)


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


def _align(table: Element) -> None:
    """Give each cell the alignment that it, its row or its column has."""
    columns: list[str] = []
    for column in table.iterfind("./colgroup/col"):
        columns += [_stated(column)] * min(abs(number_in(column.get("span", "1"))), _LARGEST_SPAN)
    for row in own_parts(table, "tr"):
        of_row = _stated(row)
        for cell, of_column in zip(row.iterchildren(*CELLS), chain(columns, repeat("")), strict=False):
            alignment = _stated(cell) or of_row or of_column
            cell.attrib.pop("align", "")
            if alignment:
                cell.set("align", alignment)


def _stated(element: Element) -> str:
    """The alignment that the element itself states, or ""."""
    style = _STYLE.search(element.get("style", ""))
    by_class = filter(None, map(_CLASS.fullmatch, lower_classes_of(element)))
    match = style or next(by_class, None)
    stated = match[1] if match else element.get("align", "").strip()
    alignment = _SAME.get(stated.lower(), stated.lower())
    return alignment if alignment in ("left", "right", "center") else ""
