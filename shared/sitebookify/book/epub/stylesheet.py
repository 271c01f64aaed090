"""The stylesheet of the book's texts.

It uses logical properties (``margin-inline``), which serve texts from right to left and lines from top to bottom.
For reading systems that do not know these, such as RMSDK, each comes after its physical form (``margin-left``). A
reading system that knows both uses the later one, and one that names both sides overrides all of the physical form.
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
        physical = f"{name}-{side}: {value}; "
        if name == "border" and axis == "inline":
            # Else text from right to left has a line on both sides.
            physical += "border-inline-end: none; "
        return physical + declaration[0]
    width = part or ""
    values = value.split()
    return f"{name}-{first}{width}: {values[0]}; {name}-{last}{width}: {values[-1]}; {declaration[0]}"
