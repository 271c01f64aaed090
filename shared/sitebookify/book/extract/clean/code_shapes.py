"""Code that is drawn as something else than ``pre``: boxes of lines, tables of lines, pasted boxes."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.clean.elements import is_marked, named, pass_on
from sitebookify.book.html.vocabulary import CELLS, HEADINGS
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    holds,
    is_blank,
    is_inside,
    make,
    replace,
    text_of,
    words_of,
)

_PREFORMATTED = re.compile(
    r"(?:^|;)\s*white-space\s*:\s*(pre|pre-wrap|break-spaces)\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE
)
_FIXED_WIDTH = re.compile(r"font(?:-family)?\s*:[^;]*(?:mono|courier|consolas|menlo|monaco)", re.IGNORECASE)
_is_called_code = named(r"(?:.*[-_])?code(?:[-_].*)?")
_NOT_IN_CODE = (*HEADINGS, "p", "pre", "ul", "ol", "dl", "table", "img", "figure", "blockquote", "picture", "iframe")
_PROMPT = re.compile(r"(?:In|Out)?\s?\[[\d* ]{0,6}\]\s?:?")
_is_called_editor = named(r"(?:.*[-_])?(?:code|codemirror|editor|pre)(?:[-_].*)?")
"""Classes of boxes in which an editor, or a highlighter, draws its lines."""
_is_called_editors_line = named(r"[a-z]+[-_]line")
_TOP = re.compile(r"(?:^|;)\s*top\s*:\s*(-?\d{1,7})(?:\.\d{1,6})?px", re.IGNORECASE)
"""Where an editor puts a line that it draws in any order."""
_CLOSE = 5
"""Boxes around the lines of an editor that may be called so."""
_is_called_number = named(r"(?:.*[-_])?(?:line-?)?(?:num|nums|number|numbers|lineno|linenos|ln)")


def as_pre(root: Element) -> None:
    """Give code without a ``pre`` one."""
    for code in [*root.iter("code")]:
        if len(code) > 1 and all(line.tag == "div" for line in code) and not is_inside(code, "pre"):
            code.tag = "pre"
    for box in [*root.iterdescendants("div")]:
        if _is_editors(box):
            _settle_lines(box)
            box.tag = "pre"
    for box in [*root.iterdescendants("div", "p")]:
        if _is_drawn(box) or _is_pasted(box):
            box.tag = "pre"
    for table in [*root.iter("table")]:
        lines = _lines_of(table)
        if lines:
            replace(table, _joined(table, lines))


def is_tooltip(box: Element) -> bool:
    """Doxygen puts what hovering over a name shows behind the code."""
    return "ttc" in classes_of(box)


def _is_drawn(box: Element) -> bool:
    """Doxygen, SyntaxHighlighter and others draw code as a ``div`` of nothing but ``div.line``.

    So do grids with their rows; a row of a grid holds paragraphs, headings or pictures, a line of code none of them.
    """
    if is_marked(box) or not is_blank(box.text):
        return False
    parts = [child for child in box if child.tag not in ("script", "style", "a") and not is_tooltip(child)]
    are_lines = all(part.tag == "div" and "line" in classes_of(part) for part in parts)
    return bool(parts) and are_lines and not any(holds(line, *_NOT_IN_CODE) for line in parts)


def _is_editors(box: Element) -> bool:
    """True for the lines that an editor draws (Monaco, CodeMirror, Ace), each in a box of its own.

    So do some highlighters (Crayon). Their lines have a name of their own; other boxes of such names stand in no box
    that is called code or editor.
    """
    if not len(box) or not is_blank(box.text):
        return False
    for line in box:
        if line.tag not in ("div", "pre") or not _is_called_editors_line(line) or _holds_other(line):
            return False
    return any(map(_is_called_editor, (box, *islice(box.iterancestors(), _CLOSE))))


def _settle_lines(box: Element) -> None:
    """Lines in the order in which they are seen."""
    tops = [_TOP.search(line.get("style", "")) for line in box]
    places = [int(top[1]) for top in tops if top is not None]
    if len(places) == len(box):
        order = sorted(zip(places, [*box], strict=True), key=lambda placed: placed[0])
        box.extend([line for _, line in order])
    for line in box:
        line.tag = "div"


def _is_pasted(box: Element) -> bool:
    """True for a box whose own style keeps its white space, as editors put it on the clipboard.

    Other text keeps its white space too: code says so by a font of one width, or is called code.
    """
    style = box.get("style", "")
    if not _PREFORMATTED.search(style) or is_inside(box, "pre", "textarea"):
        return False
    is_code = _is_called_code(box) or _FIXED_WIDTH.search(style) is not None
    return is_code and bool(words_of(box)) and not _holds_other(box)


def _holds_other(box: Element) -> bool:
    """True for something in the box that no code has."""
    return any(inner is not box for inner in islice(box.iter(*_NOT_IN_CODE), 2))


def _lines_of(table: Element) -> list[Element]:
    """The cells with code of a table that has a row for each line and a number beside it; else nothing."""
    lines: list[Element] = []
    for row in table.iter("tr"):
        cells = [*row.iterchildren(*CELLS)]
        if len(cells) < 2 or not _is_gutter(cells[:-1]):
            return []
        code = next(cells[-1].iter("pre", "code"), None)
        is_all_code = code is not None and words_of(code) == words_of(cells[-1])
        if not is_all_code and not _is_called_code(cells[-1]):
            return []
        lines.append(cells[-1])
    return lines if len(lines) > 1 else []


def _is_gutter(cells: list[Element]) -> bool:
    """True for cells that are empty or a number, one of which says that it counts lines."""
    for cell in cells:
        words = words_of(cell)
        if words not in ("", "+", "-") and not words.isdecimal():  # lines of a diff have a sign
            return False
    return any(cell.get("data-line-number") is not None or _is_called_number(cell) for cell in cells)


def _joined(table: Element, lines: list[Element]) -> Element:
    """One block of the lines."""
    block = make("pre")
    pass_on(table, block, "class", "id", "data-lang", "data-language")
    for line in map(detach, lines):
        for inner in line.iter("pre"):
            inner.tag = "span"
        line.tag = "div"
        line.set("class", f"line {line.get('class') or ''}".strip())
        if len(line) and is_blank(line.text):
            line.text = None
        if len(line) and is_blank(line[-1].tail):
            line[-1].tail = None
        if not text_of(line):
            line.text = "\n"
        block.append(line)
    return block


def without_table(table: Element) -> None:
    """A table that holds nothing but a code block is the code block; a title in a row above becomes a line."""
    blocks = [*islice(table.iter("pre"), 2)]
    rows = [*islice(table.iter("tr"), 3)]
    has_title = len(rows) == 2 and len(rows[0]) == 1 and not holds(rows[0], "pre")
    holder = rows[1] if has_title else table
    if len(blocks) != 1 or words_of(blocks[0]) != words_of(holder) or holds(table, "img"):
        return
    if has_title:
        table.addprevious(make("p", words_of(rows[0])))
    pass_on(table, blocks[0], "class", "data-lang")
    replace(table, detach(blocks[0]))


def drop_prompts(root: Element) -> None:
    """Notebooks number their cells beside them, in a block or box of its own."""
    for box in [*root.iterdescendants("pre", "div")]:
        is_named = box.tag == "pre" or "prompt" in box.get("class", "")
        if is_named and _PROMPT.fullmatch(words_of(box)):
            drop(box)
