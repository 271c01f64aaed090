"""Fixtures for every suite."""

from __future__ import annotations

import pytest

pytest_plugins = ["support.emulator"]


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio: the services run on nothing else."""
    return "asyncio"
