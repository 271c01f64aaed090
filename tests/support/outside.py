"""Parts from outside that a test may need: skipped without them on a laptop, a failure in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def need(present: object, how_to_get_it: str) -> None:
    """Skip the test where an outside part is missing, naming how to get it; fail instead where ``CI`` is set."""
    if present:
        return
    if os.environ.get("CI"):
        pytest.fail(f"missing in CI: {how_to_get_it}")
    pytest.skip(how_to_get_it)


def need_path(path: str, debian_package: str) -> Path:
    """The path, where the Debian package that holds it is installed."""
    need(Path(path).exists(), f"apt-get install {debian_package}")
    return Path(path)
