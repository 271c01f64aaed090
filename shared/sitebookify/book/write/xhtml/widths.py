"""Which columns of a table have to break words, so that it fits a page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from sitebookify.book.document.nodes import Cell, Table
from sitebookify.book.document.walk import rows_of, text_of, walk

_PAGE = 50
"""Letters, at the size of a table's, in a line on a 6-inch screen."""
_PAGE_OF_SMALL = 60
"""The same at the size of ``.small`` in the stylesheet."""
_PADDING = 2
"""Letters that a column takes besides its own."""
_NARROWEST = 12
"""Letters that a column keeps whose words break."""
_MOST_ROWS = 400
_SPACE = re.compile(r"[\s\u200b]+|(?<=-)")
_SPACE_OR_WIDE = re.compile(r"[\s\u200b\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+|(?<=-)")
"""Lines break between letters of scripts without spaces, but headers of tables are kept whole."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table fits the page.

    ``small``: in smaller letters. ``breaking``: the columns, counted from 0, whose words may break; None: all.
    """

    small: bool
    breaking: frozenset[int] | None


def fit(table: Table) -> Fit:
    """How the table keeps as many words whole as it can: in smaller letters if need be, then the widest columns break.

    Where cells span columns or rows, the words of each row have to fit. Of a table with tables in it nobody knows.
    """
    rows = [row.cells for row in islice(rows_of(table), _MOST_ROWS)]
    cells = list(chain.from_iterable(rows))
    if any(type(node) is Table for node in walk(cells)):
        return Fit(small=False, breaking=None)
    widths = [list(map(_needed_width, row)) for row in rows]
    if any(cell.colspan > 1 or cell.rowspan > 1 for cell in cells):
        widest = max(map(sum, widths), default=0)
        return Fit(small=widest > _PAGE, breaking=frozenset() if widest <= _PAGE_OF_SMALL else None)
    columns = [max(column) for column in zip_longest(*widths, fillvalue=0)]
    if _PAGE < sum(columns) <= _PAGE_OF_SMALL:
        return Fit(small=True, breaking=frozenset())
    breaking = _breaking(columns, _PAGE)
    if breaking is None:
        return Fit(small=True, breaking=_breaking(columns, _PAGE_OF_SMALL))
    return Fit(small=False, breaking=breaking)


def _breaking(widths: list[int], page: int) -> frozenset[int] | None:
    """The widest columns, as few as let the others fit at their full width; None where nothing does."""
    total = sum(widths)
    breaking: set[int] = set()
    for column in sorted(range(len(widths)), key=lambda column: -widths[column]):
        if total <= page:
            break
        total -= max(0, widths[column] - _NARROWEST)
        breaking.add(column)
    return frozenset(breaking) if total <= page else None


def _needed_width(cell: Cell) -> int:
    """Letters that the cell takes in a line if none of its words breaks."""
    words = (_SPACE if cell.header else _SPACE_OR_WIDE).split(text_of(cell.blocks))
    return _PADDING + max(map(_width, words))


def _width(word: str) -> int:
    if word.isascii():
        return len(word)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
