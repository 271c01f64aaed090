"""The pipeline's objects in the store: whole reads, and JSON in gzip, the same bytes for the same value.

What is read may be a piece of an object too, see `packs`: its name says which bytes.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

import msgspec

from sitebookify.errors import TooComplex
from sitebookify.ports import ObjectStore

_LEVEL = 3
"""Of gzip: takes 0.3 times as long as its default, 9, and a tenth more space."""


_PIECE = re.compile(r"([^#]+)#(\d+)\+(\d+)")


def piece_name(name: str, offset: int, length: int) -> str:
    """The name of some bytes of an object."""
    return f"{name}#{offset}+{length}"


def object_of(name: str) -> str:
    """The name of the object that a piece is in, or of the object itself."""
    return name.partition("#")[0]


def read(store: ObjectStore, name: str) -> bytes:
    """The bytes of an object or a piece.

    Raises:
        ObjectNotFound: no such object.
        TransientError: the store is unavailable.
    """
    with _opened(store, name) as stream:
        return stream.read()


def _opened(store: ObjectStore, name: str) -> IO[bytes]:
    piece = _PIECE.fullmatch(name)
    if not piece:
        return store.open_read(name)
    return store.open_read(piece[1], offset=int(piece[2]), length=int(piece[3]))


def read_lines(store: ObjectStore, name: str) -> Iterator[Any]:
    """The values of an object or piece from `pack_lines`, or from several concatenated; one is in memory at a time.

    Raises:
        ObjectNotFound: no such object.
        TransientError: the store is unavailable.
    """
    with _opened(store, name) as stream:
        yield from _values(stream)


def pack(value: Any) -> bytes:
    """Plain JSON as gzip."""
    return _compressed(msgspec.json.encode(value))


def pack_lines(values: Iterable[Any]) -> bytes:
    """A line of JSON for each value, as gzip."""
    return _compressed(b"".join(msgspec.json.encode(value) + b"\n" for value in values))


def unpack(data: bytes, *, most: int | None = None) -> Any:
    """The inverse of `pack`.

    Raises:
        TooComplex: there are more than ``most`` bytes of JSON.
    """
    if most is None:
        return msgspec.json.decode(gzip.decompress(data))
    text = zlib.decompressobj(wbits=31).decompress(data, most + 1)
    if len(text) > most:
        raise TooComplex(f"there are more than {most:,} bytes")
    return msgspec.json.decode(text)


def unpack_lines(data: bytes) -> Iterator[Any]:
    """The inverse of `pack_lines`."""
    return _values(io.BytesIO(data))


def _values(stream: IO[bytes]) -> Iterator[Any]:
    with gzip.open(stream) as lines:
        for line in cast("IO[bytes]", lines):
            yield msgspec.json.decode(line)


def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, _LEVEL, mtime=0)
