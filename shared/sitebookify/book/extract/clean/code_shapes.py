"""Code that is drawn as something else than ``pre``: boxes of lines, tables of lines, pasted boxes."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.clean.marks import is_marked
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import (
    Element,
    classes_of,
    detach,
    drop,
    is_blank,
    lower_classes_of,
    make,
    replace,
    text_of,
    words_of,
)

_PREFORMATTED = re.compile(
    r"(?:^|;)\s*white-space\s*:\s*(pre|pre-wrap|break-spaces)\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE
)
_FIXED_WIDTH = re.compile(r"font(?:-family)?\s*:[^;]*(?:mono|courier|consolas|menlo|monaco)", re.IGNORECASE)
_CODE_NAME = re.compile(r"(?:.*[-_])?code(?:[-_].*)?")
_NOT_IN_CODE = (*HEADINGS, "p", "pre", "ul", "ol", "dl", "table", "img", "figure", "blockquote", "picture", "iframe")
_PROMPT = re.compile(r"(?:In|Out)?\s?\[[\d* ]{0,6}\]\s?:?")
_EDITOR = re.compile(r"(?:.*[-_])?(?:code|codemirror|editor|pre)(?:[-_].*)?", re.IGNORECASE)
"""Classes of boxes in which an editor, or a highlighter, draws its lines."""
_EDITORS_LINE = re.compile(r"[a-z]+[-_]line", re.IGNORECASE)
_TOP = re.compile(r"(?:^|;)\s*top\s*:\s*(-?\d{1,7})(?:\.\d{1,6})?px", re.IGNORECASE)
"""Where an editor puts a line that it draws in any order."""
_CLOSE = 5
"""Boxes around the lines of an editor that may be called so."""
_NUMBER_NAME = re.compile(r"(?:.*[-_])?(?:line-?)?(?:num|nums|number|numbers|lineno|linenos|ln)")


def as_pre(root: Element) -> None:
    """Give code without a ``pre`` one."""
    for code in [*root.iter("code")]:
        if len(code) > 1 and all(line.tag == "div" for line in code) and next(code.iterancestors("pre"), None) is None:
            code.tag = "pre"
    for box in [*root.iter("div")]:
        if box is not root and box.getparent() is not None and _is_editors(box):
            _settle_lines(box)
            box.tag = "pre"
    for box in [*root.iter("div", "p")]:
        if box is not root and box.getparent() is not None and (_is_drawn(box) or _is_pasted(box)):
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
    lines = [child for child in box if child.tag not in ("script", "style", "a")]
    drawn = [line for line in lines if _is_line(line)]
    rest = all(line.tag == "div" and is_tooltip(line) for line in lines if not _is_line(line))
    if is_marked(box) or not drawn or not rest or (box.text or "").strip():
        return False
    return not any(next(line.iter(*_NOT_IN_CODE), None) is not None for line in drawn)


def _is_editors(box: Element) -> bool:
    """True for the lines that an editor draws (Monaco, CodeMirror, Ace), each in a box of its own.

    So do some highlighters (Crayon). Their lines have a name of their own; other boxes of such names stand in no box
    that is called code or editor.
    """
    lines = [child for child in box if child.tag in ("div", "pre")]
    if not lines or len(lines) < len(box) or (box.text or "").strip():
        return False
    if not all(any(map(_EDITORS_LINE.fullmatch, classes_of(line))) for line in lines):
        return False
    if any(inner is not line for line in lines for inner in islice(line.iter(*_NOT_IN_CODE), 2)):
        return False
    around = [box, *islice(box.iterancestors(), _CLOSE)]
    return any(map(_EDITOR.fullmatch, (name for up in around for name in classes_of(up))))


def _settle_lines(box: Element) -> None:
    """Lines in the order in which they are seen."""
    tops = [_TOP.search(line.get("style") or "") for line in box]
    places = [int(top[1]) for top in tops if top is not None]
    if len(places) == len(box):
        order = sorted(zip(places, [*box], strict=True), key=lambda placed: placed[0])
        box.extend([line for _, line in order])
    for line in box:
        line.tag = "div"


def _is_line(element: Element) -> bool:
    return element.tag == "div" and "line" in classes_of(element)


def _is_pasted(box: Element) -> bool:
    """True for a box whose own style keeps its white space, as editors put it on the clipboard.

    Other text keeps its white space too: code says so by a font of one width, or is called code.
    """
    style = box.get("style") or ""
    if not _PREFORMATTED.search(style) or next(box.iterancestors("pre", "textarea"), None) is not None:
        return False
    named = any(map(_CODE_NAME.fullmatch, lower_classes_of(box)))
    if not (named or _FIXED_WIDTH.search(style)) or _holds_other(box):
        return False
    return bool(words_of(box))


def _holds_other(box: Element) -> bool:
    return any(inner is not box for inner in islice(box.iter(*_NOT_IN_CODE), 2))


def _lines_of(table: Element) -> list[Element]:
    """The cells with code of a table that has a row for each line and a number beside it; else nothing."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 or not all(len(cells) >= 2 for cells in rows):
        return []
    if not all(_is_numbered(cells[:-1]) and _is_code(cells[-1]) for cells in rows):
        return []
    return [cells[-1] for cells in rows]


def _is_numbered(cells: list[Element]) -> bool:
    """True for cells of a gutter: each is empty or a number, and one of them says that it counts lines."""
    if not all(words_of(cell) in ("", "+", "-") or words_of(cell).isdecimal() for cell in cells):
        return False
    return any(
        cell.get("data-line-number") is not None or any(map(_NUMBER_NAME.fullmatch, classes_of(cell))) for cell in cells
    )


def _is_code(cell: Element) -> bool:
    if any(map(_CODE_NAME.fullmatch, lower_classes_of(cell))):
        return True
    code = next(cell.iter("pre", "code"), None)
    return code is not None and words_of(code) == words_of(cell)


def _joined(table: Element, lines: list[Element]) -> Element:
    """One block of the lines."""
    block = make("pre")
    for name in ("class", "id", "data-lang", "data-language"):
        if value := table.get(name):
            block.set(name, value)
    for cell in lines:
        for inner in cell.iter("pre"):
            inner.tag = "span"
        line = detach(cell)
        line.tag = "div"
        line.set("class", f"line {line.get('class') or ''}".strip())
        if line.text and not line.text.strip() and len(line):
            line.text = None
        if len(line) and is_blank(line[-1].tail):
            line[-1].tail = None
        if not text_of(line):
            line.text = "\n"
        block.append(line)
    return block


def without_table(table: Element) -> None:
    """A table that holds nothing but a code block is the code block."""
    blocks = [*table.iter("pre")]
    if len(blocks) == 1 and words_of(blocks[0]) == words_of(table) and table.find(".//img") is None:
        for name in ("class", "data-lang"):
            if table.get(name) and not blocks[0].get(name):
                blocks[0].set(name, table.get(name) or "")
        replace(table, detach(blocks[0]))


def drop_prompts(root: Element) -> None:
    """Notebooks number their cells beside them, in a block or box of its own."""
    for box in [*root.iter("pre", "div")]:
        named = box.tag == "pre" or "prompt" in (box.get("class") or "")
        if named and box.getparent() is not None and box is not root and _PROMPT.fullmatch(words_of(box)):
            drop(box)
