"""Where a page belongs by its URL's path, when nothing else says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sitebookify.book.contents.forest import Forest, Node
from sitebookify.book.urls import is_index_name

_NUMBER = re.compile(r"(\d+)")
_DEEPEST = 16
"""Directories of a path that an index may stand for."""
_Folder = tuple[str, ...]


def place_by_path(forest: Forest, urls: Sequence[str], missing: Mapping[str, Node], days: Mapping[int, str]) -> None:
    """Put every page without a place below the index of its directory or of the nearest parent directory.

    Such pages come by their days if all state one, else in natural order. ``ports.html`` stands for the index of
    ``ports/`` where that has none, and the label of a page that is ``missing``, by its URL, for that page. An index
    comes before the pages of its directory that have a place.
    """
    unplaced = [number for number in range(len(urls)) if number not in forest]
    if not unplaced:
        return
    placed = [(url, forest.find(number)) for number, url in enumerate(urls) if number in forest]
    indexes = _indexes([*placed, *missing.items()])
    firsts = _first_pages(forest, urls)
    unplaced.sort(key=lambda number: natural(urls[number]))
    if all(number in days for number in unplaced):
        unplaced.sort(key=lambda number: days[number])
    for number in unplaced:
        folder, name = _split(urls[number])
        is_index = is_index_name(name)
        parent = _nearest_index(indexes, folder[:-1] if is_index else folder) or forest.root
        first = firsts.get(folder) if is_index else None
        if first is not None and first.parent is not None:
            parent = first.parent
        node = forest.add(number, parent, before=first)
        if is_index:
            indexes.setdefault(folder, node)


def _indexes(pages: Iterable[tuple[str, Node]]) -> dict[_Folder, Node]:
    """The pages that stand for directories."""
    indexes: dict[_Folder, Node] = {}
    namesakes: dict[_Folder, Node] = {}
    for url, node in pages:
        folder, name = _split(url)
        if is_index_name(name):
            indexes.setdefault(folder, node)
        else:
            namesakes.setdefault((*folder, PurePosixPath(name).stem), node)
    return namesakes | indexes


def _first_pages(forest: Forest, urls: Sequence[str]) -> dict[_Folder, Node]:
    """The first page with a place in each folder, or in one below it."""
    firsts: dict[_Folder, Node] = {}
    for node in forest.root.walk():
        if node.page is None:
            continue
        folder, _ = _split(urls[node.page])
        for size in range(1, min(len(folder), _DEEPEST) + 1):
            firsts.setdefault(folder[:size], node)
    return firsts


def _nearest_index(indexes: Mapping[_Folder, Node], folder: _Folder) -> Node | None:
    folders = (folder[:size] for size in range(len(folder), -1, -1))
    return next((indexes[each] for each in folders if each in indexes), None)


def _split(url: str) -> tuple[_Folder, str]:
    """The path's directories and the file's name."""
    parts = unquote(urlsplit(url).path).split("/")
    return tuple(parts[1:-1]), parts[-1]


def natural(url: str) -> list[list[tuple[int, str]]]:
    """A key that sorts ``ch2`` before ``ch10``, and an index before its directory."""
    folder, name = _split(url)
    if is_index_name(name):
        name = ""
    return [_natural_part(part) for part in (*folder, name)]


def _natural_part(part: str) -> list[tuple[int, str]]:
    pieces = _NUMBER.split(part)
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
