"""Tasks for worker processes under test; they have to be in a module that a fork can import."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sitebookify.book.limits import MEBIBYTE, limited
from sitebookify.book.pandoc import run

T = TypeVar("T")


@limited(seconds=0.5, wall=120)
def spin() -> None:
    """Hold the GIL in C code, as libxml2 and regular expressions do: no Python signal handler would ever run."""
    sum(range(10**12))


@limited(seconds=60, wall=0.5)
def hang(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    time.sleep(3600)


@limited(seconds=60, mebibytes=64)
def allocate(mebibytes: int) -> int:
    return len(bytearray(mebibytes * MEBIBYTE))


def die(note: str, deaths: int) -> str:
    """End by a signal, so many times."""
    path = Path(note)
    before = len(path.read_text()) if path.exists() else 0
    path.write_text("x" * (before + 1))
    if before < deaths:
        os.kill(os.getpid(), signal.SIGSEGV)
    return path.read_text()


def wait(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    time.sleep(3600)


def time_out() -> None:
    raise TimeoutError("of the function's own")


class Awkward(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def raise_awkward() -> None:
    raise Awkward("one", "two")


def convert() -> None:
    run("*a*", source="markdown", target="html")


def pandoc_pid() -> int:
    """The one child of this process, stopped, so that it cannot end by itself."""
    (pid,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    os.kill(int(pid), signal.SIGSTOP)
    return int(pid)


_Fault = tuple[Callable[..., Any], bytes, signal.Signals]


def faulty(faults: Sequence[_Fault], function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """The function's result; the process ends by a signal where the arguments of one with a fault hold its bytes."""
    for broken, mark, number in faults:
        if function is broken and mark in pickle.dumps(args):
            os.kill(os.getpid(), number)
    return function(*args)
