"""Bodies out of their content encodings, as leniently as browsers: what is not compressed after all stays as it is."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # it ships no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""What requests say that they understand."""
_MOST_LAYERS = 3
_GZIP = b"\x1f\x8b"
_STEP = 1024 * 1024


class BadEncodingError(ValueError):
    """The body is not encoded as its headers say, or too often."""


def decoded(body: bytes, encodings: str, limit: int) -> bytes:
    """The body as its author wrote it, cut after ``limit`` + 1 bytes.

    Args:
        body: as it was sent; may end too early.
        encodings: the ``Content-Encoding`` headers, joined by commas. Names that are no encodings (``utf-8``, ``none``)
            are ignored: servers send them.
        limit: in bytes.

    Raises:
        BadEncodingError: nothing could be decoded.
    """
    names = [name for name in re.split(r"[\s,;]+", encodings.lower()) if name in _DECODERS]
    if len(names) > _MOST_LAYERS:
        raise BadEncodingError(encodings)
    for name in reversed(names):
        try:
            body = _DECODERS[name](body, limit + 1)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise BadEncodingError(name) from error
    return body[: limit + 1]


def _gunzip(body: bytes, most: int) -> bytes:
    """The members of a gzip file; what follows the last one is no content."""
    if not body.startswith(_GZIP):
        return _plain_text(body)
    pieces: list[bytes] = []
    rest = body
    room = most
    while rest.startswith(_GZIP) and room > 0:
        decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            piece = decoder.decompress(rest, room)
        except zlib.error:
            if pieces:
                break
            raise
        pieces.append(piece)
        room -= len(piece)
        rest = decoder.unused_data
    return b"".join(pieces)


def _inflate(body: bytes, most: int) -> bytes:
    """Deflate in zlib's wrapping, as the standard has it, or without, as some servers send it."""
    try:
        return zlib.decompressobj().decompress(body, most)
    except zlib.error:
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(body, most)


def _brotli(body: bytes, most: int) -> bytes:
    decoder = brotli.Decompressor()
    pieces = [decoder.process(body, output_buffer_limit=min(most, _STEP))]
    size = len(pieces[0])
    while size < most and not decoder.is_finished() and not decoder.can_accept_more_data():
        pieces.append(decoder.process(b"", output_buffer_limit=min(most - size, _STEP)))
        size += len(pieces[-1])
    return b"".join(pieces)


def _zstd(body: bytes, most: int) -> bytes:
    return zstd.ZstdDecompressor().decompress(body, most)


def _plain_text(body: bytes) -> bytes:
    """The body, where it is a text that was labelled as compressed by mistake.

    Raises:
        BadEncodingError: it is none.
    """
    if body.lstrip()[:1] == b"<":
        return body
    raise BadEncodingError("gzip")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _brotli,
    "zstd": _zstd,
}
