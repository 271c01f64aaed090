"""The file of a local object: its bytes, then one line of JSON that says everything else.

Both stand in one file so that one rename changes them together. The line comes last, so that a program that is
given the file (a picture, a zip, a book) finds what it expects at the beginning; all such formats bear a line behind
their end. The line holds the size of the bytes, so a file that was cut short is told from a whole one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from sitebookify.errors import ObjectDamaged
from sitebookify.ports import ObjectInfo

_USUAL = 4 * 1024
_LONGEST = 64 * 1024
"""Bytes of the last line: a name and metadata at their limits, every character escaped, stay below."""


def last_line(info: ObjectInfo) -> bytes:
    """What follows the object's bytes."""
    fields = {
        "name": info.name,
        "generation": info.generation,
        "size": info.size,
        "updated": info.updated.isoformat(),
        "content_type": info.content_type,
        "metadata": dict(info.metadata),
    }
    text = json.dumps(fields, ensure_ascii=False)
    return b"\n" + text.encode() + b"\n"


def read_info(file: io.FileIO, name: str) -> ObjectInfo:
    """What the last line says.

    Raises:
        ObjectDamaged: the file is not the whole object ``name``.
    """
    length = os.fstat(file.fileno()).st_size
    line = _line_at_end(file, length, _USUAL) or _line_at_end(file, length, _LONGEST)
    try:
        info = _parsed(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ObjectDamaged(f"{name}: {file.name!s} is damaged, or no file of this store") from error
    if info.name != name or info.size + len(line) + 2 != length:
        raise ObjectDamaged(f"{name}: {file.name!s} holds {length} bytes that are not this object")
    return info


def link_or_copy(source: str | Path, target: str | Path) -> None:
    """Make ``target`` the same file where the file system can do that, else a copy; there is no such file yet."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _line_at_end(file: io.FileIO, length: int, room: int) -> bytes:
    """The last line without its two ends; empty where ``room`` bytes do not hold it."""
    tail = os.pread(file.fileno(), room, max(0, length - room))
    before, newline, line = tail.removesuffix(b"\n").rpartition(b"\n")
    del before
    return line if newline and tail.endswith(b"\n") else b""


def _parsed(fields: dict[str, Any]) -> ObjectInfo:
    return ObjectInfo(**{**fields, "updated": datetime.fromisoformat(fields["updated"])})
