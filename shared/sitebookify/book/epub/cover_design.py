"""The design of the cover: title and host on the site's colour, above a pattern of tiles that differs per book."""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover_shapes import HEIGHT, WHITE, WIDTH, Colour, Lettering, Rectangle, Shape
from sitebookify.book.epub.lettering import wrapped

_MARGIN = 110
_TITLE_TOP = 300
_RULE_WIDTH, _RULE_HEIGHT = 240, 8
_HOST_SIZE = 46
_TILE = 150
_COLUMNS, _ROWS = WIDTH // _TILE, 4
_LEAST_CONTRAST = 7.0
"""Of the white text: WCAG's enhanced contrast, since it must survive a screen of sixteen greys."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def cover_shapes(info: BookInfo) -> Iterator[Shape]:
    """The shapes of the book's cover, from the back to the front."""
    digest = hashlib.sha256(f"{info.source} {info.title}".encode()).digest()
    ground = _ground(info.colour, digest)
    yield Rectangle(x=0, y=0, width=WIDTH, height=HEIGHT, colour=ground)
    yield from _tiles(ground, digest)
    size, lines = wrapped(info.title, WIDTH - 2 * _MARGIN)
    title = Lettering(x=_MARGIN, y=_TITLE_TOP, size=size, lines=lines, bold=True)
    yield title
    rule = title.y + title.height + size // 3
    yield Rectangle(x=_MARGIN, y=rule, width=_RULE_WIDTH, height=_RULE_HEIGHT, colour=WHITE)
    host = urlsplit(info.source).hostname or ""
    yield Lettering(x=_MARGIN, y=rule + 60, size=_HOST_SIZE, lines=(host,))


def _tiles(ground: Colour, digest: bytes) -> Iterator[Rectangle]:
    """Tiles of lighter shades, the fewer the higher up."""
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            if digest[(row * 5 + column * 3) % 32] <= 64 * row:
                continue
            shade = digest[(row * _COLUMNS + column) % 32] % 24
            yield Rectangle(
                x=column * _TILE,
                y=HEIGHT - (row + 1) * _TILE,
                width=_TILE,
                height=_TILE,
                colour=_lighter(ground, shade),
            )


def _ground(site_colour: str, digest: bytes) -> Colour:
    """The site's colour, or one of the book's own, as dark as white letters on it need."""
    if _HEX.fullmatch(site_colour):
        red, green, blue = bytes.fromhex(site_colour[1:])
    else:
        shares = colorsys.hls_to_rgb(digest[0] / 255, 0.28, 0.4)
        red, green, blue = (round(255 * share) for share in shares)
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
