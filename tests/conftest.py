"""Fixtures for every suite."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

pytest_plugins = ["support.emulator"]


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio: the services run on nothing else."""
    return "asyncio"


settings.register_profile("sitebookify", deadline=None)  # speed is never a test: other work may keep the machine busy
settings.load_profile("sitebookify")


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start, also where pytest is a shell's background job.

    Such a job is started with SIGINT ignored, and would pass that on.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
