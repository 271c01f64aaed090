"""Directories that nobody but their owner may look into: what is in the store is its users' own."""

from __future__ import annotations

import contextlib
from pathlib import Path

_OWNER_ONLY = 0o700


def make_private(directory: Path) -> None:
    """Make the directory, and those above it that are missing, each for its owner alone.

    Raises:
        OSError: that is not possible.
    """
    try:
        directory.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    except FileNotFoundError:
        make_private(directory.parent)
        directory.mkdir(mode=_OWNER_ONLY, exist_ok=True)


def close_to_others(directory: Path) -> None:
    """Take the rights of others from a directory that an earlier version made, where it is ours."""
    with contextlib.suppress(OSError):
        if directory.stat().st_mode & 0o777 != _OWNER_ONLY:
            directory.chmod(_OWNER_ONLY)
