"""What survives of real pages: no metric falls on a few pages of each of the fidelity benchmark's own sites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.fidelity.subset import SCORES, TOLERANCE, Subset, measured, subsets

FLOORS = json.loads(SCORES.read_text("utf-8"))


@pytest.mark.parametrize("subset", subsets(), ids=lambda subset: subset.folder.name)
def test_nothing_is_lost_that_was_kept_before(subset: Subset, tmp_path: Path) -> None:
    scores = measured(subset, tmp_path)
    floors = FLOORS[subset.site.name]
    lower = {name: (floors[name], scores[name]) for name in floors if scores[name] < floors[name] - TOLERANCE}
    assert not lower, f"metric: (before, now) {lower}"


def test_every_site_has_pages() -> None:
    assert len(FLOORS) >= 15
    assert {subset.site.name for subset in subsets()} == set(FLOORS)
