"""How cells of tables are aligned, by style sheets' usual classes and inline style: as attributes of the cells."""

from __future__ import annotations

import re

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
        for row in table.iter("tr"):
            if next(row.iterancestors("table"), None) is not table:
                continue
            whole = _stated(row)
            for number, cell in enumerate(child for child in row if child.tag in CELLS):
                place = _stated(cell) or whole or (columns[number] if number < len(columns) else "")
                cell.attrib.pop("align", "")
                if place:
                    cell.set("align", place)


def _columns(table: Element) -> list[str]:
    """The alignment of each column, as ``col`` says."""
    columns: list[str] = []
    for column in table.iterfind("./colgroup/col"):
        span = column.get("span") or "1"
        columns += [_stated(column)] * (min(int(span), _LARGEST_SPAN) if span.isdecimal() and len(span) < 5 else 1)
    return columns if any(columns) else []


def _stated(element: Element) -> str:
    """The alignment that the element itself states, or ""."""
    style = _STYLE.search(element.get("style") or "")
    match = style or next(filter(None, map(_CLASS.fullmatch, lower_classes_of(element))), None)
    stated = match[1].lower() if match else (element.get("align") or "").strip().lower()
    stated = _SAME.get(stated, stated)
    return stated if stated in ("left", "right", "center") else ""
