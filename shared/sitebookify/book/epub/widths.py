"""Whether a table fits a page without a break inside its words."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest

from lxml.etree import _Element as Element

from sitebookify.book.epub.elements import XHTML, is_made, text_in

_PAGE = 50
"""Letters, at the size of a table's, in a line on a 6-inch screen."""
_PADDING = 2
"""Letters that a column takes besides its own."""
_MOST_ROWS = 400
_SPACE = re.compile(r"[\s\u200b]+|(?<=-)")
_SPACE_OR_WIDE = re.compile(r"[\s\u200b\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+|(?<=-)")
"""Lines break between letters of scripts without spaces, but headers of tables are kept whole."""


def keeps_words(table: Element) -> bool:
    """True where the longest words of all columns fit beside each other.

    Where cells span columns or rows, those of each row count instead; with tables in it nobody knows.
    """
    rows = [[*row] for row in [*table.iter(f"{{{XHTML}}}tr")][:_MOST_ROWS]]
    cells = [cell for row in rows for cell in row]
    if any(next(cell.iter(f"{{{XHTML}}}table"), None) is not None for cell in cells):
        return False
    widths = [[_PADDING + _longest_word(cell) for cell in row] for row in rows]
    if not any(cell.get("colspan") or cell.get("rowspan") for cell in cells):
        widths = [[max(column) for column in zip_longest(*widths, fillvalue=0)]]
    return max(map(sum, widths), default=0) <= _PAGE


def _longest_word(cell: Element) -> int:
    pieces = (_SPACE if is_made(cell, "th") else _SPACE_OR_WIDE).split(text_in(cell))
    return max(map(_width, pieces))


def _width(word: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
