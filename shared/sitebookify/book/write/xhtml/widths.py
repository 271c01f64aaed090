"""Whether a table fits a page without a break inside its words."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, zip_longest

from sitebookify.book.document.nodes import Cell, Table
from sitebookify.book.document.walk import text_of, walk

_PAGE = 50
"""Letters, at the size of a table's, in a line on a 6-inch screen."""
_PADDING = 2
"""Letters that a column takes besides its own."""
_MOST_ROWS = 400
_SPACE = re.compile(r"[\s\u200b]+|(?<=-)")
_SPACE_OR_WIDE = re.compile(r"[\s\u200b\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+|(?<=-)")
"""Lines break between letters of scripts without spaces, but headers of tables are kept whole."""


def keeps_words(table: Table) -> bool:
    """True where the longest words of all columns fit beside each other.

    Where cells span columns or rows, those of each row count instead; with tables in it nobody knows.
    """
    groups = (table.head, *table.bodies, table.foot)
    rows = [row.cells for row in islice((row for group in groups if group for row in group.rows), _MOST_ROWS)]
    cells = [cell for row in rows for cell in row]
    if any(type(node) is Table for node in walk(cells)):
        return False
    widths = [[_PADDING + _longest_word(cell) for cell in row] for row in rows]
    if all(cell.colspan == cell.rowspan == 1 for cell in cells):
        widths = [[max(column) for column in zip_longest(*widths, fillvalue=0)]]
    return max(map(sum, widths), default=0) <= _PAGE


def _longest_word(cell: Cell) -> int:
    words = (_SPACE if cell.header else _SPACE_OR_WIDE).split(text_of(cell.blocks))
    return max(map(_width, words))


def _width(word: str) -> int:
    if word.isascii():
        return len(word)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
