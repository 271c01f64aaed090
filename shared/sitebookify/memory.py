"""How memory is given back: by glibc's allocator to the system, and by Python's search for cycles.

By default glibc opens up to eight arenas for each processor, and each keeps what its threads once needed; with other
allocators nothing is done.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
from collections.abc import Iterator

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2
_COLLECT_AFTER = (20_000, 20, 20)
"""New objects, and rounds of the younger generation, between two searches for cycles.

By default it is 700 objects. Starting a service makes 90,000 that stay, and looking through them over and over takes a
sixth of its start.
"""
_libc = ctypes.CDLL(None)


def be_frugal() -> None:
    """Let all threads of this process, and of those forked from it, share two arenas. Call it before there are any.

    Cycles are searched for less often than by default, and not at all while the process ends: all memory goes with it.
    """
    gc.set_threshold(*_COLLECT_AFTER)
    atexit.register(gc.freeze)  # 50 ms of each command
    with contextlib.suppress(AttributeError):
        _libc.mallopt(_M_ARENA_MAX, _ARENAS)


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Inside the block modules are imported: all of it stays, so nothing is searched for cycles, then or later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def give_back() -> None:
    """Give free memory back to the system; a quarter of a millisecond where there is none."""
    with contextlib.suppress(AttributeError):
        _libc.malloc_trim(0)
