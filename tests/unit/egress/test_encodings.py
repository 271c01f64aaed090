"""Content encodings as servers really send them."""

from __future__ import annotations

import gzip
import zlib

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from backports import zstd

from sitebookify.egress.encodings import BadEncodingError, decoded

GZIPPED = gzip.compress(b"<p>hello</p>" * 100, mtime=0)
TEXT = b"<p>hello</p>" * 100
MOST = 10_000


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encodings", "body"),
    [
        ("", TEXT),
        ("gzip", GZIPPED),
        ("x-gzip", GZIPPED),
        (" GZIP ", GZIPPED),
        ("gzip, gzip", packed(GZIPPED)),
        ("deflate, br", brotli.compress(zlib.compress(TEXT))),
        ("deflate", raw_deflate(TEXT)),
        ("zstd", zstd.compress(TEXT)),
        ("utf-8", TEXT),
        ("none", TEXT),
        ("8bit, identity", TEXT),
        ("gzip", GZIPPED + b"\0\0junk"),
        ("gzip", GZIPPED + b"\x1f\x8bjunk"),
        ("gzip", GZIPPED[:-6]),
        ("gzip", packed(TEXT[:200]) + packed(TEXT[200:])),
        ("gzip", TEXT),
    ],
)
def test_a_body_is_read_as_browsers_read_it(encodings: str, body: bytes) -> None:
    assert decoded(body, encodings, MOST) == TEXT


@pytest.mark.parametrize("encodings", ["gzip", "br", "zstd", "deflate", "gzip,gzip,gzip,gzip"])
def test_what_is_no_such_encoding_is_refused(encodings: str) -> None:
    with pytest.raises(BadEncodingError):
        decoded(b"neither this nor that", encodings, MOST)


@pytest.mark.parametrize(
    ("encodings", "body"),
    [
        ("gzip", packed(bytes(5_000_000))),
        ("gzip", packed(bytes(5_000)) * 1_000),
        ("deflate", zlib.compress(bytes(5_000_000))),
        ("br", brotli.compress(bytes(5_000_000), quality=1)),
        ("zstd", zstd.compress(bytes(5_000_000))),
        ("gzip, gzip", packed(packed(bytes(5_000_000)))),
    ],
)
def test_no_more_is_unpacked_than_the_limit_and_one(encodings: str, body: bytes) -> None:
    assert len(decoded(body, encodings, MOST)) <= MOST + 1
