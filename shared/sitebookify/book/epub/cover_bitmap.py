"""A cover as a bitmap, with the fonts of this machine."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from sitebookify.book.epub.cover_shapes import HEIGHT, WIDTH, Rectangle, Shape

# Where Debian, Fedora and macOS keep fonts that are usual there; the first that has all letters is taken.
_BOLD = (
    "DejaVuSans-Bold.ttf",
    "LiberationSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "Arial Bold.ttf",
)
_REGULAR = (
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "ipagp.ttf",
    "wqy-zenhei.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "Arial.ttf",
)
_ABSENT = "\U0010fffe"


def as_png(shapes: Iterable[Shape]) -> bytes:
    """The shapes as a picture of ``WIDTH`` by ``HEIGHT``; text is left out where no font of this machine has it."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        if isinstance(shape, Rectangle):
            right = shape.x + shape.width - 1
            bottom = shape.y + shape.height - 1
            draw.rectangle((shape.x, shape.y, right, bottom), fill=shape.colour)
            continue
        font = font_for("".join(shape.lines), shape.size, bold=shape.bold)
        if font is None:
            continue
        for top, line in shape.tops():
            draw.text((shape.x, top), line, font=font, fill=shape.colour)
    out = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


def font_for(text: str, size: int, *, bold: bool) -> ImageFont.FreeTypeFont | None:
    """A font of this machine that has every letter of the text, or Pillow's own; None where there is none."""
    letters = "".join(sorted(set(text) - {" "}))
    for name in (*_BOLD, *_REGULAR) if bold else _REGULAR:
        font = _font(name, size)
        if font is not None and _has(font, letters):
            return font
    own = ImageFont.load_default(size)
    return own if isinstance(own, ImageFont.FreeTypeFont) and _has(own, letters) else None


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _has(font: ImageFont.FreeTypeFont, letters: str) -> bool:
    """True where no letter comes out as the box that stands for a missing one."""
    absent = bytes(font.getmask(_ABSENT))
    return all(bytes(font.getmask(letter)) != absent for letter in letters)
