"""The text of a code block, line by line, whatever boxes a highlighter draws its lines in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from textwrap import dedent

from sitebookify.book.extract.clean.elements import beside, named
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.html.vocabulary import BLOCKS, METADATA
from sitebookify.book.tree import Element, classes_of, holds, is_blank, text_of

_MUTE = METADATA | {"button", "select", "svg"}
"""What is no code: of what is silent elsewhere, ``<map>`` and others may be code that was not escaped."""
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff"))
_ADDED, _REMOVED = "\x01", "\x02"
"""Stand at the head of marked lines while text is gathered. XML forbids both, so that no page holds them."""
_SIGNS = {_ADDED: "+", _REMOVED: "-"}
_PREFIX = r"(?:(?:diff|line|blob|code|block|highlight(?:ed)?)[-_]{1,2})*"
_CHANGES = (
    (_ADDED, "ins", named(rf"{_PREFIX}(?:add(?:ed|ition)?|ins(?:ert(?:ed)?)?)(?:[-_]line)?")),
    (_REMOVED, "del", named(rf"{_PREFIX}(?:removed?|del(?:eted?|etion)?)(?:[-_]line)?")),
)
"""Tags and classes of lines that are marked."""
_is_called_line = named(r"(?:[a-z]+[-_])*(?:line|row)(?:[-_]?\d+)?")
_DIGITS = re.compile(r"\d+")
_DRAWN_AS_LINE = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|grid|flex|table-row)", re.IGNORECASE)


def text_of_code(block: Element, *, diff: bool = False) -> tuple[str, bool]:
    """The code as its author wrote it, without the blank lines around it, and whether signs say what was changed.

    Where the block marks lines as removed by their classes alone, every line gets the sign of a diff: without it
    old and new lines are both there and look alike. Lines that are only marked as added are code as it now stands.

    Args:
        block: the ``pre``.
        diff: whether the block is a diff already, in which a line of one blank is an empty line of the context.
    """
    text = _gathered(block, seen_only=True)
    if is_blank(_without_marks(text)):
        text = _gathered(block, seen_only=False)
    if any(map(_is_boring, block.iter("span"))):
        text = dedent(text)  # of what was around it nothing is left
    text = text.translate(_INVISIBLE).replace("\xa0", " ").replace("\r\n", "\n")
    lines = text.split("\n")
    is_marked = _REMOVED in text and not all(map(_is_signed, lines))
    if is_marked:
        lines = [_SIGNS.get(line[:1], " ") + _without_marks(line) for line in lines]
        while lines and not lines[-1].strip():
            lines.pop()
    else:
        lines = [*map(_without_marks, lines)]
        if not diff:
            lines = ["" if is_blank(line) else line for line in lines]
    return "\n".join(lines).strip("\n"), is_marked


def _is_boring(line: Element) -> bool:
    """True for a line that only completes an example for its compiler: rustdoc and mdBook hide it."""
    return "boring" in classes_of(line)


def _without_marks(text: str) -> str:
    return text.replace(_ADDED, "").replace(_REMOVED, "")


def _is_signed(line: str) -> bool:
    """True for a line without a mark, and for one whose text begins with the sign."""
    return line[:1] not in _SIGNS or line[1:2] == _SIGNS[line[:1]]


def _gathered(block: Element, *, seen_only: bool) -> str:
    """The text of the block, or what is shown of it; marked lines begin with their marks."""
    pieces: list[str] = []
    _Gatherer(block, seen_only=seen_only).gather(block, pieces)
    return "".join(pieces)


class _Gatherer:
    """Gathers the text of a block: what is a line of its own is found once for all of its boxes."""

    def __init__(self, block: Element, *, seen_only: bool) -> None:
        self._seen_only = seen_only
        self._lines = {block, *chain.from_iterable(map(_lines_in, block.iter("*")))}

    def gather(self, element: Element, pieces: list[str]) -> None:
        """Append the element's text; ``<br>`` and boxes end lines."""
        is_line = element in self._lines
        if is_line:
            _end_line(pieces)
        mark = _mark_of(element, is_line=is_line) if _begins_line(pieces) else ""
        if mark:
            inner: list[str] = []
            self._gather_content(element, inner)
            text = "".join(inner)
            pieces.append(mark + text[:-1].replace("\n", f"\n{mark}") + text[-1:])
        else:
            self._gather_content(element, pieces)
        if is_line and _is_blank_line(element, self._lines):
            pieces.append("\n")
        elif is_line:
            _end_line(pieces)

    def _gather_content(self, element: Element, pieces: list[str]) -> None:
        text = "\n" if element.tag == "br" else element.text
        if text:
            pieces.append(text)
        for child in element:
            if not self._is_unseen(child):
                self.gather(child, pieces)
            if child.tail:
                pieces.append(child.tail)

    def _is_unseen(self, child: Element) -> bool:
        if child.tag in _MUTE:
            return True
        if not self._seen_only or not child.attrib:
            return False
        is_pressed = child.get("role") in ("button", "tooltip") and child.tag != "a"
        return is_pressed or _is_boring(child) or is_hidden(child)


def _lines_in(box: Element) -> Iterator[Element]:
    """The children that are lines: blocks, and boxes of lines which nothing else breaks."""
    if not len(box):
        return
    blocks = [child for child in box if child.tag in BLOCKS]
    yield from blocks
    lines = [child for child in box if child.tag not in BLOCKS and _is_line(child)]
    if len(lines) < 2 or len(lines) + len(blocks) < len(box):
        return
    is_broken = "\n" in text_of(box).strip("\n") or holds(box, "br")
    yield from () if is_broken else lines


def _is_line(child: Element) -> bool:
    if not child.attrib:
        return False
    is_named = child.get("data-line") is not None or _is_called_line(child)
    return is_named or _DRAWN_AS_LINE.search(child.get("style", "")) is not None


def _is_blank_line(element: Element, lines: set[Element]) -> bool:
    """True for an empty box among filled ones of its kind; an empty box of another kind, a gutter's, only draws."""
    if holds(element, "br") or text_of(element):
        return False
    return any(other in lines and _shape(other) == _shape(element) for other in beside(element))


def _shape(element: Element) -> tuple[str, str]:
    return str(element.tag), _DIGITS.sub("", element.get("class", "")).strip()


def _mark_of(element: Element, *, is_line: bool) -> str:
    """The mark of a whole line that is called added or removed, or ""."""
    for mark, tag, is_called in _CHANGES:
        if element.tag == tag or is_called(element):
            return mark if is_line or _ends_line(element) else ""
    return ""


def _ends_line(element: Element) -> bool:
    """True where a line ends in the element or right after it, or nothing follows it."""
    tail = element.tail or ""
    if tail.startswith("\n") or text_of(element).endswith("\n"):
        return True
    ends_with_break = len(element) > 0 and element[-1].tag == "br" and not element[-1].tail
    return ends_with_break or (not tail and element.getnext() is None)


def _begins_line(pieces: list[str]) -> bool:
    return not pieces or pieces[-1].endswith("\n")


def _end_line(pieces: list[str]) -> None:
    if not _begins_line(pieces):
        pieces.append("\n")
