"""The cover: readable white letters on the site's colour, the same as SVG and as PNG."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from PIL import Image, ImageColor

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover import cover_page, cover_png
from sitebookify.book.epub.cover_design import cover_shapes
from sitebookify.book.epub.cover_shapes import HEIGHT, WIDTH, Lettering, Rectangle

_SVG = "{http://www.w3.org/2000/svg}"
_ENHANCED = 7.0
"""The contrast ratio of WCAG's success criterion 1.4.6."""


def info(title: str = "Bees & Wax", colour: str = "", source: str = "https://hive.example/guide/") -> BookInfo:
    return BookInfo(title=title, language="en", source=source, generator="tests", colour=colour)


def luminance(colour: tuple[int, ...]) -> float:
    shares = [part / 255 for part in colour]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", ["#ffffff", "#FFD400", "#101010", "#3a7d44", "", "tomato"])
def test_white_letters_can_be_read_on_the_ground(colour: str) -> None:
    ground = next(iter(cover_shapes(info(colour=colour))))
    assert isinstance(ground, Rectangle)
    assert 1.05 / (luminance(ground.colour) + 0.05) >= _ENHANCED


def test_a_dark_colour_of_the_site_is_the_ground() -> None:
    ground = next(iter(cover_shapes(info(colour="#1a2b3c"))))
    assert ground == Rectangle(x=0, y=0, width=WIDTH, height=HEIGHT, colour=(0x1A, 0x2B, 0x3C))


def test_title_and_host_are_on_it() -> None:
    title, host = (shape for shape in cover_shapes(info()) if isinstance(shape, Lettering))
    assert " ".join(title.lines) == "Bees & Wax"
    assert host.lines == ("hive.example",)
    assert host.y > title.y + title.height


def test_books_of_one_colour_differ_in_their_tiles() -> None:
    one, other = ([*cover_shapes(info(title, "#204060"))] for title in ("Bees", "Wax!"))
    assert [shape for shape in one if isinstance(shape, Rectangle)] != [
        shape for shape in other if isinstance(shape, Rectangle)
    ]


@pytest.mark.parametrize("title", ["Bees & Wax", "蜜蜂の本", "<b>" * 30])
def test_the_png_has_the_rectangles_of_the_svg(title: str) -> None:
    image = Image.open(io.BytesIO(cover_png(info(title)))).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    rectangles = [*etree.fromstring(cover_page(info(title))).iter(f"{_SVG}rect")]
    assert len(rectangles) > 2
    for rectangle in rectangles[1:]:
        x, y, width, height = (int(rectangle.get(name) or "") for name in ("x", "y", "width", "height"))
        expected = ImageColor.getrgb(rectangle.get("fill") or "")
        for corner in ((x, y), (x + width - 1, y + height - 1)):
            actual = image.getpixel(corner)
            assert isinstance(actual, tuple)
            assert max(abs(a - b) for a, b in zip(actual, expected, strict=True)) <= 8
