"""Commands of `sitebookify` as processes, for tests of what they do and not of how they start.

To start Python and load a service takes longer than most of what a test asks of it. So they are forked from a process
that has loaded the code; each has a session, an environment and an output of its own, as if it had been started.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from support.processes import PATIENCE, SITEBOOKIFY, Process, Started

_ZYGOTE = Path(__file__).with_name("zygote.py")


class Command(Process):
    """``sitebookify`` with these arguments."""

    def __init__(self, *arguments: str, log: Path, env: Mapping[str, str] | None = None) -> None:
        super().__init__([*SITEBOOKIFY, *arguments], log=log, env=env)
        self._arguments = arguments

    def _launch(self, log: BinaryIO) -> Started:
        if "COVERAGE_PROCESS_START" in os.environ:  # which is looked for when Python starts
            return super()._launch(log)
        return _zygote().fork(self._arguments, self.env, log)


class Forked:
    """A process that another one forked for us: what `Process` needs of `subprocess.Popen`."""

    def __init__(self, pid: int, report: int) -> None:
        self.pid = pid
        self._report = report
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._code if self._code is not None else self._reported(0)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once there is one.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        code = self._code if self._code is not None else self._reported(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return code

    def _reported(self, timeout: float | None) -> int | None:
        ready, _, _ = select.select([self._report], [], [], timeout)
        if ready:
            self._code = int(os.read(self._report, 16))
            os.close(self._report)
        return self._code


class _Zygote:
    """The process that the commands are forked from; it ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_ZYGOTE), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._line.settimeout(PATIENCE)

    def fork(self, arguments: tuple[str, ...], env: Mapping[str, str], log: BinaryIO) -> Forked:
        """Start a command whose output goes to ``log``."""
        report, theirs = os.pipe()
        order = json.dumps({"arguments": arguments, "env": dict(env)}).encode()
        try:
            with self._lock:
                socket.send_fds(self._line, [order], [log.fileno(), theirs])
                pid = int(self._line.recv(16))
        finally:
            os.close(theirs)
        return Forked(pid, report)

    def close(self) -> None:
        """End the process; the commands go on."""
        self._line.close()
        self._process.wait()


@functools.cache
def _zygote() -> _Zygote:
    zygote = _Zygote()
    atexit.register(zygote.close)
    return zygote
