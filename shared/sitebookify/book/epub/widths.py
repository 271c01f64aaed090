"""Whether a table fits a page without a break inside its words."""

from __future__ import annotations

import re
import unicodedata

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
    """True where the longest words of all columns fit beside each other; with spans or tables in it nobody knows."""
    widths: list[int] = []
    for row in [*table.iter(f"{{{XHTML}}}tr")][:_MOST_ROWS]:
        for column, cell in enumerate(row):
            if cell.get("colspan") or cell.get("rowspan") or next(cell.iter(f"{{{XHTML}}}table"), None) is not None:
                return False
            if column == len(widths):
                widths.append(0)
            pieces = (_SPACE if is_made(cell, "th") else _SPACE_OR_WIDE).split(text_in(cell))
            widths[column] = max(widths[column], *map(_width, pieces))
    return sum(widths) + _PADDING * len(widths) <= _PAGE


def _width(word: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
