"""A process that has loaded all of sitebookify, and forks a command of it whenever it is asked to.

``python -P zygote.py FD`` reads from the socket FD: a message is the command's arguments and environment as JSON, with
two files, one for its output, one for its exit code. The command answers with its process id. Once nobody is at the
other end of the socket the process ends.

The fork server of a command, too, is forked and not started: it finds loaded what it would load.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypedDict

from sitebookify.cli import load_structlog
from sitebookify.memory import be_frugal, loading
from sitebookify.runner.fork_server import PRELOAD

_LOADED = (
    "sitebookify.cli.app",
    "sitebookify.cli.build",
    "sitebookify.cli.render",
    "sitebookify.cli.serve",
    "sitebookify_api.main",
    "sitebookify_worker.main",
    "sitebookify_deadletter.main",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.h11_impl",
    # What they load only when it is needed, and most do need.
    "sitebookify.adapters.gcs_store",
    "sitebookify.adapters.provision",
    "sitebookify.adapters.pubsub",
    "sitebookify.book.edit.access",
    "sitebookify.book.pipeline",
    "sitebookify.egress.cookies",
    "sitebookify.egress.exchange",
    "babel",
    "htmldate",
    "pypandoc",
    "trafilatura",
)
_LONGEST = 2**20


def load() -> None:
    """Import what the commands import, as they do."""
    be_frugal()
    with loading():
        load_structlog()
        for name in _LOADED:
            importlib.import_module(name)
        importlib.import_module(PRELOAD)
    del sys.modules[PRELOAD]  # a fork server imports it for what it does to signals
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Order(TypedDict):
    """A command to be run."""

    arguments: list[str]
    env: dict[str, str]


class Child(NamedTuple):
    """A command that runs, and the file for its exit code."""

    pid: int
    report: int


class Zygote:
    """The commands that run, and the socket where more are asked for."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._selector = selectors.DefaultSelector()
        self._selector.register(line, selectors.EVENT_READ)

    def serve(self) -> Callable[[], None] | None:
        """In a process that was forked: its command. In this one: None, once there is nothing more to do."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._line:
                    self._reap(key.data, key.fd)
                    continue
                message, files, _, _ = socket.recv_fds(self._line, _LONGEST, 2)
                if not message:
                    return None
                if command := self._fork(json.loads(message), *files):
                    return command

    def _fork(self, order: Order, log: int, report: int) -> Callable[[], None] | None:
        pid = os.fork()
        if pid:
            os.close(log)
            self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, Child(pid, report))
            return None
        os.close(report)
        os.setsid()
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = ["sitebookify", *order["arguments"]]
        self._line.send(str(os.getpid()).encode())
        self._close()
        return _run

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            os.close(key.fd)
            if key.data:
                os.close(key.data.report)
        self._selector.close()
        self._line.detach()

    def _reap(self, child: Child, handle: int) -> None:
        pid, report = child
        _, status = os.waitpid(pid, 0)
        self._selector.unregister(handle)
        os.close(handle)
        try:
            os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
        except BrokenPipeError:
            pass  # nobody asks any more
        finally:
            os.close(report)


def _run() -> NoReturn:
    """Be ``python -m sitebookify.cli``, with the signals of a process that is not started in the background.

    It ends as Python does, except that modules are not taken apart: to do that, all that was loaded would have to be
    copied, which takes longer than most commands.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    util.spawnv_passfds = _spawn
    code = 0
    try:
        runpy.run_module("sitebookify.cli", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = _exit_code(end)
    except Exception:  # noqa: BLE001 - ``os._exit`` below would hide it: Python prints any exception and exits with 1
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # private, but ``os._exit`` does not wait for threads itself
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _exit_code(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _spawn(path: bytes, args: Sequence[Any], passfds: Sequence[int]) -> int:
    """In place of multiprocessing's: fork the fork server off this process; its resource tracker starts as ever."""
    program = str(args[-1])
    if not program.startswith("from multiprocessing.forkserver import main"):
        return _started(path, args, passfds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on, where there are threads
        pid = os.fork()
    if not pid:
        _be_program(program, passfds)
    return pid


_started = util.spawnv_passfds


def _be_program(program: str, files: Sequence[int]) -> NoReturn:
    """Run ``python -c program`` with nothing of this process but what it has loaded, and these files."""
    code = 1
    try:
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        _close_all_but(files)
        exec(program, {"__name__": "__main__"})
        code = 0
    except SystemExit:
        code = 0
    except Exception:  # noqa: BLE001 - ``os._exit`` would hide it: a program prints any exception that ends it
        traceback.print_exc()
    finally:
        os._exit(code)  # what was to be done at the end of the process that was forked is its own business


def _close_all_but(files: Sequence[int]) -> None:
    """Of the process that was forked; the numbers stay taken, since its objects would close them some day."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for entry in list(Path("/proc/self/fd").iterdir()):
        number = int(entry.name)
        if number > 2 and number not in (nothing, *files):
            os.dup2(nothing, number, inheritable=False)


if __name__ == "__main__":
    load()
    if command := Zygote(socket.socket(fileno=int(sys.argv[1]))).serve():
        command()
