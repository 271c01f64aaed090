"""How much memory a process has, and how much it, its children and the container may have.

Where the system does not tell, nothing is limited.
"""

from __future__ import annotations

import contextlib
import resource
from pathlib import Path

_RESIDENT, _SHARED, _DATA = 1, 2, 5
"""The places of sizes in ``/proc/…/statm``; the last is that of data and stack."""


def data_size(process: int | str = "self") -> int:
    """Bytes of writable memory that a process has, as ``RLIMIT_DATA`` counts them, and its stack; 0 if not known."""
    pages = _pages(process)
    return pages[_DATA] * resource.getpagesize() if pages else 0


def own_size() -> int:
    """Bytes of memory in use that are this process's alone, about; 0 if not known."""
    pages = _pages("self")
    return (pages[_RESIDENT] - pages[_SHARED]) * resource.getpagesize() if pages else 0


def _pages(process: int | str) -> list[int]:
    with contextlib.suppress(OSError), Path(f"/proc/{process}/statm").open("rb") as sizes:
        return [int(size) for size in sizes.read().split()]
    return []


def left() -> int | None:
    """Bytes that this process may still take; None where it has no limit."""
    most, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return None if most == resource.RLIM_INFINITY else max(0, most - data_size())


def tighten(more: int) -> None:
    """Let this process take no more than so many bytes more than it has now; a tighter limit stays."""
    size = data_size()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = size + more
    if size and (soft == resource.RLIM_INFINITY or most < soft):
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


_allowance: list[int] = []
"""Bytes of data that this process and its child may have together; empty where nothing was said."""


def allow(size: int) -> None:
    """Let this process and a child of it have so many bytes of data together: see `left_for_child`."""
    _allowance[:] = [size]


def left_for_child() -> int | None:
    """Bytes that a child may have while this process waits for it; None where nothing was allowed."""
    return max(0, _allowance[0] - data_size()) if _allowance else None


def of_container() -> int | None:
    """Bytes that all processes of this container may have together; None where there is no limit."""
    for path in _LIMITS:
        with contextlib.suppress(OSError, ValueError):
            limit = int(path.read_text())
            return limit if limit < _UNLIMITED else None
    return None


_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Of control groups of version 2 and 1; the former says "max" where there is none."""
_UNLIMITED = 2**60
"""Version 1 says nearly 2 to the 63rd."""
