"""Fixtures for every suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

from support.order import longest_first

pytest_plugins = ["support.emulator"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items)


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio: the services run on nothing else."""
    return "asyncio"


settings.register_profile("sitebookify", deadline=None)  # speed is never a test: other work may keep the machine busy
settings.load_profile("sitebookify")
