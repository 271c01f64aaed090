"""A picture, told by its bytes and made fit for a book.

What EPUB readers must show (EPUB 3.3, core media types) stays as it is: PNG, JPEG, GIF, WebP and, sanitized, SVG.
AVIF, BMP, ICO and TIFF become PNG. What is larger than an e-reader can show is made smaller.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from sitebookify.book.limits import limited
from sitebookify.book.svg import BrokenSvg, clean_svg, looks_like_svg
from sitebookify.errors import SitebookifyError

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
"""Pixels: the longest side of a 6-inch e-reader's screen is 1,448, a 7-inch one's 1,680."""
_KEPT = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
_KEPT |= {"WEBP": ("image/webp", "webp")}
_CONVERTED = ("AVIF", "BMP", "ICO", "TIFF")
_HOW: dict[str, dict[str, Any]] = {"JPEG": {"quality": 85}, "WEBP": {"quality": 85}}


class Flaw(StrEnum):
    """Why bytes are no picture for a book."""

    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    BROKEN = "BROKEN"
    TOO_LARGE = "TOO_LARGE"
    PIXEL = "PIXEL"


class UnusablePicture(SitebookifyError):
    """These bytes are no picture for a book; ``reason`` says why."""

    def __init__(self, reason: Flaw) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's bytes and what they are; ``width`` and ``height`` in pixels, 0 where an SVG names none."""

    data: bytes
    content_type: str
    extension: str
    width: int
    height: int


@limited(seconds=30)
def read_picture(data: bytes, longest_side: int = LONGEST_SIDE) -> Picture:
    """The picture in these bytes, whatever its name or type said it would be.

    One with a longer side than ``longest_side`` pixels is made smaller, unless it moves.

    Raises:
        UnusablePicture: not a picture, a broken one, beyond 50 million pixels, or one pixel that counts visitors.
    """
    if looks_like_svg(data):
        return _read_svg(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes that are bounded below
            return _read_raster(data, longest_side)
    except UnidentifiedImageError as error:
        raise UnusablePicture(Flaw.NOT_AN_IMAGE) from error
    except Pillow.DecompressionBombError as error:
        raise UnusablePicture(Flaw.TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, IndexError, OverflowError, MemoryError) as error:
        raise UnusablePicture(Flaw.BROKEN) from error  # what Pillow's parsers raise on hostile bytes


def still_picture(data: bytes) -> Picture:
    """A picture that `read_picture` gave as one that does not move, JPEG or, where it is transparent, PNG.

    Raises:
        UnusablePicture: a broken one.
    """
    try:
        with Pillow.open(io.BytesIO(data)) as image:
            form = "PNG" if image.has_transparency_data else "JPEG"
            content_type, extension = _KEPT[form]
            width, height = image.size
            written = _written(image, form)
    except (OSError, ValueError, SyntaxError) as error:
        raise UnusablePicture(Flaw.BROKEN) from error
    return Picture(data=written, content_type=content_type, extension=extension, width=width, height=height)


def _read_svg(data: bytes) -> Picture:
    try:
        clean, width, height = clean_svg(data)
    except BrokenSvg as error:
        raise UnusablePicture(Flaw.BROKEN) from error
    return Picture(data=clean, content_type="image/svg+xml", extension="svg", width=width, height=height)


def _read_raster(data: bytes, longest_side: int) -> Picture:
    with Pillow.open(io.BytesIO(data), formats=[*_KEPT, *_CONVERTED]) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise UnusablePicture(Flaw.TOO_LARGE)
        if width * height <= 1:
            raise UnusablePicture(Flaw.PIXEL)
        form = image.format if image.format in _KEPT else "PNG"
        fits = max(width, height) <= longest_side or getattr(image, "is_animated", False)
        if fits and form == image.format:
            image.verify()
        else:
            made = image if fits else _smaller(image, longest_side)
            data, (width, height) = _written(made, form), made.size
    content_type, extension = _KEPT[form]
    return Picture(data=data, content_type=content_type, extension=extension, width=width, height=height)


def _smaller(image: Pillow.Image, longest_side: int) -> Pillow.Image:
    """The picture, upright, with its longest side as given; one with a palette keeps one, which is what makes it small.

    Shades between its colours need more of them for the while.
    """
    palette = image.mode in ("P", "PA")
    image.draft("RGB", (longest_side, longest_side))  # a JPEG is then decoded at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in ("RGB", "RGBA", "L", "LA"):
        upright = upright.convert("L" if upright.mode == "1" else "RGBA")
    upright.thumbnail((longest_side, longest_side), Pillow.Resampling.LANCZOS)
    return upright.quantize(256, method=Pillow.Quantize.FASTOCTREE) if palette else upright


def _written(image: Pillow.Image, form: str) -> bytes:
    out = io.BytesIO()
    modes = ("RGB", "L") if form == "JPEG" else ("RGB", "RGBA", "L", "LA", "P", "1")
    usual = image if image.mode in modes else image.convert("RGB" if form == "JPEG" else "RGBA")
    usual.save(out, form, **_HOW.get(form, {}))
    return out.getvalue()
