"""The cover: title and host on the site's colour, as SVG for the first page and as PNG for a reader's shelf."""

from __future__ import annotations

import colorsys
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.lettering import font_for, wrapped
from sitebookify.book.epub.text_page import head
from sitebookify.book.labels import label

WIDTH, HEIGHT = 1200, 1800
_MARGIN = 110
_TITLE_TOP = 300
_HOST_SIZE = 46
_TILE = 150
_COLUMNS, _ROWS = WIDTH // _TILE, 4
_DARKEST_TEXT_CONTRAST = 7.0  # WCAG's enhanced contrast: it must survive sixteen greys
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Design:
    """What stands where, in pixels."""

    lines: tuple[str, ...]
    size: int
    host: str
    ground: _Colour
    tiles: tuple[tuple[int, int, _Colour], ...]

    def rows(self) -> Iterator[tuple[int, str]]:
        """The title's lines, each with the top of its letters."""
        for number, line in enumerate(self.lines):
            yield _TITLE_TOP + number * self.size * 5 // 4, line

    @property
    def rule(self) -> int:
        """The height of the line below the title."""
        return _TITLE_TOP + len(self.lines) * self.size * 5 // 4 + self.size // 3


def cover_page(info: BookInfo) -> bytes:
    """The first page: the cover as SVG, its letters those of the reader's own fonts."""
    design = _design(info)
    word = escape(label("cover", info.language))
    start = head(word, info.language, info.direction, stylesheet="style.css")
    return (
        f'{start}<body class="cover" epub:type="cover">\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="100%" height="100%" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(info.title)}">\n'
        f"{''.join(_shapes(design))}</svg>\n</body>\n</html>\n"
    ).encode()


def cover_png(info: BookInfo) -> bytes:
    """The same as PNG; characters that no font of this machine has are left to the first page."""
    design = _design(info)
    image = Image.new("RGB", (WIDTH, HEIGHT), design.ground)
    draw = ImageDraw.Draw(image)
    for x, y, colour in design.tiles:
        draw.rectangle((x, y, x + _TILE - 1, y + _TILE - 1), fill=colour)
    if (font := font_for("".join(design.lines), design.size, bold=True)) is not None:
        for top, line in design.rows():
            draw.text((_MARGIN, top), line, font=font, fill="white")
    draw.rectangle((_MARGIN, design.rule, _MARGIN + 240, design.rule + 7), fill="white")
    if (font := font_for(design.host, _HOST_SIZE, bold=False)) is not None:
        draw.text((_MARGIN, design.rule + 60), design.host, font=font, fill="white")
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _shapes(design: _Design) -> Iterator[str]:
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_written(design.ground)}"/>\n'
    for x, y, colour in design.tiles:
        yield f'<rect x="{x}" y="{y}" width="{_TILE}" height="{_TILE}" fill="{_written(colour)}"/>\n'
    text = 'fill="#ffffff" font-family="sans-serif"'
    for top, line in design.rows():
        place = f'x="{_MARGIN}" y="{top + design.size * 9 // 10}" font-size="{design.size}"'
        yield f'<text {place} font-weight="bold" {text}>{escape(line)}</text>\n'
    yield f'<rect x="{_MARGIN}" y="{design.rule}" width="240" height="8" fill="#ffffff"/>\n'
    base = design.rule + 60 + _HOST_SIZE * 9 // 10
    yield f'<text x="{_MARGIN}" y="{base}" font-size="{_HOST_SIZE}" {text}>{escape(design.host)}</text>\n'


def _design(info: BookInfo) -> _Design:
    size, lines = wrapped(info.title, WIDTH - 2 * _MARGIN)
    digest = hashlib.sha256(f"{info.source} {info.title}".encode()).digest()
    ground = _dark((_HEX.fullmatch(info.colour) and info.colour) or _hue(digest[0]))
    tiles = tuple(
        (column * _TILE, HEIGHT - (row + 1) * _TILE, _lighter(ground, digest[(row * _COLUMNS + column) % 32] % 24))
        for row in range(_ROWS)
        for column in range(_COLUMNS)
        if digest[(row * 5 + column * 3) % 32] > 64 * row
    )
    return _Design(lines=lines, size=size, host=urlsplit(info.source).hostname or "", ground=ground, tiles=tiles)


def _hue(byte: int) -> str:
    return _written(tuple(round(255 * part) for part in colorsys.hls_to_rgb(byte / 255, 0.28, 0.4)))


def _dark(colour: str) -> _Colour:
    """The colour, as dark as white letters on it need."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    while 1.05 / (_luminance((red, green, blue)) + 0.05) < _DARKEST_TEXT_CONTRAST:
        red, green, blue = (part * 9 // 10 for part in (red, green, blue))
    return red, green, blue


def _luminance(colour: _Colour) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lighter(colour: _Colour, by: int) -> _Colour:
    red, green, blue = (min(255, part + by) for part in colour)
    return red, green, blue


def _written(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
