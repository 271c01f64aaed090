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

_FORMS = {Stage.EXTRACT: 4, Stage.RENDER: 3, Stage.PACKAGE: 2}
"""Of each stage's state and output; 1 where it is not named. Raise it with every change that the code before or after
cannot read: a job that is under way while versions change then begins that stage anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``outputs`` names the object of every finished stage's output; ``state`` is the running stage's own."""

    stage: Stage = Stage.CRAWL
    outputs: dict[str, str] = field(default_factory=dict)
    state: State | None = None

    def to_bytes(self) -> bytes:
        """Gzip JSON; equal checkpoints give equal bytes."""
        return pack({"stage": self.stage, "outputs": self.outputs, "state": self.state, "forms": _FORMS})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The inverse of `to_bytes`; the beginning of the first stage whose form another version wrote."""
        plain = unpack(data)
        stage, outputs, forms = Stage(plain["stage"]), plain["outputs"], plain.get("forms", {})
        order = list(Stage)
        for number, begun in enumerate(order[: order.index(stage) + 1]):
            if forms.get(begun, 1) != _FORMS.get(begun, 1):
                kept = {name: object_name for name, object_name in outputs.items() if name in order[:number]}
                return cls(stage=begun, outputs=kept)
        return cls(stage=stage, outputs=outputs, state=plain["state"])


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
