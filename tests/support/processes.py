"""Real processes for tests: started with their own environment, their logs kept, stopped by their ids."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

from sitebookify.cli.reaper import Reaper

PATIENCE = 180.0
"""Seconds that a busy machine may take for anything that a test waits for."""
SITEBOOKIFY = (sys.executable, "-m", "sitebookify.cli")
_PORTS = range(16_000, 32_000)
_SIGNALS = (signal.SIGINT, signal.SIGHUP)
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "JAVA_HOME", "COVERAGE_PROCESS_START")


def free_port() -> int:
    """A port on loopback that nobody listens on now.

    The kernel assigns ports from 32768 on to other tests' servers; one of those could be taken before our server
    starts, or while it restarts.
    """
    while True:
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


def eventually(condition: Callable[[], Any], *, within: float = PATIENCE, what: str = "the condition") -> Any:
    """The first true answer of ``condition``; asked ten times a second, for ``within`` seconds."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{what} did not come true within {within:g} s"
        time.sleep(0.1)
    return answer


def answers(url: str) -> bool:
    """True where a GET of the URL gets a 2xx."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False


@functools.cache
def _reaper() -> Reaper:
    """Ends what tests left running where their process is killed."""
    reaper = Reaper(grace=0)
    atexit.register(reaper.close)
    return reaper


def _with_default_signals() -> Sequence[str]:
    """What goes before a command so that signals end it also where this process, a background job, ignores them."""
    ignored = [int(number) for number in _SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
    code = (
        "import os, signal, sys\n"
        f"for number in {ignored}: signal.signal(number, signal.SIG_DFL)\n"
        "os.execvp(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-I", "-c", code] if ignored else []


class Started(Protocol):
    """What `subprocess.Popen` offers of a running process."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class Process:
    """A command in a process group of its own; stdout and stderr go to ``log``, over all its lives.

    It ends with this process, also where that is killed.
    """

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.command = list(command)
        self.log = log
        self.env = {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(env or {})
        self._popen: Started | None = None

    def start(self) -> Self:
        """Start it, or start it again."""
        with self.log.open("ab") as log:
            self._popen = self._launch(log)
        _reaper().watch(self.pid)
        return self

    def _launch(self, log: BinaryIO) -> Started:
        return subprocess.Popen(
            [*_with_default_signals(), *self.command],
            env=self.env,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def running(self) -> bool:
        if self._popen is None:
            return False
        if self._popen.poll() is None:
            return True
        _reaper().forget(self.pid)
        return False

    @property
    def pid(self) -> int:
        assert self._popen, "not started"
        return self._popen.pid

    def wait_for(self, ready: Callable[[], bool], *, within: float = PATIENCE) -> Self:
        """Return once ``ready`` answers True; fail with the log where the process ends before."""

        def still_coming() -> bool:
            assert self.running, f"{self.command} ended with {self.wait(1)}:\n{self.output()}"
            return ready()

        eventually(still_coming, within=within, what=f"{self.command} being ready")
        return self

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to the process, or to it and all its children."""
        if self.running:
            (os.killpg if group else os.kill)(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to it and its children, as a machine that goes away."""
        self.signal(signal.SIGKILL, group=True)
        self.wait()

    def stop(self, *, within: float = PATIENCE) -> int:
        """SIGTERM and its exit code; what is left of the group after ``within`` seconds is killed."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def wait(self, within: float = PATIENCE) -> int:
        """The exit code; negative for a signal."""
        assert self._popen, "not started"
        code = self._popen.wait(within)
        _reaper().forget(self.pid)
        return code

    def output(self) -> str:
        """All it has written."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def records(self) -> list[dict[str, Any]]:
        """Its log records: every line of output that is a JSON object."""
        return [json.loads(line) for line in self.output().splitlines() if line.startswith("{")]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._popen is not None:
            self.stop()
