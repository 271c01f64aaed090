"""Where a page belongs by its path, when nothing else says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from sitebookify.book.contents.forest import Forest, Node

_INDEX = re.compile(r"^(?:index|default|readme)\.\w+$|^$", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")


def place_by_path(forest: Forest, urls: Sequence[str]) -> None:
    """Put every page without a place below the index of its directory, or of one above; in natural order."""
    folders: dict[tuple[str, ...], Node] = {}
    for number, url in enumerate(urls):
        folder, name = _split(url)
        if number in forest and _INDEX.match(name):
            folders.setdefault(folder, forest.find(number))
    for number in sorted((n for n in range(len(urls)) if n not in forest), key=lambda n: natural(urls[n])):
        folder, name = _split(urls[number])
        above = folder[:-1] if _INDEX.match(name) else folder
        parent = next(
            (folders[above[:size]] for size in range(len(above), -1, -1) if above[:size] in folders), forest.root
        )
        node = forest.add(number, parent)
        if _INDEX.match(name):
            folders.setdefault(folder, node)


def _split(url: str) -> tuple[tuple[str, ...], str]:
    parts = unquote(urlsplit(url).path).split("/")
    return tuple(parts[1:-1]), parts[-1]


def natural(url: str) -> list[list[tuple[int, str]]]:
    """A key that sorts ``ch2`` before ``ch10``, and an index before its directory."""
    folder, name = _split(url)
    parts = [*folder, "" if _INDEX.match(name) else name]
    return [[(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _NUMBER.split(part)] for part in parts]
