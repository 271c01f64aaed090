"""Turns at writing, among the threads and processes that share a directory."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from sitebookify.errors import TransientError

_STRIPES = 64
_LONGEST_PAUSE = 0.05


class NameLocks:
    """One file lock for every name, many names sharing one of 64 files.

    The kernel releases a lock with its process, however that ends. ``patience`` is in seconds: a holder may be
    frozen, and those who wait must not freeze with it.
    """

    def __init__(self, directory: Path, *, patience: float = 10) -> None:
        self._directory = directory
        self._patience = patience

    @contextlib.contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Be alone with the name.

        Raises:
            TransientError: another holder did not let go in time.
            OSError: the lock's file cannot be opened.
        """
        path = f"{self._directory}/{zlib.crc32(name.encode()) % _STRIPES}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait(descriptor, name)
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # closing is not enough: a forked child may have a copy
            os.close(descriptor)

    def _wait(self, descriptor: int, name: str) -> None:
        deadline = time.monotonic() + self._patience
        pause = 0.0005
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > deadline:
                raise TransientError(f"{name}: another process has been writing for {self._patience:g} s")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
