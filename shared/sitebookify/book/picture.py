"""A picture, told by its bytes and made fit for a book.

What EPUB readers must show (EPUB 3.3, core media types) stays as it is: PNG, JPEG, GIF, WebP and, sanitized, SVG.
AVIF, BMP, ICO and TIFF become PNG.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from sitebookify.book.svg import BrokenSvg, clean_svg, looks_like_svg
from sitebookify.errors import SitebookifyError

MAX_PIXELS = 50_000_000
_KEPT = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
_KEPT |= {"WEBP": ("image/webp", "webp")}
_CONVERTED = ("AVIF", "BMP", "ICO", "TIFF")


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


def read_picture(data: bytes) -> Picture:
    """The picture in these bytes, whatever its name or type said it would be.

    Raises:
        UnusablePicture: not a picture, a broken one, beyond 50 million pixels, or one pixel that counts visitors.
    """
    if looks_like_svg(data):
        return _read_svg(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes that are bounded below
            return _read_raster(data)
    except UnidentifiedImageError as error:
        raise UnusablePicture(Flaw.NOT_AN_IMAGE) from error
    except Pillow.DecompressionBombError as error:
        raise UnusablePicture(Flaw.TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, IndexError, OverflowError, MemoryError) as error:
        raise UnusablePicture(Flaw.BROKEN) from error  # what Pillow's parsers raise on hostile bytes


def _read_svg(data: bytes) -> Picture:
    try:
        clean, width, height = clean_svg(data)
    except BrokenSvg as error:
        raise UnusablePicture(Flaw.BROKEN) from error
    return Picture(data=clean, content_type="image/svg+xml", extension="svg", width=width, height=height)


def _read_raster(data: bytes) -> Picture:
    with Pillow.open(io.BytesIO(data), formats=[*_KEPT, *_CONVERTED]) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise UnusablePicture(Flaw.TOO_LARGE)
        if width * height <= 1:
            raise UnusablePicture(Flaw.PIXEL)
        if image.format in _KEPT:
            content_type, extension = _KEPT[image.format]
            image.verify()
        else:
            data, content_type, extension = _as_png(image), "image/png", "png"
    return Picture(data=data, content_type=content_type, extension=extension, width=width, height=height)


def _as_png(image: Pillow.Image) -> bytes:
    out = io.BytesIO()
    usual = image if image.mode in ("RGB", "RGBA", "L", "LA", "P", "1") else image.convert("RGBA")
    usual.save(out, "PNG")
    return out.getvalue()
