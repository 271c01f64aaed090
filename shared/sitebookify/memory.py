"""What glibc's allocator keeps of memory that was given back to it; elsewhere nothing is done.

By default it opens up to eight arenas for each processor, and each keeps what its threads once needed.
"""

from __future__ import annotations

import contextlib
import ctypes

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2
_libc = ctypes.CDLL(None)


def be_frugal() -> None:
    """Let all threads of this process, and of those forked from it, share two arenas. Call it before there are any."""
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give free memory back to the system; a quarter of a millisecond where there is none."""
    with contextlib.suppress(AttributeError):
        _libc.malloc_trim(0)
