"""The checkpoint object: everything a slice needs to continue, as gzip JSON beside the job's data.

The record names the current one. A checkpoint is written before the record and removed after the record has moved on,
so the record always names a complete object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from sitebookify.book.objects import pack, read, unpack
from sitebookify.book.stage import State
from sitebookify.jobs import Job, Stage
from sitebookify.ports import ObjectStore

_FORMS = {Stage.CRAWL: 3, Stage.EXTRACT: 4, Stage.CONTENTS: 2, Stage.EDIT: 3, Stage.RENDER: 6, Stage.PACKAGE: 2}
"""The version of each stage's state and output, 1 by default. Raise it with every change that older or newer code
cannot read: a job that is running during an upgrade then starts that stage again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``outputs`` names the objects of the finished stages' outputs; ``state`` is the running stage's own."""

    stage: Stage = Stage.CRAWL
    outputs: dict[str, str] = field(default_factory=dict)
    state: State | None = None

    def to_bytes(self) -> bytes:
        """Gzip JSON; equal checkpoints give equal bytes."""
        return pack({"stage": self.stage, "outputs": self.outputs, "state": self.state, "forms": _FORMS})

    @classmethod
    def from_bytes(cls, data: bytes, *, most: int | None = None) -> Self:
        """The inverse of `to_bytes`; at the first stage whose form differs from ours, its beginning.

        Where the work stood at a stage that only a newer version has, the first stage of ours that is not finished.

        Raises:
            TooComplex: it has more than ``most`` bytes.
        """
        plain = unpack(data, most=most)
        current = Stage(plain["stage"]) if plain["stage"] in list(Stage) else None
        forms = plain.get("forms", {})
        outputs: dict[str, str] = {}
        for stage in Stage:
            if forms.get(stage, 1) != _FORMS.get(stage, 1):
                return cls(stage=stage, outputs=outputs)
            if stage is current:
                return cls(stage=current, outputs=plain["outputs"], state=plain["state"])
            if stage in plain["outputs"]:
                outputs[stage.value] = plain["outputs"][stage]
            elif current is None:
                return cls(stage=stage, outputs=outputs)
        return cls(stage=Stage.PACKAGE, outputs=outputs)


def load_checkpoint(store: ObjectStore, job: Job, *, most: int | None = None) -> Checkpoint:
    """The job's checkpoint; before its first one, the beginning.

    Raises:
        TooComplex: it has more than ``most`` bytes.
    """
    if not job.checkpoint:
        return Checkpoint()
    return Checkpoint.from_bytes(read(store, job.checkpoint), most=most)
