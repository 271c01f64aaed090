"""Checkpoints while versions change: a stage whose form is another begins anew, those before it keep their work."""

from __future__ import annotations

import pytest

from sitebookify.book.objects import pack, unpack
from sitebookify.jobs import Stage
from sitebookify.runner.checkpoint import Checkpoint

OUTPUTS = {stage.value: f"data/{stage}" for stage in (Stage.CRAWL, Stage.EXTRACT, Stage.CONTENTS, Stage.RENDER)}
BEFORE_RENDERING = {name: OUTPUTS[name] for name in ("crawl", "extract", "contents")}
PACKAGING = Checkpoint(stage=Stage.PACKAGE, outputs=OUTPUTS, state={"files": {}})
RENDERING = Checkpoint(stage=Stage.RENDER, outputs=BEFORE_RENDERING, state={"surveyed": []})
EXTRACTING = Checkpoint(stage=Stage.EXTRACT, outputs={"crawl": "data/crawl"}, state={"taken": 3})


def _by_another_version(checkpoint: Checkpoint, **forms: int) -> bytes:
    plain = unpack(checkpoint.to_bytes())
    return pack({**plain, "forms": {**plain["forms"], **forms}})


@pytest.mark.parametrize("checkpoint", [PACKAGING, RENDERING, EXTRACTING, Checkpoint()])
def test_a_version_reads_its_own(checkpoint: Checkpoint) -> None:
    assert Checkpoint.from_bytes(checkpoint.to_bytes()) == checkpoint


@pytest.mark.parametrize("checkpoint", [PACKAGING, RENDERING])
@pytest.mark.parametrize("form", [1, 99])
def test_a_stage_of_an_older_or_newer_form_begins_anew(checkpoint: Checkpoint, form: int) -> None:
    """Its output as well: the stages after it could not read that."""
    begun = Checkpoint.from_bytes(_by_another_version(checkpoint, render=form))
    assert begun == Checkpoint(stage=Stage.RENDER, outputs=BEFORE_RENDERING)


def test_a_stage_that_is_not_reached_is_no_reason_to_begin_anew() -> None:
    assert Checkpoint.from_bytes(_by_another_version(EXTRACTING, render=99)) == EXTRACTING


def test_checkpoints_from_before_forms_were_written_have_the_first() -> None:
    plain = unpack(PACKAGING.to_bytes())
    del plain["forms"]
    assert Checkpoint.from_bytes(pack(plain)).stage is Stage.CRAWL
