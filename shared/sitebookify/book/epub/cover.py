"""The cover: the book's title on the site's colour."""

from __future__ import annotations

import io
import textwrap
from html import escape

from PIL import Image, ImageDraw, ImageFont

from sitebookify.book.epub.document import head
from sitebookify.book.epub.model import BookInfo
from sitebookify.book.labels import label

WIDTH, HEIGHT = 1200, 1800


def cover_page(info: BookInfo) -> bytes:
    """The first page: the cover's picture."""
    word = escape(label("cover", info.language))
    start = head(word, info.language, stylesheet="style.css")
    return (
        f'{start}<body epub:type="cover" class="cover">\n<p><img src="cover.png" alt="{escape(info.title)}"/></p>\n'
        "</body>\n</html>\n"
    ).encode()


def cover_png(info: BookInfo) -> bytes:
    """The cover as PNG, 1200 by 1800 pixels."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#22313f")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(96)
    draw.multiline_text((110, 400), "\n".join(textwrap.wrap(info.title, 20)[:8]), fill="white", font=font, spacing=24)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
