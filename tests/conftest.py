"""Fixtures for every suite."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import settings

from sitebookify.book.extract import rules

pytest_plugins = ["support.emulator"]


if moved := os.environ.get("MOVED_RULE"):  # NAME=THRESHOLD, as bench/thresholds.py sets it
    _name, _, _threshold = moved.partition("=")
    setattr(rules, _name, replace(getattr(rules, _name), threshold=float(_threshold)))


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio: the services run on nothing else."""
    return "asyncio"


settings.register_profile("sitebookify", deadline=None)  # speed is never a test: other work may keep the machine busy
settings.load_profile("sitebookify")
