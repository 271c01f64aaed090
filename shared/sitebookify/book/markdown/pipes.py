"""Tables with pipes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sitebookify.book.markdown.line import Line, NotHereError
from sitebookify.book.tree import Element

_WIDEST = 72
"""Columns of all cells together up to which they are lined up."""
_NARROWEST = 3
_BORDERS = {"": ("-", "-"), "left": (":", "-"), "center": (":", ":"), "right": ("-", ":")}


def pipe_table(table: Element) -> str:
    """The table, its cells lined up where it is narrow enough.

    Raises:
        NotHereError: it is no plain grid, or holds more than lines.
    """
    head, rows = _rows(table)
    if not head and not rows:
        raise NotHereError
    aligns = [(cell.get("align") or "").lower() for cell in (rows or head)[0]]
    if not set(aligns) <= _BORDERS.keys() or len({len(row) for row in (*head, *rows)}) > 1:
        raise NotHereError
    lines = [[_cell(cell) for cell in row] for row in (*head, *rows)]
    if not head:
        lines.insert(0, [""] * len(aligns))
    widths = [max(_NARROWEST, *map(width, column)) for column in zip(*lines, strict=True)]
    fits = sum(widths) <= _WIDEST
    if not fits:
        widths = [2] * len(aligns)
    first, *others = [_row(line, widths, aligns, fits=fits) for line in lines]
    borders = (
        start + "-" * size + end for size, (start, end) in zip(widths, map(_BORDERS.__getitem__, aligns), strict=True)
    )
    return "\n".join([first, f"|{'|'.join(borders)}|", *others])


def _rows(table: Element) -> tuple[list[list[Element]], list[list[Element]]]:
    """The row of headings, if there is one, and the others, as cells."""
    rows = [(row, [cell for cell in row if cell.tag in ("td", "th")]) for row in table.iter("tr")]
    heads = [cells for row, cells in rows if _is_head(row)]
    others = [cells for row, cells in rows if not _is_head(row)]
    if len(heads) > 1:
        raise NotHereError
    if not heads and others and all(cell.tag == "th" for cell in others[0]):
        heads, others = others[:1], others[1:]
    return heads, others


def _is_head(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and parent.tag == "thead"


def _cell(cell: Element) -> str:
    text = Line.of(cell).markdown()
    if "\n" in text:
        raise NotHereError
    return text


def _row(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[str], *, fits: bool) -> str:
    if not fits:
        return "|" + "|".join(f" {cell} " for cell in cells) + "|"
    return "|" + "|".join(f" {_padded(*cell)} " for cell in zip(cells, widths, aligns, strict=True)) + "|"


def _padded(text: str, size: int, align: str) -> str:
    room = size - width(text)
    before = {"right": room, "center": room // 2}.get(align, 0)
    return " " * before + text + " " * (room - before)


def width(text: str) -> int:
    """Columns that the text takes where every character takes one, East Asian ones two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
