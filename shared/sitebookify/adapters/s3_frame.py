"""What an S3 object carries beside its bytes: its generation and its metadata.

S3 tells versions apart by ETags, which are alike for like bytes, and takes 2 KB of metadata in ASCII letters, where a
job has up to 8 KB. So each object has one header of ours: its generation, which is a random number, and its metadata as
JSON. Where that is too long for a header, it stands behind the object's bytes, and the header says how long it is. Also
the generation is there, so that no two versions have the same bytes and ETag, by which S3 checks conditions; the files
of a book, which are replaced without one and downloaded as they are, have nothing behind their bytes.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

HEADER = "sitebookify"
"""Without ``x-amz-meta-``."""
_LONGEST = 1_900  # bytes of a header's value, of 2 KB that all names and values may have together
_MARK = 8  # bytes of a generation behind an object's own


@dataclass(frozen=True, slots=True)
class Frame:
    """``generation`` is positive; the last ``tail`` of the stored bytes end with ``metadata`` where it is None here."""

    generation: int
    metadata: Mapping[str, str] | None
    tail: int = 0

    @classmethod
    def new(cls, metadata: Mapping[str, str]) -> tuple[Self, bytes]:
        """The frame of a new version, and the bytes that are stored behind its own."""
        generation = _new_generation()
        tail = generation.to_bytes(_MARK)
        frame = cls(generation, dict(metadata), _MARK)
        if len(frame.header()[HEADER]) <= _LONGEST:
            return frame, tail
        tail += json.dumps(frame.metadata, ensure_ascii=False).encode()
        return cls(generation, None, len(tail)), tail

    @classmethod
    def bare(cls) -> Self:
        """The frame of a new version with nothing behind its bytes."""
        return cls(_new_generation(), {})

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """The frame that S3's answer to a GET or HEAD tells of; one made up where others have written the object."""
        try:
            stored = json.loads(base64.urlsafe_b64decode(answer["Metadata"][HEADER]))
            return cls(int(stored["generation"]), stored.get("metadata"), int(stored.get("tail", 0)))
        except (KeyError, TypeError, ValueError, binascii.Error):
            return cls(_derived(answer["ETag"], answer["LastModified"]), {})

    def header(self) -> dict[str, str]:
        """The object's metadata as S3 stores it."""
        stored: dict[str, Any] = {"generation": self.generation, "tail": self.tail}
        if self.metadata is not None:
            stored["metadata"] = dict(self.metadata)
        text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
        return {HEADER: base64.urlsafe_b64encode(text.encode()).decode()}


def metadata_of(tail: bytes) -> dict[str, str]:
    """The metadata in what stands behind an object's bytes."""
    metadata: dict[str, str] = json.loads(tail[_MARK:])
    return metadata


def _new_generation() -> int:
    return secrets.randbits(62) + 1


def _derived(tag: str, updated: datetime) -> int:
    digest = hashlib.blake2b(f"{tag} {updated.isoformat()}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 2) + 1
