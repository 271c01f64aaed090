"""How large a page shows its pictures: what its own style sheets say, and what icons are called.

A picture of 512 pixels that a class makes as high as a line would cover a page of the book.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from sitebookify.book.extract.clean.elements import named, number_in
from sitebookify.book.html.vocabulary import HEADINGS, PHRASING
from sitebookify.book.svg import pixels_of
from sitebookify.book.tree import Element, classes_of, is_blank, words_of

_LENGTHS = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,9}(?:px|pt|pc|in|cm|mm|r?em|ex))\b", re.IGNORECASE)
_CLASS = re.compile(r"(?:img|svg)?\.([\w-]{1,80})")
_is_called_icon = named(r"(?:.*[-_])?(?:emoji|twemoji|smiley|icon|ico)(?:[-_].*)?")
_SMALLEST = 3
"""Pixels of what a reader is to see."""
_LINE_HEIGHT = 16
"""Pixels: a line of text in CSS's initial size."""
_LINES = frozenset(("p", "li", "td", "th", "dt", "dd", "figcaption", *HEADINGS))
_MOST_SHEETS = 20
_LONGEST_SHEET = 100_000
"""Characters of a style sheet that are read."""
_MOST_RULES = 2000

Sizes = Mapping[str, Mapping[str, str]]
"""Of a class, ``width`` and ``height`` in pixels."""


def sizes_of(document: Element) -> Sizes:
    """The sizes that style sheets in the page give what has a class, whatever it stands in; the first rule counts."""
    sizes: dict[str, dict[str, str]] = {}
    for sheet in islice(document.iter("style"), _MOST_SHEETS):
        rules = (sheet.text or "")[:_LONGEST_SHEET].split("}", _MOST_RULES)
        for rule in rules[:_MOST_RULES]:
            selectors, _, declarations = rule.rpartition("{")
            sides = _sides(declarations)
            for name in _classes(selectors) if sides else ():
                sizes[name] = sides | sizes.get(name, {})
    return sizes


def set_size(image: Element, sizes: Sizes) -> None:
    """Give the picture the size that the page shows it at, in pixels, as its attributes: style comes before them."""
    for side in ("width", "height"):
        stated = image.get(side, "").strip()
        pixels = 0 if stated.isdecimal() else pixels_of(stated)
        if pixels:
            image.set(side, str(pixels))
    names = classes_of(image)
    styled = [sizes[name] for name in names if name in sizes]
    for sides in (*reversed(styled), _sides(image.get("style", ""))):
        for side, size in sides.items():
            image.set(side, size)
    is_sized = image.get("width") or image.get("height")
    if not is_sized and _is_called_icon(image) and _is_in_line(image):
        image.set("height", str(_LINE_HEIGHT))


def is_tiny(length: str) -> bool:
    """True for the side of what counts visitors, or measures."""
    return 0 <= number_in(length.removesuffix("px")) < _SMALLEST


def _sides(declarations: str) -> dict[str, str]:
    sides: dict[str, str] = {}
    for side, length in _LENGTHS.findall(declarations[:_LONGEST_SHEET]):
        pixels = pixels_of(length.replace("rem", "em"))  # letters are taken to have CSS's initial size
        if pixels:
            sides[side.lower()] = str(pixels)
    return sides


def _classes(selectors: str) -> Iterator[str]:
    """The classes that each selector ends with; one that ends otherwise is not read."""
    for selector in selectors.rpartition("*/")[2].split(","):
        match = None if is_blank(selector) else _CLASS.fullmatch(selector.split()[-1])
        if match:
            yield match[1]


def _is_in_line(image: Element) -> bool:
    """True for a picture beside words of a line."""
    for up in image.iterancestors():
        if up.tag in _LINES:
            return bool(words_of(up))
        if up.tag not in PHRASING:
            return False
    return False
