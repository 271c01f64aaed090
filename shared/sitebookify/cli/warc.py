"""Reads the HTTP responses of a WARC file (ISO 28500, iipc.github.io/warc-specifications)."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

MOST_RECORDS = 200_000
LARGEST = 64 * 1024 * 1024
"""Bytes of a response; larger ones are passed over."""
_LONGEST_LINE = 64 * 1024
_MOST_DIGITS = 18
"""Of a length: Python refuses numbers of thousands of digits."""
_STATUS = re.compile(r"[1-9]\d\d", re.ASCII)
_MOST_LINES = 500


class WarcError(ValueError):
    """The file is no WARC, or ends in the middle of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedResponse:
    """An HTTP response as it was sent, without its transfer encoding."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes


def responses(path: Path) -> Iterator[SavedResponse]:
    """The file's responses in their order; it may be compressed with gzip.

    Raises:
        WarcError: it cannot be read.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            with cast("IO[bytes]", gzip.open(raw)) if packed else nullcontext(raw) as stream:
                yield from _responses(stream)
        except (OSError, EOFError, zlib.error) as error:
            raise WarcError(str(error)) from error


def _responses(stream: IO[bytes]) -> Iterator[SavedResponse]:
    for _ in range(MOST_RECORDS):
        line = _first_line(stream)
        if not line:
            return
        if not line.startswith(b"WARC/"):
            raise WarcError("a record does not begin with WARC/")
        fields = _headers(stream)
        length = fields.get("content-length", "")
        if not length.isdecimal() or len(length) > _MOST_DIGITS:
            raise WarcError("a record has no Content-Length")
        if fields.get("warc-type") != "response" or int(length) > LARGEST:
            _pass_over(stream, int(length))
            continue
        block = stream.read(int(length))
        if len(block) < int(length):
            raise WarcError("the last record is cut off")
        response = _response(fields.get("warc-target-uri", "").strip("<>"), block)
        if response:
            yield response


def _first_line(stream: IO[bytes]) -> bytes:
    """The first line of the next record, b"" at the end; two empty lines end a record."""
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if line not in (b"\r\n", b"\n"):
            return line
    raise WarcError("there are hundreds of empty lines between two records")


def _headers(stream: IO[bytes]) -> dict[str, str]:
    """Names in lower case; of a name given twice the first value counts."""
    fields: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if line in (b"\r\n", b"\n", b""):
            return fields
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    raise WarcError("a record has too many headers")


def _pass_over(stream: IO[bytes], length: int) -> None:
    while length > 0:
        piece = stream.read(min(length, 1024 * 1024))
        if not piece:
            raise WarcError("the last record is cut off")
        length -= len(piece)


def _response(url: str, block: bytes) -> SavedResponse | None:
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(None, 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/") or not _STATUS.fullmatch(parts[1]):
        return None
    headers: dict[str, str] = {}
    for line in lines[:_MOST_LINES]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().title(), value.strip())
    if headers.pop("Transfer-Encoding", "").lower() == "chunked":
        body = _unchunked(body)
    return SavedResponse(url=url, status=int(parts[1]), headers=headers, body=body)


def _unchunked(body: bytes) -> bytes:
    """The chunks' contents; a body that is not in chunks after all stays as it is, as some archivers write them."""
    pieces: list[bytes] = []
    place = 0
    while True:
        end = body.find(b"\r\n", place, place + 100)
        size = body[place:end].partition(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(pieces) if pieces else body
        if length <= 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + length])
        place = end + 2 + length + 2
