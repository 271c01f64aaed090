"""The inside of a worker process: tasks are read from a socket, done within their limits, and answered."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

from sitebookify.book.limits import Limits
from sitebookify.memory import give_back
from sitebookify.memory_limit import allow, data_size

LENGTH = struct.Struct("!Q")
"""What goes before each message: its length in bytes."""


def serve(line: socket.socket, niceness: int) -> None:
    """Do tasks until the other side closes the line.

    A task is a pickled tuple of its limits, what the process and its children may have in bytes beyond what it begins
    with or None, a function and its arguments. An answer is a pickled pair: True and the function's result, or False
    and its exception. The first message is empty: the process is ready.
    """
    _prepare(niceness)
    start = data_size()
    line.sendall(LENGTH.pack(0))
    stream = line.makefile("rwb")
    while head := stream.read(LENGTH.size):
        request = stream.read(*LENGTH.unpack(head))
        answer = _answer(request, start)
        del request
        stream.write(LENGTH.pack(len(answer)))
        stream.write(answer)
        stream.flush()
        del answer
        give_back()  # what a large page needed is not kept


def end_with_group(process: BaseProcess) -> None:
    """Kill a process that runs `serve`, and those that it started, such as pandoc."""
    if process.pid is None:
        return
    # While the fork server has not collected it, or a child of it lives, its group's number is nobody else's.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # it may not have come to lead a group yet


def _prepare(niceness: int) -> None:
    """Lead a group of our own, so that it can be killed as one, give way to others, and end with the parent."""
    os.setpgid(0, 0)
    os.nice(niceness)
    # Where memory is short, each line of a page that lxml logs would be another traceback on stderr.
    sys.unraisablehook = sys.excepthook = _ignore
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # which ends the process
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - only processes of the pool get here

    def watch() -> None:
        parent.join()
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _ignore(*_: object) -> None:
    """What cannot be raised is not worth a line for each of a page's mistakes; see `_answer` for what can."""


def _answer(request: bytes, start: int) -> bytes:
    try:
        limits, memory, function, args = pickle.loads(request)  # noqa: S301 - from our own parent
        if memory is not None:
            allow(start + memory)
        with _within(limits, start):
            return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - the caller's business, whatever it is
        return _failure(error)


def _failure(error: Exception) -> bytes:
    """The exception as an answer, with a note of where it was raised; in words where it cannot be pickled."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        answer = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(answer)  # noqa: S301 - our own: an exception may not survive it
    except Exception:  # noqa: BLE001 - pickle runs the exception's own code
        return pickle.dumps((False, RuntimeError(repr(error))), pickle.HIGHEST_PROTOCOL)
    return answer


@contextlib.contextmanager
def _within(limits: Limits, start: int) -> Iterator[None]:
    """Limit the process; beyond its CPU time the kernel ends it, beyond its memory allocations fail."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if limits.memory is not None and start and hard == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_DATA, (start + limits.memory, hard))
    signal.setitimer(signal.ITIMER_PROF, limits.cpu)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
