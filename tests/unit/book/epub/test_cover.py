"""The cover: readable letters on the site's colour, the same as SVG and as PNG."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from PIL import Image, ImageColor

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.epub.cover import cover_page, cover_png, cover_shapes
from sitebookify.book.epub.cover_shapes import HEIGHT, WIDTH, Lettering, Rectangle, Shape

_SVG = "{http://www.w3.org/2000/svg}"
_ENHANCED = 7.0
"""The contrast ratio of WCAG's success criterion 1.4.6."""


def info(title: str = "Bees & Wax", colour: str = "", source: str = "https://hive.example/guide/") -> BookInfo:
    return BookInfo(title=title, language="en", source=source, generator="tests", colour=colour)


def luminance(colour: tuple[int, ...]) -> float:
    shares = [part / 255 for part in colour]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


TITLES = [f"{word} of the Hive" for word in ("Bees", "Wax", "Queen", "Honey", "Drone", "Comb", "Smoke", "Swarm")]
"""Enough for every template to come up."""


def below(shapes: list[Shape], letters: Lettering) -> tuple[int, ...]:
    """The colour on which the letters stand."""
    behind = shapes[: shapes.index(letters)]
    return next(
        shape.colour
        for shape in reversed(behind)
        if isinstance(shape, Rectangle)
        and shape.x <= letters.x < shape.x + shape.width
        and shape.y <= letters.y < shape.y + shape.height
    )


@pytest.mark.parametrize("colour", ["#ffffff", "#FFD400", "#101010", "#3a7d44", "", "tomato"])
@pytest.mark.parametrize("title", TITLES)
def test_title_and_host_can_be_read(title: str, colour: str) -> None:
    shapes = [*cover_shapes(info(title, colour))]
    *_, named, host = (shape for shape in shapes if isinstance(shape, Lettering))
    assert " ".join(named.lines) == title
    assert host.lines == ("hive.example",)
    assert host.y > named.y + named.height
    for letters in (named, host):
        assert contrast(letters.colour, below(shapes, letters)) >= _ENHANCED


def test_there_are_several_templates() -> None:
    """Told apart by where the title stands; a title of any length ends above the foot."""
    tops = set()
    for title in (
        *TITLES,
        *(title * 30 for title in TITLES),
        *(f"{number}. 蜜蜂の飼い方と蜜の採り方" * 2 for number in range(9)),
    ):
        *_, named, host = (shape for shape in cover_shapes(info(title)) if isinstance(shape, Lettering))
        tops.add(named.y)
        assert named.y + named.height < host.y < HEIGHT - 60
    assert len(tops) == 4


def test_a_dark_colour_of_the_site_is_taken() -> None:
    for title in TITLES:
        assert any(shape.colour == (0x1A, 0x2B, 0x3C) for shape in cover_shapes(info(title, "#1a2b3c")))


def test_books_of_one_colour_differ() -> None:
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


def test_japanese_breaks_between_phrases() -> None:
    *_, named, _ = (shape for shape in cover_shapes(info("蜜蜂の飼い方と蜂蜜の採り方")) if isinstance(shape, Lettering))
    assert len(named.lines) > 1
    assert {line[-1] for line in named.lines[:-1]} <= {"の", "と"}
    *_, named, _ = (shape for shape in cover_shapes(info("あ" * 500)) if isinstance(shape, Lettering))
    assert named.lines[-1].endswith("…")
