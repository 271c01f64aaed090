"""How cells of tables are aligned, by style sheets' usual classes and inline style: as attributes of the cells."""

from __future__ import annotations

import re
from itertools import chain, repeat

from sitebookify.book.extract.clean.questions import own_parts
from sitebookify.book.html.vocabulary import CELLS
from sitebookify.book.tree import Element, lower_classes_of

_STYLE = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center|start|end)\b", re.IGNORECASE)
_CLASS = re.compile(r"(?:has-)?(?:text|align|halign|tbl-align|cell)-?(?:align-)?(left|right|center|centre)")
_SAME = {"start": "left", "end": "right", "centre": "center", "middle": "center"}
_LARGEST_SPAN = 20


def normalise(root: Element) -> None:
    """Give each cell the alignment that it, its row or its column has."""
    for table in [*root.iter("table")]:
        columns = _columns(table)
        for row in own_parts(table, "tr"):
            of_row = _stated(row)
            for cell, of_column in zip(row.iterchildren(*CELLS), chain(columns, repeat("")), strict=False):
                _align(cell, _stated(cell) or of_row or of_column)


def _align(cell: Element, alignment: str) -> None:
    cell.attrib.pop("align", "")
    if alignment:
        cell.set("align", alignment)


def _columns(table: Element) -> list[str]:
    """The alignment of each column, as ``col`` says."""
    columns: list[str] = []
    for column in table.iterfind("./colgroup/col"):
        columns += [_stated(column)] * _span(column)
    return columns


def _span(column: Element) -> int:
    """How many columns it is for: no more than a table can reasonably have."""
    span = (column.get("span") or "1")[:4]
    return min(int(span), _LARGEST_SPAN) if span.isdecimal() else 1


def _stated(element: Element) -> str:
    """The alignment that the element itself states, or ""."""
    style = _STYLE.search(element.get("style", ""))
    by_class = filter(None, map(_CLASS.fullmatch, lower_classes_of(element)))
    match = style or next(by_class, None)
    stated = match[1] if match else element.get("align", "").strip()
    alignment = _SAME.get(stated.lower(), stated.lower())
    return alignment if alignment in ("left", "right", "center") else ""
