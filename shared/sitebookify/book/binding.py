"""A whole book as one file by pandoc, for formats that cannot be put together page by page.

The pages come as pandoc's AST, the pictures as bytes: pandoc, running ``binding.lua``, has all of them in memory and
needs no file. It gets none either: once it runs, the kernel lets it open no file and no connection more, whatever a
picture of a page may be called. Its memory and its time are bounded.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sitebookify.book.document.pandoc_json import Json, pandoc_document
from sitebookify.book.pandoc import PandocFailed, answer, killed_after, start

TIMEOUT_SECONDS = 200.0
MEMORY_BYTES = 1024 * 2**20
_PROGRAM = Path(__file__).with_name("binding.lua")
_STANDARD_FILES = 3
"""Input, output and errors: with no more than these it opens nothing."""
_FIRST_DAY = "1980-01-01"
"""The first that a zip can say, for books without a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundPicture:
    """A picture: ``name`` is what the pages call it."""

    name: str
    content_type: str
    data: bytes


def bind(
    pages: Iterable[bytes],
    pictures: Iterable[BoundPicture],
    target: str,
    *,
    meta: dict[str, Json],
    date: str = "",
    timeout: float = TIMEOUT_SECONDS,
    memory: int = MEMORY_BYTES,
) -> Iterator[bytes]:
    """The bytes of the book in pandoc's format ``target``, the same for the same book.

    ``pages`` are documents in pandoc's AST as JSON, one in memory at a time here; ``meta`` is the book's metadata;
    ``date`` (YYYY-MM-DD) is when the file says it was made; ``timeout`` is in seconds, ``memory`` in bytes.

    Raises:
        PandocFailed: pandoc refused, ran out of memory or out of time.
    """
    process = start(_PROGRAM, memory, {"SOURCE_DATE_EPOCH": _epoch(date)})
    try:
        with killed_after(timeout, process) as late:
            _shut_in(process)
            with suppress(BrokenPipeError):  # it has ended: its answer says why, if it could give one
                _send(process, pages, pictures, target, meta)
            yield from answer(process)
    except EOFError as error:
        code = process.wait()
        if late.is_set():
            raise PandocFailed(f"pandoc needed longer than {timeout:g} s") from error
        raise PandocFailed(f"pandoc needed more than {memory:,} bytes (code {code})") from error
    finally:
        process.kill()
        process.communicate()


def _shut_in(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout  # noqa: S101 - it is a pipe
    if process.stdout.readline() != b"ready\n":
        raise EOFError
    if sys.platform == "linux":
        limits = (_STANDARD_FILES, _STANDARD_FILES)
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, limits)


def _send(
    process: subprocess.Popen[bytes],
    pages: Iterable[bytes],
    pictures: Iterable[BoundPicture],
    target: str,
    meta: dict[str, Json],
) -> None:
    assert process.stdin  # noqa: S101 - it is a pipe
    for picture in pictures:
        head = f"image {len(picture.data)} {picture.content_type} {picture.name}\n"
        process.stdin.write(head.encode() + picture.data)
    for page in pages:
        process.stdin.write(b"page %d\n" % len(page) + page)
    head_of_book = msgspec.json.encode(pandoc_document((), meta))
    process.stdin.write(b"write %d %s\n" % (len(head_of_book), target.encode()) + head_of_book)
    process.stdin.flush()


def _epoch(date: str) -> str:
    day = datetime.fromisoformat(date or _FIRST_DAY).replace(tzinfo=UTC)
    return str(int(day.timestamp()))
