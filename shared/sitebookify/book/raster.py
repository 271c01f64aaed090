"""Pictures of pixels: read, converted and scaled down by Pillow, with bounds on what that may take."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from sitebookify.book.picture import ImageLost, Loss, Picture
from sitebookify.memory_limit import left

MAX_PIXELS = 50_000_000
_MOST_MEMORY = 300 * 2**20
"""Bytes that a picture may take while it is scaled down; less if the process may take less."""
_SHARE_OF_LEFT = 0.85
_BYTES_PER_PIXEL = {"WEBP": 10, "AVIF": 18, "JPEG": 5}
"""What decoding and scaling took, in bytes (measured, Pillow 12); others go by their mode."""
_WEBP = 18
"""Of it, what its decoder takes when the picture is opened included."""
_PROGRESSIVE = 8
"""Bytes per pixel of a progressive JPEG, whose scans are complete only together."""
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"
"""How a JPEG begins, and each of its scans; the pair stands nowhere else but in a preview of the picture."""
_MOST_SCANS = 200
_PLAIN = ("L", "1", "RGB", "CMYK", "YCbCr")
_OF_PLAIN, _OF_OTHERS = 6, 13
"""Bytes per pixel. Transparency is multiplied into a copy, and a palette is expanded to four bytes a pixel."""
_TYPES = {
    "PNG": ("image/png", "png"),
    "JPEG": ("image/jpeg", "jpg"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}
"""Pillow's formats that a book may contain, with their media types and file extensions."""
_CONVERTED = ("AVIF", "BMP", "ICO", "TIFF")
_PARSER_ERRORS = (OSError, ValueError, SyntaxError, TypeError, EOFError, IndexError, OverflowError)
"""What Pillow's parsers raise on hostile bytes, in addition to MemoryError."""
_QUALITY = 85
"""Of JPEG and WebP; the others take no notice."""


def read_raster(data: bytes, longest_side: int) -> Picture:
    """See `read_picture.read_picture`."""
    with warnings.catch_warnings(), _with_reasons():
        warnings.simplefilter("ignore")  # of odd metadata, and of sizes that are limited below
        return _read(data, longest_side)


def still_picture(data: bytes) -> Picture:
    """A picture from `read_picture` as JPEG or, if it is transparent, PNG: of an animation, the first frame.

    Raises:
        ImageLost: a broken one.
    """
    _check_webp(data)
    with _with_reasons(), Pillow.open(io.BytesIO(data)) as image:
        _check_memory(image)
        form = "PNG" if image.has_transparency_data else "JPEG"
        content_type, extension = _TYPES[form]
        width, height = image.size
        still = _encoded(image, form)
    return Picture(data=still, content_type=content_type, extension=extension, width=width, height=height)


@contextmanager
def _with_reasons() -> Iterator[None]:
    """Raise `ImageLost` for what Pillow raises."""
    try:
        yield
    except UnidentifiedImageError as error:
        raise ImageLost(Loss.NOT_AN_IMAGE) from error
    except (Pillow.DecompressionBombError, MemoryError) as error:
        raise ImageLost(Loss.TOO_LARGE) from error
    except _PARSER_ERRORS as error:
        raise ImageLost(Loss.BROKEN) from error


def _read(data: bytes, longest_side: int) -> Picture:
    _check_webp(data)
    _check_scans(data)
    with Pillow.open(io.BytesIO(data), formats=[*_TYPES, *_CONVERTED]) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise ImageLost(Loss.TOO_LARGE)
        if width * height <= 1:
            raise ImageLost(Loss.PIXEL)
        form = image.format if image.format in _TYPES else "PNG"
        fits = max(width, height) <= longest_side or getattr(image, "is_animated", False)
        if fits and form == image.format:
            image.verify()
        else:
            _check_memory(image)
            converted = image if fits else _scaled_down(image, longest_side)
            data = _encoded(converted, form)
            width, height = converted.size
    content_type, extension = _TYPES[form]
    return Picture(data=data, content_type=content_type, extension=extension, width=width, height=height)


def _check_scans(data: bytes) -> None:
    """Refuse a JPEG that is drawn thousands of times over, each time in eleven bytes; usual ones have a dozen scans."""
    if data.startswith(_JPEG) and data.count(_SCAN) > _MOST_SCANS:
        raise ImageLost(Loss.TOO_LARGE)


def _check_memory(image: Pillow.Image) -> None:
    """Refuse a picture that would take too much memory, before it is decoded: 0.1 MB of PNG can be 50 megapixels."""
    by_mode = _OF_PLAIN if image.mode in _PLAIN else _OF_OTHERS
    per_pixel = _BYTES_PER_PIXEL.get(image.format or "", by_mode)
    if image.info.get("progressive"):
        per_pixel = _PROGRESSIVE
    _check_bytes(per_pixel * image.width * image.height)


def _check_webp(data: bytes) -> None:
    """The same for WebP, whose decoder takes its memory when the picture is opened."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        width, height = _webp_size(data)
        _check_bytes(_WEBP * width * height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk states them (RFC 9649, 2.5 to 2.7); 0 where it is of no known kind."""
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little")
        height = int.from_bytes(data[27:30], "little")
        return width + 1, height + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width = int.from_bytes(data[26:28], "little")
        height = int.from_bytes(data[28:30], "little")
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _check_bytes(needed: int) -> None:
    most: float = _MOST_MEMORY
    room = left()
    if room is not None:
        most = min(most, _SHARE_OF_LEFT * room)
    if needed > most:
        raise ImageLost(Loss.TOO_LARGE)


def _scaled_down(image: Pillow.Image, longest_side: int) -> Pillow.Image:
    """The picture, upright, with its longest side as given.

    A picture with a palette gets one again, which keeps it small; scaling needs the shades between its colours. It is
    rotated last, since rotating makes a copy.
    """
    has_palette = image.mode in ("P", "PA")
    image.draft("RGB", (longest_side, longest_side))  # a JPEG is then decoded at a fraction of its size
    if image.mode in ("RGB", "RGBA", "L", "LA"):
        small = image
    else:
        small = image.convert("L" if image.mode == "1" else "RGBA")
        small.info = image.info
    small.thumbnail((longest_side, longest_side), Pillow.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(small)
    return upright.quantize(256, method=Pillow.Quantize.FASTOCTREE) if has_palette else upright


def _encoded(image: Pillow.Image, form: str) -> bytes:
    if form == "JPEG" and image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    elif image.mode not in ("RGB", "RGBA", "L", "LA", "P", "1"):
        image = image.convert("RGBA")
    out = io.BytesIO()
    image.save(out, form, quality=_QUALITY)
    return out.getvalue()
