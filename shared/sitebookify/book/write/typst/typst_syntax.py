"""Typst's code, safely: strings, groups and calls."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONG = re.compile(r"[!-~\u00a1-\u02af]{30,}")
"""Runs of letters without a space that may not fit on a line."""
_BREAK = re.compile(r"(?<=[/.,:;_?&=+-])(?=\w)|(?<=[^\W\d_])(?=[(\[{<])")
_NO_BREAK = re.compile(r"[^\u200b]{24}")


def string(text: str) -> str:
    """A string of typst with exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def group(pieces: Iterable[str]) -> str:
    """One after another, as one content."""
    return "{" + (";".join(filter(None, pieces)) or '""') + "}"


def call(name: str, *arguments: str) -> str:
    """A function's call; the arguments are code."""
    return f"{name}({','.join(arguments)})"


def array(items: Iterable[str]) -> str:
    """An array; the items are code."""
    return f"({''.join(f'{item},' for item in items)})"


def words(text: str) -> str:
    """A string of typst with this text, and places in very long words where a line may end: paper has an edge."""
    return string(_LONG.sub(_with_breaks, text))


def _with_breaks(word: re.Match[str]) -> str:
    at_signs = _BREAK.sub("\u200b", word[0])
    return _NO_BREAK.sub("\\g<0>\u200b", at_signs)
