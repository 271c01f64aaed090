"""The stylesheet of the book's texts.

It names sides as the text runs (``margin-inline``), so that it serves texts from right to left and lines from top to
bottom. Reading systems that know no such names, RMSDK among them, get left and right before each: who knows both takes
the later one, and where it names both sides of a line nothing of the former is left.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_DECLARATION = re.compile(r"\b(margin|padding|border)-(block|inline)(-start|-end|-width)?: ([^;}]+)")
_SIDES = {"block": ("top", "bottom"), "inline": ("left", "right")}


@cache
def stylesheet(*, vertical: bool = False) -> str:
    """The stylesheet; ``vertical``: lines run from top to bottom, the first at the right."""
    text = _DECLARATION.sub(_with_physical_sides, _read("style.css"))
    return text + _read("vertical.css") if vertical else text


def _read(name: str) -> str:
    return files("sitebookify.book.epub").joinpath(name).read_text(encoding="utf-8")


def _with_physical_sides(declaration: re.Match[str]) -> str:
    name, axis, part, value = declaration.groups()
    first, last = _SIDES[axis]
    if part in ("-start", "-end"):
        side = first if part == "-start" else last
        written = f"{name}-{side}: {value}; "
        if name == "border" and axis == "inline":
            written += "border-inline-end: none; "  # else left and right both have a line where text runs to the left
        return written + declaration[0]
    width = part or ""
    values = value.split()
    return f"{name}-{first}{width}: {values[0]}; {name}-{last}{width}: {values[-1]}; {declaration[0]}"
