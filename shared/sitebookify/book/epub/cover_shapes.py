"""The shapes that a cover is drawn with: text in lines of a given width, and all as SVG; `cover_bitmap` draws them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 1200, 1800
"""Of a cover, in pixels."""
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]
_SIZES = (150, 128, 108, 92, 76, 64)
_MOST_LINES = 7
_KATAKANA = "\u30a0-\u30ff"
_WIDE = "\u3040-\u309f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_CLOSING = "\u3001\u3002\u300d\u300f\uff09\uff01\uff1f"
_ATOM = re.compile(rf"(?:[{_KATAKANA}]+|[{_WIDE}]|[^\s{_KATAKANA}{_WIDE}{_CLOSING}]+)[{_CLOSING}]*|\s+|[{_CLOSING}]+")
"""What stays on one line: a word, a run of katakana, else a character of a script without spaces."""
_SPACED = re.compile(r"\s+|\S+")
_HIRAGANA = re.compile("[\u3041-\u3096]")
_SMALLER = 0.7
"""How much smaller letters may be for the sake of whole phrases."""
_MOST_LETTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A filled rectangle, in pixels from the cover's top left corner."""

    x: int
    y: int
    width: int
    height: int
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """Lines of text; ``y`` is the top of the first, ``size`` the height of the letters in pixels."""

    x: int
    y: int
    size: int
    lines: tuple[str, ...]
    bold: bool = False
    colour: Colour = WHITE

    @property
    def height(self) -> int:
        """From the top of the first line to the bottom of the last."""
        return self._top(len(self.lines)) - self.y

    def tops(self) -> Iterator[tuple[int, str]]:
        """Every line with the top of its letters."""
        for number, line in enumerate(self.lines):
            yield self._top(number), line

    def _top(self, number: int) -> int:
        return self.y + number * self.size * 5 // 4


Shape = Rectangle | Lettering


def as_svg(shapes: Iterable[Shape]) -> Iterator[str]:
    """The shapes as SVG elements, a line each; the letters are those of the reader's own fonts."""
    for shape in shapes:
        if isinstance(shape, Rectangle):
            size = f'width="{shape.width}" height="{shape.height}"'
            yield f'<rect x="{shape.x}" y="{shape.y}" {size} fill="#{bytes(shape.colour).hex()}"/>\n'
            continue
        weight = ' font-weight="bold"' if shape.bold else ""
        style = f'font-size="{shape.size}"{weight} fill="#{bytes(shape.colour).hex()}" font-family="sans-serif"'
        for top, line in shape.tops():
            baseline = top + shape.size * 9 // 10
            yield f'<text x="{shape.x}" y="{baseline}" {style}>{escape(line)}</text>\n'


def wrapped(text: str, width: int, height: int) -> tuple[int, tuple[str, ...]]:
    """The largest size of letters at which the text fits the box in few lines, and these lines.

    ``width`` and ``height`` of the box are pixels. Japanese breaks between phrases, unless the letters would be much
    smaller for it. At the smallest size, long words are cut, and so is the text.
    """
    size, lines = _fitted(_ATOM.findall(text), width, height)
    if _HIRAGANA.search(text):
        smaller, phrases = _fitted(_phrases(text), width, height)
        if smaller >= size * _SMALLER:
            size, lines = smaller, phrases
    if lines:
        return size, tuple(lines)
    size = _SIZES[-1]
    longest = int(width / size)
    lines = _lines(_ATOM.findall(re.sub(rf"(\S{{{longest}}})(?=\S)", r"\1 ", text)), width / size)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"]
    return size, tuple(lines)


def _fitted(atoms: list[str], width: int, height: int) -> tuple[int, list[str]]:
    """The largest size, and the lines; 0 and none where no size is small enough."""
    for size in _SIZES:
        lines = _lines(atoms, width / size)
        most = min(_MOST_LINES, height * 4 // (5 * size))
        if len(lines) <= most and all(_ems(line) * size <= width for line in lines):
            return size, lines
    return 0, []


def _phrases(text: str) -> list[str]:
    """Phrases of Japanese (bunsetsu), as browsers break headings with ``word-break: auto-phrase``."""
    import budoux  # noqa: PLC0415 - slow to load, and few covers need it

    phrases = budoux.load_default_japanese_parser().parse(text[:_MOST_LETTERS])
    return [piece for phrase in phrases for piece in _SPACED.findall(phrase)]


def _lines(atoms: list[str], ems: float) -> list[str]:
    lines = [""]
    for piece in atoms:
        atom = " " if piece.isspace() else piece
        if lines[-1] and _ems(lines[-1] + atom) > ems:
            lines.append("")
        lines[-1] += atom if lines[-1] else atom.lstrip()
    return [line.strip() for line in lines if line.strip()]


def _ems(text: str) -> float:
    """About how wide the text is, in units of its size; SVG's letters cannot be measured."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.62 for letter in text)
