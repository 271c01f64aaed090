"""Object names as paths, one to one, and a walk over them in order of name.

``a/b c.txt`` is the file ``a+/b%20c.txt``: every part between slashes is percent-encoded, and directories end
in ``+``, so that the objects ``a`` and ``a/b`` can stand side by side. No part begins with a dot (that is
``%2E``), so nothing leads out of the root. A part too long for one file name goes on in a directory that ends
in ``,``, and an empty file name is ``%``. Whatever this cannot have made belongs to somebody else and is left out.
"""

from __future__ import annotations

import contextlib
import heapq
import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

_CUT = 180
"""Characters of a piece that end it: file systems take 255 bytes, and the last character may add 12."""

_PLAIN = re.compile(rf"(?:[\w~-][\w.~-]{{0,{_CUT - 2}}})?", re.ASCII)
"""A part that stays as it is."""

_BATCH = 10_000
"""Entries of one directory that are held at a time."""

_NO_NAME = "%"


def path_of(root: Path, name: str) -> Path:
    """The file of the object ``name``."""
    *directories, file = name.split("/")
    *begun, rest = _pieces(file)
    return directory_of(root, directories).joinpath(*(piece + "," for piece in begun), rest or _NO_NAME)


def directory_of(root: Path, parts: Sequence[str]) -> Path:
    """The directory of all objects whose names start with these parts, each followed by a slash."""
    return _directory_of(root, tuple(parts))


@lru_cache(maxsize=1024)  # a job's objects are in a few
def _directory_of(root: Path, parts: tuple[str, ...]) -> Path:
    encoded: list[str] = []
    for part in parts:
        *begun, rest = _pieces(part)
        encoded += [*(piece + "," for piece in begun), rest + "+"]
    return root.joinpath(*encoded)


def walk(root: Path, prefix: str, start_after: str = "") -> Iterator[tuple[str, Path]]:
    """(name, path) of objects in order of name; directories that cannot hold one asked for are not opened.

    Of every directory on the way it keeps 10,000 entries in memory, and reads a bigger one several times.
    """
    parts = prefix.split("/")[:-1]
    base = "".join(part + "/" for part in parts)
    yield from _walk(directory_of(root, parts), base, prefix, start_after)


class _Entry(NamedTuple):
    """A directory entry; ``key`` is an object's whole name, or what all names inside a directory start with."""

    key: str
    path: str
    is_file: bool


def _walk(directory: Path, base: str, prefix: str, start_after: str) -> Iterator[tuple[str, Path]]:
    for key, path, is_file in _in_order(directory, base):
        if is_file:
            if key.startswith(prefix) and key > start_after:
                yield key, Path(path)
        elif _may_hold(key, prefix, start_after):
            yield from _walk(Path(path), key, prefix, start_after)


def _may_hold(key: str, prefix: str, start_after: str) -> bool:
    within = key.startswith(prefix) or prefix.startswith(key)
    return within and (key > start_after or start_after.startswith(key))


def _in_order(directory: Path, base: str) -> Iterator[_Entry]:
    last = _Entry("", "", is_file=False)
    while True:
        batch = heapq.nsmallest(_BATCH, (entry for entry in _entries(directory, base) if entry > last))
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1]


def _entries(directory: Path, base: str) -> Iterator[_Entry]:
    with contextlib.suppress(FileNotFoundError), os.scandir(directory) as entries_of_directory:
        for entry in entries_of_directory:
            is_file = entry.is_file(follow_symlinks=False)
            key = _file_key(entry.name) if is_file else _directory_key(entry.name)
            if key is not None:
                yield _Entry(base + key, entry.path, is_file)


def _file_key(name: str) -> str | None:
    if name == _NO_NAME:
        return ""
    part = unquote(name)
    return part if name.isascii() and _pieces(part) == [name] else None


def _directory_key(name: str) -> str | None:
    piece, mark = name[:-1], name[-1:]
    part = unquote(piece)
    if not name.isascii():
        return None
    if mark == "+" and _pieces(part) == [piece]:
        return part + "/"
    return part if mark == "," and _pieces(part) == [piece, ""] else None


def _pieces(part: str) -> list[str]:
    """The part percent-encoded, cut behind the character that reaches the limit; the last piece may be empty."""
    if _PLAIN.fullmatch(part):
        return [part]
    pieces = [""]
    for char in part:
        pieces[-1] += "%2E" if char == "." and not pieces[-1] else quote(char, safe="")
        if len(pieces[-1]) >= _CUT:
            pieces.append("")
    return pieces
