"""The cover: as SVG for the book's first page, and as PNG for a reader's shelf."""

from __future__ import annotations

from html import escape

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover_design import cover_shapes
from sitebookify.book.epub.cover_shapes import HEIGHT, WIDTH, as_svg
from sitebookify.book.epub.text_page import head
from sitebookify.book.labels import labels_of
from sitebookify.book.limits import limited


def cover_svg(info: BookInfo) -> bytes:
    """The cover as a picture of its own."""
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{"".join(as_svg(cover_shapes(info)))}</svg>\n'.encode()


def cover_page(info: BookInfo) -> bytes:
    """The first page, ``cover.xhtml``."""
    name = escape(labels_of(info.language).cover)
    start = head(name, info.language, info.direction, stylesheet="style.css")
    drawing = "".join(as_svg(cover_shapes(info)))
    return (
        f'{start}<body class="cover" epub:type="cover">\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="100%" height="100%" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(info.title)}">\n'
        f"{drawing}</svg>\n</body>\n</html>\n"
    ).encode()


@limited(seconds=20)
def cover_png(info: BookInfo) -> bytes:
    """The same as ``cover.png``; characters that no font of this machine has are on the first page only."""
    from sitebookify.book.epub.cover_bitmap import as_png  # noqa: PLC0415 - Pillow is loaded where it draws

    return as_png(cover_shapes(info))
