"""The pipeline's objects in the store: whole reads, and gzip JSON that is the same bytes for the same value."""

from __future__ import annotations

import gzip
import json
from typing import Any

from sitebookify.ports import ObjectStore


def read(store: ObjectStore, name: str) -> bytes:
    """An object's bytes.

    Raises:
        ObjectNotFound: no such object.
        TransientError: the store is away.
    """
    with store.open_read(name) as stream:
        return stream.read()


def pack(value: Any) -> bytes:
    """Plain JSON as gzip."""
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def unpack(data: bytes) -> Any:
    """The inverse of `pack`."""
    return json.loads(gzip.decompress(data))
