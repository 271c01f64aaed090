"""Child processes whose output becomes one stream of lines, each marked with its source."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from sitebookify.cli.reaper import Reaper
from sitebookify.errors import SitebookifyError

_STOP_WITHIN = 20.0
"""Seconds from SIGTERM to SIGKILL; more than a service's own grace time."""
_LONGEST_LINE = 4 * 2**20


class Children:
    """Starts child processes and stops them in reverse order.

    Each is in a process group of its own, so that Ctrl-C reaches only the parent. They end with the parent, even if
    it is killed.

    Args:
        say: called with a child's name and each line of its output.
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._readers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._reaper = Reaper(grace=_STOP_WITHIN)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the children, the last started first."""
        try:
            for name in reversed(self._running):
                await self._stop(name)
            await asyncio.gather(*self._readers)
        finally:
            for child in self._running.values():
                if child.returncode is None:  # a second Ctrl-C interrupted the wait
                    self._kill(child)
            self._reaper.close()

    async def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a child that is meant to run until it is stopped."""
        child = await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=_LONGEST_LINE,
        )
        self._running[name] = child
        self._reaper.watch(child.pid)
        self._readers.append(asyncio.create_task(self._repeat(name, child)))

    async def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a child to its end.

        Raises:
            SitebookifyError: it failed.
        """
        await self.start(name, command, environment)
        code = await self._running[name].wait()
        self._kill(self._running.pop(name))
        if code:
            raise SitebookifyError(f"{name} failed with exit code {code}")

    def check(self) -> None:
        """Make sure that all children are running.

        Raises:
            SitebookifyError: one has ended.
        """
        for name, child in self._running.items():
            if child.returncode is not None:
                raise SitebookifyError(f"{name} ended with exit code {child.returncode}")

    async def watch(self) -> None:
        """Wait for the first child that ends.

        Raises:
            SitebookifyError: always.
        """
        waiting = [asyncio.create_task(child.wait()) for child in self._running.values()]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        self.check()

    async def _repeat(self, name: str, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None  # noqa: S101 - it was started with a pipe
        async for line in child.stdout:
            self._say(name, line.decode(errors="replace").rstrip())

    async def _stop(self, name: str) -> None:
        child = self._running[name]
        if child.returncode is None:
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _STOP_WITHIN)
        except TimeoutError:
            self._say(name, "does not stop and is killed")
        self._kill(child)
        await child.wait()

    def _kill(self, child: asyncio.subprocess.Process) -> None:
        """Kill what is left of the child's group, which would keep the output open."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        self._reaper.forget(child.pid)
