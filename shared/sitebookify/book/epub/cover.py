"""The cover, as SVG for the book's first page and as PNG for a reader's shelf.

Title and host stand in one of a few templates, on the site's colour or one of the book's own.

A template is a function that yields the shapes from the back to the front; one more is one more row of `_TEMPLATES`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover_shapes import (
    HEIGHT,
    WHITE,
    WIDTH,
    Colour,
    Lettering,
    Rectangle,
    Shape,
    as_svg,
    wrapped,
)
from sitebookify.book.epub.text_page import front_page
from sitebookify.book.labels import labels_of
from sitebookify.book.limits import limited

_MARGIN = 110
_TEXT_WIDTH = WIDTH - 2 * _MARGIN
_RULE_WIDTH, _RULE_HEIGHT = 240, 8
_HOST_SIZE = 46
_TILE = 150
_COLUMNS, _ROWS = WIDTH // _TILE, 4
_PAPER = (250, 246, 237)
_LEAST_CONTRAST = 7.8
"""Of white on the book's colour, so that the colour on paper has 7: WCAG's enhanced contrast, for screens of greys."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_HUES = (
    "#0f4c5c",  # petrol
    "#1d3557",  # navy
    "#5f0f40",  # plum
    "#7a2e1f",  # brick
    "#2d4a22",  # forest
    "#3c3c6e",  # indigo
    "#5b3a29",  # umber
    "#00473c",  # pine
    "#4a1942",  # aubergine
    "#243b53",  # slate
    "#7b1e3a",  # claret
    "#4b4032",  # bronze
)
"""Of sites that name no colour: dark enough for white letters, and none that looks like mud."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """What a template is filled with; ``digest`` are 32 bytes that differ from book to book."""

    title: str
    host: str
    colour: Colour
    digest: bytes


def cover_svg(info: BookInfo) -> bytes:
    """The cover as a picture of its own."""
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{"".join(as_svg(cover_shapes(info)))}</svg>\n'.encode()


def cover_page(info: BookInfo) -> bytes:
    """The first page, ``cover.xhtml``."""
    start = (
        '<body class="cover" epub:type="cover">\n'
        '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="100%" height="100%" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(info.title)}">\n'
    )
    body = (start, *as_svg(cover_shapes(info)), "</svg>\n")
    return "".join(front_page(info, labels_of(info.language).cover, body)).encode()


@limited(seconds=20)
def cover_png(info: BookInfo) -> bytes:
    """The same as ``cover.png``; characters that no font of this machine has are on the first page only."""
    from sitebookify.book.epub.cover_bitmap import as_png  # noqa: PLC0415 - Pillow is loaded where it draws

    return as_png(cover_shapes(info))


def cover_shapes(info: BookInfo) -> Iterator[Shape]:
    """The shapes of the book's cover, from the back to the front."""
    digest = hashlib.sha256(f"{info.source} {info.title}".encode()).digest()
    template = _TEMPLATES[digest[1] % len(_TEMPLATES)]
    return template(_Cover(info.title, _host_of(info.source), _colour_of(info.colour, digest), digest))


def _tiles(cover: _Cover) -> Iterator[Shape]:
    """A pattern of tiles at the foot, the fewer the higher up."""
    yield _ground(cover.colour)
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            if cover.digest[(row * 5 + column * 3) % 32] <= 64 * row:
                continue
            shade = cover.digest[(row * _COLUMNS + column) % 32] % 24
            y = HEIGHT - (row + 1) * _TILE
            yield Rectangle(x=column * _TILE, y=y, width=_TILE, height=_TILE, colour=_lighter(cover.colour, shade))
    yield from _titled(cover, 300, 900, WHITE)


def _plate(cover: _Cover) -> Iterator[Shape]:
    """The title on paper, above a block of colour with lines like the edge of a stack of pages."""
    yield _ground(_PAPER)
    top = 1180
    yield Rectangle(x=0, y=top, width=WIDTH, height=HEIGHT - top, colour=cover.colour)
    for line in range(6):
        y = top + 50 + line * (34 + cover.digest[2] % 20)
        yield Rectangle(x=0, y=y, width=WIDTH - cover.digest[line] * 2, height=6, colour=_lighter(cover.colour, 34))
    yield from _titled(cover, 170, 780, cover.colour)


def _initial(cover: _Cover) -> Iterator[Shape]:
    """A large first letter behind the title, and a spine."""
    yield _ground(cover.colour)
    yield Rectangle(x=0, y=0, width=46, height=HEIGHT, colour=_lighter(cover.colour, 30))
    first = next(filter(str.isalnum, cover.title), "").upper()
    if first:
        shade = _lighter(cover.colour, 22)
        yield Lettering(x=_MARGIN, y=60, size=760, lines=(first,), bold=True, colour=shade)
    yield from _titled(cover, 860, 660, WHITE)


def _frame(cover: _Cover) -> Iterator[Shape]:
    """A double frame around the title."""
    yield _ground(cover.colour)
    yield from _border(50, 10, _lighter(cover.colour, 60))
    yield from _border(76, 3, _lighter(cover.colour, 60))
    yield from _titled(cover, 420, 960, WHITE)


def _border(inset: int, weight: int, colour: Colour) -> Iterator[Shape]:
    """Four lines around the cover: top, bottom, left and right."""
    width, height = WIDTH - 2 * inset, HEIGHT - 2 * inset
    right, bottom = WIDTH - inset, HEIGHT - inset
    yield Rectangle(x=inset, y=inset, width=width, height=weight, colour=colour)
    yield Rectangle(x=inset, y=bottom - weight, width=width, height=weight, colour=colour)
    yield Rectangle(x=inset, y=inset, width=weight, height=height, colour=colour)
    yield Rectangle(x=right - weight, y=inset, width=weight, height=height, colour=colour)


_TEMPLATES: tuple[Callable[[_Cover], Iterator[Shape]], ...] = (_tiles, _plate, _initial, _frame)


def _ground(colour: Colour) -> Rectangle:
    return Rectangle(x=0, y=0, width=WIDTH, height=HEIGHT, colour=colour)


def _titled(cover: _Cover, top: int, height: int, ink: Colour) -> Iterator[Shape]:
    """Title, rule and host below each other; the title is at most so high."""
    size, lines = wrapped(cover.title, _TEXT_WIDTH, height)
    title = Lettering(x=_MARGIN, y=top, size=size, lines=lines, bold=True, colour=ink)
    yield title
    rule = title.y + title.height + size // 3
    yield Rectangle(x=_MARGIN, y=rule, width=_RULE_WIDTH, height=_RULE_HEIGHT, colour=ink)
    yield Lettering(x=_MARGIN, y=rule + 60, size=_HOST_SIZE, lines=(cover.host,), colour=ink)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket that is not closed
        return ""


def _colour_of(site_colour: str, digest: bytes) -> Colour:
    """The site's colour, or one of the book's own, as dark as white letters on it need."""
    stated = site_colour if _HEX.fullmatch(site_colour) else _HUES[digest[0] % len(_HUES)]
    red, green, blue = bytes.fromhex(stated[1:])
    while _contrast_to_white((red, green, blue)) < _LEAST_CONTRAST:
        red, green, blue = (part * 9 // 10 for part in (red, green, blue))
    return red, green, blue


def _contrast_to_white(colour: Colour) -> float:
    """The contrast ratio, as WCAG 2 defines it."""
    red, green, blue = map(_linear, colour)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4


def _lighter(colour: Colour, by: int) -> Colour:
    red, green, blue = (min(255, part + by) for part in colour)
    return red, green, blue
