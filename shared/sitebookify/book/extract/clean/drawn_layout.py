"""Lines and tables that only a style or a role draws, and words that only a frame around each sets apart."""

from __future__ import annotations

import re
from itertools import chain, islice

from sitebookify.book.extract.clean.elements import named
from sitebookify.book.html.vocabulary import BLOCKS, CODE, HEADINGS, PREFORMATTED
from sitebookify.book.tree import Element, finder, holds, is_blank, is_inside, make, replace, words_of

_DISPLAY = re.compile(
    r"(?:^|;)\s*display\s*:\s*(block|flex|grid|table|table-row|table-cell)\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE
)
_CELLS = {"cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th", "table-cell": "td"}
_ROWS = ("row", "table-row")
_TABLES = ("table", "grid")
_BOXES = ("div", "section", "span")
_MOST_TABLES = 300
"""Boxes of a page that are looked through for rows."""
_is_called_part = named(
    r"(?:.*[-_])?(?:author|badge|chip|date|desc|description|field|flag|key|label|lbl|lozenge|meta|method|name|number"
    r"|optional|path|pill|required|speaker|stamp|status|tag|text|time|title|type|val|value|verb)s?(?:[-_].*)?"
)
"""Classes of words that are drawn as boxes, or in columns, of their own in a line."""
_PATHS = "/"
"""What a word of its own may begin with, beside letters and digits: the path after a method's name."""
_PART_TAGS = ("span", "kbd", "code", "time", "small", "a")
_ROW_BOXES = ("div", "header", "footer", "li", "dt", "section")
_LINES_OF_THEIR_OWN = (*CODE, *PREFORMATTED, "math", "svg", "h1")
"""Where words are no boxes, or others look after them, as `headings` does."""
_ONLY_LINES = (*HEADINGS, *PREFORMATTED, *CODE, "a", "p", "math", "svg", "ruby")
_with_role_or_style = finder(attributes=("role", "style"))


def normalise(root: Element) -> None:
    """Make elements of what is drawn as lines, tables and separate words."""
    drawn = [element for element in _with_role_or_style(root) if element is not root]
    tables = (box for box in drawn if box.tag in _BOXES and _draws(box) in _TABLES)
    for box in islice(tables, _MOST_TABLES):
        _as_table(box)
    for line in drawn:
        around = line.getparent()
        is_drawn = line.tag == "span" and _draws(line) in ("block", "flex", "grid")
        is_among_blocks = around is not None and around.tag in BLOCKS
        if is_drawn and is_among_blocks and words_of(line) and not is_inside(line, *_ONLY_LINES):
            line.tag = "div"
    rows = _Rows()
    for part in [*root.iter(*_PART_TAGS)]:
        _set_apart(part, rows)


def _draws(element: Element) -> str:
    """What the element is drawn as by its role or, without one, by its own style."""
    role = element.get("role")
    if role:
        return role
    match = _DISPLAY.search(element.get("style", ""))
    return match[1].lower() if match else ""


def _is_cell(element: Element) -> bool:
    return _draws(element) in _CELLS


def _as_table(box: Element) -> None:
    """A table of the rows and cells in the box, where it says nothing else; cells with headings are cards."""
    rows = [element for element in box.iter(*_BOXES) if _draws(element) in _ROWS]
    cells = [[*filter(_is_cell, row)] for row in rows]
    if not rows or not all(cells) or max(map(len, cells)) < 2 or holds(box, *HEADINGS):
        return
    in_cells = sum(len(words_of(cell)) for cell in chain.from_iterable(cells))
    in_rows = sum(len(words_of(row)) for row in rows)
    if in_cells < in_rows // 2:
        return
    table = make("table")
    for cells_of_row in cells:
        row = make("tr")
        table.append(row)
        for cell in cells_of_row:
            cell.tail = None
            cell.tag = _CELLS[_draws(cell)]
            row.append(cell)
    replace(box, table)


class _Rows:
    """Which boxes hold nothing but words in elements, found out once for each."""

    def __init__(self) -> None:
        self._bare: dict[Element, bool] = {}

    def is_in_one(self, part: Element) -> bool:
        """True for an element of a box that is no paragraph, and has no text beside its elements."""
        box = part.getparent()
        if box is None or box.tag not in _ROW_BOXES:
            return False
        if box not in self._bare:
            texts = (box.text, *(child.tail for child in box))
            self._bare[box] = all(map(is_blank, texts)) and all(child.tag not in BLOCKS for child in box)
        return self._bare[box]


def _set_apart(part: Element, rows: _Rows) -> None:
    """Put a space between two words that are drawn as boxes of their own and would run together."""
    following = part.getnext()
    if following is None or following.tag not in _PART_TAGS or part.tail:
        return
    if not (part.tag == following.tag == "kbd" or _are_parts(part, following, rows)):
        return
    first = words_of(following)[:1]
    would_run_together = words_of(part)[-1:].isalnum() and (first.isalnum() or first == _PATHS)
    if would_run_together and not is_inside(part, *_LINES_OF_THEIR_OWN):
        part.tail = " "


def _are_parts(part: Element, following: Element, rows: _Rows) -> bool:
    """True for two that are called parts, and in a row of nothing else for one, or for a date."""
    are_named = (_is_called_part(part), _is_called_part(following))
    if all(are_named) and part.tag == following.tag:
        return True
    is_date = "time" in (part.tag, following.tag)
    return (is_date or any(are_named)) and rows.is_in_one(part)
