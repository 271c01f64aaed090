"""Line ends of the source between letters of Chinese and Japanese, which no reader sees as a space.

Browsers begin to leave them out (CSS Text 4, "segment break transformation rules"); authors of these languages mean it.
"""

from __future__ import annotations

import re
from unicodedata import east_asian_width, name

from lxml.etree import iterwalk

from sitebookify.book.html.vocabulary import BLOCKS, CODE, PREFORMATTED
from sitebookify.book.tree import Element, text_of

_SPACE = " \t\n\r\f"
_LINE_END = re.compile(rf"(\S)[{_SPACE}]*\n[{_SPACE}]*(?=(\S))")
_AS_IT_STANDS = PREFORMATTED | CODE | {"math", "textarea"}
_BREAKS = BLOCKS | {"br", "hr", "img", "math"}
"""What ends a line, or stands in it like a word."""
_FIRST_WIDE = "\u2e80"
_FIRST_PICTOGRAPH, _NEXT_LETTERS = 0x1F000, 0x20000
_CAN_BE_WIDE = re.compile(f"[{_FIRST_WIDE}-\U0010ffff]")


def normalise(root: Element) -> None:
    """Take out white space with a line end in it that stands between two such letters, whatever tags are between."""
    if _CAN_BE_WIDE.search(text_of(root)):
        _Lines().join(root)


class _Lines:
    """The text of a tree in order: the letter that stood last, and what white space has followed it since."""

    def __init__(self) -> None:
        self._last = ""
        self._spaces: list[tuple[Element, bool]] = []
        self._ended = False

    def join(self, root: Element) -> None:
        walker = iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if element.tag in _BREAKS or element.tag in _AS_IT_STANDS:
                self._begin("")
            if event == "end" and element is not root:
                self._piece(element, tail=True)
            elif event == "start" and element.tag in _AS_IT_STANDS:
                walker.skip_subtree()
            elif event == "start":
                self._piece(element, tail=False)

    def _begin(self, last: str) -> None:
        self._last, self._spaces, self._ended = last, [], False

    def _piece(self, element: Element, *, tail: bool) -> None:
        text = _text(element, tail=tail)
        bare = text.strip(_SPACE)
        if not bare:
            self._wait(element, text, tail=tail)
            return
        head = text[: len(text) - len(text.lstrip(_SPACE))]
        ends_line = self._ended or "\n" in head
        if ends_line and _is_wide(self._last) and _is_wide(bare[0]):
            text = text.lstrip(_SPACE)
            for holder, in_tail in self._spaces:
                _set(holder, _text(holder, tail=in_tail).rstrip(_SPACE), tail=in_tail)
        text = _LINE_END.sub(_joined, text)
        _set(element, text, tail=tail)
        self._begin(bare[-1])
        self._wait(element, text[len(text.rstrip(_SPACE)) :], tail=tail)

    def _wait(self, element: Element, space: str, *, tail: bool) -> None:
        """Remember white space after the last letter, and whether a line ends in it."""
        if space:
            self._spaces.append((element, tail))
            self._ended = self._ended or "\n" in space


def _text(element: Element, *, tail: bool) -> str:
    return (element.tail if tail else element.text) or ""


def _set(element: Element, text: str, *, tail: bool) -> None:
    if tail:
        element.tail = text
    else:
        element.text = text


def _joined(match: re.Match[str]) -> str:
    return match[1] if _is_wide(match[1]) and _is_wide(match[2]) else match[0]


def _is_wide(letter: str) -> bool:
    """True for a letter or sign that fills a square: no Hangul, which is written with spaces, and no pictograph."""
    if not letter or letter < _FIRST_WIDE or _FIRST_PICTOGRAPH <= ord(letter) < _NEXT_LETTERS:
        return False
    return east_asian_width(letter) in "WF" and not name(letter, "").startswith("HANGUL")
