"""A picture, recognised by its bytes and converted for a book.

EPUB's core media types (EPUB 3.3) stay as they are: PNG, JPEG, GIF, WebP and, sanitized, SVG. AVIF, BMP, ICO and TIFF
become PNG. Pictures larger than an e-reader can show are scaled down.

A worker process reads them, so what does that is loaded there alone.
"""
# ruff: noqa: PLC0415 - readers and writers are loaded where they work, see above

from __future__ import annotations

from sitebookify.book.limits import limited
from sitebookify.book.picture import LONGEST_SIDE, Picture


@limited(seconds=30)
def read_picture(data: bytes, longest_side: int = LONGEST_SIDE) -> Picture:
    """The picture in these bytes, whatever the server says they are.

    A side longer than ``longest_side`` pixels is scaled down to it, unless the picture is animated.

    Raises:
        ImageLost: not a picture, a broken one, beyond 50 million pixels, or one pixel that counts visitors.
    """
    from sitebookify.book.raster import read_raster
    from sitebookify.book.svg import clean_svg, looks_like_svg

    if not looks_like_svg(data):
        return read_raster(data, longest_side)
    clean, width, height = clean_svg(data)
    return Picture(data=clean, content_type="image/svg+xml", extension="svg", width=width, height=height)
