"""How much time and memory one unit of foreign work may take, written down beside the function that does it.

The pool of worker processes (`runner.compute`) enforces it: C code cannot be interrupted, its process can be killed.
`deadline` is for a part of the work, where something else can be done instead.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

MEBIBYTE = 2**20
_WAITS = 3.0
"""Seconds of wall time per second of CPU time: on a busy machine a task waits for the processor most of the time."""
_LONGEST_WAIT = 480.0
"""Seconds: a slice's delivery is over after 540."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``cpu`` and ``wall`` in seconds; ``memory`` in bytes beyond what the process began with, None: all there is.

    CPU time decides where it can, so that a book does not depend on how busy the machine was. Wall time is for work
    that waits: for a child process, or for a lock.
    """

    cpu: float
    wall: float
    memory: int | None


def limited(*, seconds: float, wall: float | None = None, mebibytes: int | None = 384) -> Callable[[F], F]:
    """Mark a top-level function with its limits; ``seconds`` are CPU time.

    A page of 8 MiB and 400,000 elements, the most that is read, takes 150 MiB to parse and 300 MiB to extract.
    """
    longest = min(seconds * _WAITS, _LONGEST_WAIT) if wall is None else wall
    memory = None if mebibytes is None else mebibytes * MEBIBYTE
    limits = Limits(cpu=seconds, wall=longest, memory=memory)

    def mark(function: F) -> F:
        function.limits = limits  # type: ignore[attr-defined]  # functions take any attribute
        return function

    return mark


_USUAL = Limits(cpu=60, wall=60 * _WAITS, memory=384 * MEBIBYTE)


def limits_of(function: Callable[..., Any]) -> Limits:
    """The function's limits, or the usual ones."""
    limits: Limits = getattr(function, "limits", _USUAL)
    return limits


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` inside the block after so many seconds; deadlines do not nest.

    It works in the main thread, where the worker processes run their tasks; in other threads there is no limit.
    Regular expressions look for signals while they match, so it ends those too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError("this took too long")
