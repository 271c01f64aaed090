"""Process trees: who is in them, and the memory and CPU time of all of them together."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

MIB = 2**20
_PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> list[int]:
    """The process and all its descendants that live now, in any thread's care."""
    found = [pid]
    for parent in found:
        try:
            for thread in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def resident(pid: int) -> int:
    """Resident memory in bytes; 0 for a process that has just ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def proportional(pid: int) -> int:
    """Proportional set size in bytes: pages that processes share are divided among them. Dear: ask seldom."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def cpu(pid: int) -> float:
    """Seconds of CPU a process has used; 0 for one that has just ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Sampler(threading.Thread):
    """Samples a process tree four times a second until the block ends.

    ``peak`` is the largest sum of resident sizes (what processes share counts in each), ``shared_once`` the largest sum
    in which it counts once, as a container's limit counts; ``largest`` the largest process; all in bytes.
    """

    def __init__(self, pid: int, *, every: float = 0.25) -> None:
        super().__init__(daemon=True)
        self.peak = self.shared_once = self.largest = 0
        self._pid = pid
        self._every = every
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self._every):
            pids = tree(self._pid)
            sizes = [resident(pid) for pid in pids]
            self.peak = max(self.peak, sum(sizes))
            self.largest = max(self.largest, *sizes)
            self.shared_once = max(self.shared_once, sum(proportional(pid) for pid in pids))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()
