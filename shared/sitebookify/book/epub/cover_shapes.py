"""The shapes that a cover is drawn with, and how they are written as SVG; `cover_bitmap` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 1200, 1800
"""Of a cover, in pixels."""
WHITE = (255, 255, 255)
Colour = tuple[int, int, int]


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
            yield f'<rect x="{shape.x}" y="{shape.y}" {size} fill="{_hex(shape.colour)}"/>\n'
            continue
        weight = ' font-weight="bold"' if shape.bold else ""
        style = f'font-size="{shape.size}"{weight} fill="{_hex(shape.colour)}" font-family="sans-serif"'
        for top, line in shape.tops():
            baseline = top + shape.size * 9 // 10
            yield f'<text x="{shape.x}" y="{baseline}" {style}>{escape(line)}</text>\n'


def _hex(colour: Colour) -> str:
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
