"""Ends child processes whose parent was killed.

A process that is killed cannot stop its children. So another process waits for its end, on a pipe that the kernel
closes then, and ends the process groups that it was asked to watch. Linux has a signal for the parent's death
(``PR_SET_PDEATHSIG``), but it is sent when the thread that started the child ends, which may be too early.

As a program, ``python -m sitebookify.cli.reaper GRACE``, it reads lines: ``+PID`` watches a group, ``-PID`` forgets it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

_POLL_SECONDS = 0.05


class Reaper:
    """A process that ends the watched groups when this process is gone.

    Args:
        grace: seconds from SIGTERM to SIGKILL; with 0 there is no SIGTERM.
    """

    def __init__(self, *, grace: float) -> None:
        # In a session of its own, since signals to this process's group must not reach it.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "sitebookify.cli.reaper", str(grace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )

    def watch(self, pid: int) -> None:
        """End the group that ``pid`` leads when this process is gone."""
        self._write(f"+{pid}\n")

    def forget(self, pid: int) -> None:
        """Leave the group alone: its leader has ended, and another process may get its number."""
        self._write(f"-{pid}\n")

    def close(self) -> None:
        """End the reaper, and with it every group that is still watched."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        self._process.stdin.close()
        self._process.wait()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was started with a pipe
        # The reaper may have been killed, which costs the safety net and nothing else.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line.encode())


def main() -> None:
    """Read the groups until the input ends, then end those still watched."""
    groups: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        if line.startswith("+"):
            groups.add(pid)
        else:
            groups.discard(pid)
    _end(groups, grace=float(sys.argv[1]))


def _end(groups: Iterable[int], *, grace: float) -> None:
    deadline = time.monotonic() + grace
    number = signal.SIGTERM if grace else signal.SIGKILL
    running = [group for group in groups if _send(group, number)]
    while running and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)  # they are no children of this process, so nothing tells when they have ended
        running = [group for group in running if _send(group, 0)]
    for group in running:
        _send(group, signal.SIGKILL)


def _send(group: int, number: int) -> bool:
    """Send the signal to the group; 0 only checks it. False if the group is gone."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # the latter: its number belongs to another user's group now
        return False
    return True


if __name__ == "__main__":
    main()
