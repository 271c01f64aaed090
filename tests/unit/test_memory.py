"""When cycles are searched for."""

from __future__ import annotations

import gc

import pytest

from sitebookify.memory import loading


def load(module: list[list[int]]) -> None:
    """As an import of a module that needs one that is missing."""
    with loading():
        module += [[number] for number in range(1000)]
        assert not gc.isenabled()
        raise ImportError


def test_what_is_loaded_is_not_searched_for_cycles_then_or_later() -> None:
    """Also where loading fails: the search must not be off for good."""
    before = gc.get_freeze_count()
    module: list[list[int]] = []
    try:
        with pytest.raises(ImportError):
            load(module)
        assert gc.isenabled()
        assert gc.get_freeze_count() - before >= len(module)
    finally:
        gc.unfreeze()
