"""How large a page shows its pictures: what its own style sheets say, and what icons are called.

A picture of 512 pixels that a class makes as high as a line would cover a page of the book.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from sitebookify.book.html.vocabulary import HEADINGS, PHRASING
from sitebookify.book.svg import pixels_of
from sitebookify.book.tree import Element, classes_of, words_of

_LENGTHS = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,9}(?:px|pt|pc|in|cm|mm|r?em|ex))\b", re.IGNORECASE)
_CLASS = re.compile(r"(?:img|svg)?\.([\w-]{1,80})")
_ICON = re.compile(r"(?:.*[-_])?(?:emoji|twemoji|smiley|icon|ico)(?:[-_].*)?", re.IGNORECASE)
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
                for side, pixels in sides.items():
                    sizes.setdefault(name, {}).setdefault(side, pixels)
    return sizes


def set_size(image: Element, sizes: Sizes) -> None:
    """Give the picture the size that the page shows it at, in pixels, as its attributes: style comes before them."""
    for side in ("width", "height"):
        stated = (image.get(side) or "").strip()
        if stated and not stated.isdecimal() and (pixels := pixels_of(stated)):
            image.set(side, str(pixels))
    names = classes_of(image)
    styled = [sizes[name] for name in names if name in sizes]
    for sides in (*reversed(styled), _sides(image.get("style") or "")):
        for side, size in sides.items():
            image.set(side, size)
    sized = image.get("width") or image.get("height")
    if not sized and any(map(_ICON.fullmatch, names)) and _is_in_line(image):
        image.set("height", str(_LINE_HEIGHT))


def _sides(declarations: str) -> dict[str, str]:
    lengths = ((side.lower(), _pixels(length)) for side, length in _LENGTHS.findall(declarations[:_LONGEST_SHEET]))
    return {side: str(pixels) for side, pixels in lengths if pixels}


def _pixels(length: str) -> int:
    """Letters are taken to have CSS's initial size, in the place as in the root element."""
    return pixels_of(length.replace("rem", "em"))


def _classes(selectors: str) -> list[str]:
    """The classes that each selector ends with; one that ends otherwise is not read."""
    lasts = [selector.split()[-1:] for selector in selectors.rpartition("*/")[2].split(",")]
    matches = [_CLASS.fullmatch(last) for words in lasts for last in words]
    return [match[1] for match in matches if match]


def _is_in_line(image: Element) -> bool:
    """True for a picture beside words of a line."""
    for up in image.iterancestors():
        if up.tag in _LINES:
            return bool(words_of(up))
        if up.tag not in PHRASING:
            return False
    return False
