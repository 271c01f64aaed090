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
        self._spaces: list[tuple[Element, str]] = []
        self._ended = False

    def join(self, root: Element) -> None:
        walker = iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if element.tag in _BREAKS or element.tag in _AS_IT_STANDS:
                self._begin("")
            if event == "end" and element is not root:
                self._piece(element, "tail")
            elif event == "start" and element.tag in _AS_IT_STANDS:
                walker.skip_subtree()
            elif event == "start":
                self._piece(element, "text")

    def _begin(self, last: str) -> None:
        self._last, self._spaces, self._ended = last, [], False

    def _piece(self, element: Element, place: str) -> None:
        """Join the element's ``text`` or ``tail``, by the name of that, to what stood before."""
        text: str = getattr(element, place) or ""
        bare = text.strip(_SPACE)
        space = text
        if bare:
            head = text[: len(text) - len(text.lstrip(_SPACE))]
            if (self._ended or "\n" in head) and _is_wide(self._last) and _is_wide(bare[0]):
                text = text.lstrip(_SPACE)
                for holder, its_place in self._spaces:
                    setattr(holder, its_place, getattr(holder, its_place).rstrip(_SPACE))
            text = _LINE_END.sub(_joined, text)
            setattr(element, place, text)
            self._begin(bare[-1])
            space = text[len(text.rstrip(_SPACE)) :]
        if space:
            self._spaces.append((element, place))
            self._ended = self._ended or "\n" in space


def _joined(match: re.Match[str]) -> str:
    return match[1] if _is_wide(match[1]) and _is_wide(match[2]) else match[0]


def _is_wide(letter: str) -> bool:
    """True for a letter or sign that fills a square: no Hangul, which is written with spaces, and no pictograph."""
    if not letter or letter < _FIRST_WIDE or _FIRST_PICTOGRAPH <= ord(letter) < _NEXT_LETTERS:
        return False
    return east_asian_width(letter) in "WF" and not name(letter, "").startswith("HANGUL")
