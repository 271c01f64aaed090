"""The checkpoint object: all a slice needs to go on, as gzip JSON beside the job's data.

The record names the one that counts; it is written before the record and removed after the record has
moved on, so the name in the record always leads to a whole object.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import Self

from sitebookify.book.stage import State
from sitebookify.jobs import Job, Stage
from sitebookify.ports import ObjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``outputs`` names the object of every finished stage's output; ``state`` is the running stage's own."""

    stage: Stage = Stage.CRAWL
    outputs: dict[str, str] = field(default_factory=dict)
    state: State | None = None

    def to_bytes(self) -> bytes:
        """Gzip JSON; equal checkpoints give equal bytes."""
        return pack({"stage": self.stage, "outputs": self.outputs, "state": self.state})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The inverse of `to_bytes`."""
        plain = unpack(data)
        return cls(stage=Stage(plain["stage"]), outputs=plain["outputs"], state=plain["state"])


def load_checkpoint(store: ObjectStore, job: Job) -> Checkpoint:
    """Where the job goes on; the beginning where it has no checkpoint yet."""
    return Checkpoint.from_bytes(read_object(store, job.checkpoint)) if job.checkpoint else Checkpoint()


def read_object(store: ObjectStore, name: str) -> bytes:
    """An object's bytes.

    Raises:
        ObjectNotFound: no such object.
    """
    found = store.get(name)
    assert found is not None  # noqa: S101 - without unless_generation a store always answers
    return found[0]


def pack(value: State) -> bytes:
    """Plain JSON as gzip, the same bytes for the same value; fast rather than small."""
    return gzip.compress(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(), 3, mtime=0)


def unpack(data: bytes) -> State:
    """The inverse of `pack`."""
    plain: State = json.loads(gzip.decompress(data))
    return plain
