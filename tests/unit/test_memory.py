"""When cycles are searched for."""

from __future__ import annotations

import gc

import pytest

from sitebookify.memory import loading


def test_what_is_loaded_is_not_searched_for_cycles_then_or_later() -> None:
    before = gc.get_freeze_count()
    try:
        with pytest.raises(ImportError), loading():
            stays = [[number] for number in range(1000)]
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled(), "a module that is missing must not end the search for good"
        assert gc.get_freeze_count() - before >= len(stays)
    finally:
        gc.unfreeze()
