"""Fixtures for every suite."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from support.order import ByModule, longest_first

pytest_plugins = ["support.emulator"]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule | None:
    return ByModule(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items)


@pytest.fixture(autouse=True)
def _memory_limit_stays() -> Iterator[None]:
    """A test that calls functions of compute processes sets their limit in this one, where browsers inherit it."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio: the services run on nothing else."""
    return "asyncio"


settings.register_profile("sitebookify", deadline=None)  # speed is never a test: other work may keep the machine busy
settings.load_profile("sitebookify")
