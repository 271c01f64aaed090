"""Child processes as one stream of lines, stopped in order."""

from __future__ import annotations

import os
import sys

import anyio
import pytest

from sitebookify.cli.children import Children
from sitebookify.errors import SitebookifyError

_LASTING = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("down", flush=True), sys.exit()))
print("up", flush=True)
time.sleep(600)
"""
_STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""


class Lines(list[tuple[str, str]]):
    """What was said, by whom."""

    def __call__(self, name: str, line: str) -> None:
        self.append((name, line))

    async def until(self, name: str, line: str) -> None:
        with anyio.fail_after(120):
            while (name, line) not in self:  # noqa: ASYNC110 - another process says it; it sets no event
                await anyio.sleep(0.01)


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_output_comes_line_by_line_with_its_source() -> None:
    """Errors too."""
    said = Lines()
    async with Children(said) as children:
        await children.run("one", _python("import sys; print('out'); print('err', file=sys.stderr)"), os.environ)
    assert set(said) == {("one", "out"), ("one", "err")}


async def test_a_command_that_fails_is_an_error() -> None:
    async with Children(Lines()) as children:
        with pytest.raises(SitebookifyError, match="one failed with exit code 3"):
            await children.run("one", _python("raise SystemExit(3)"), os.environ)


async def test_the_first_that_ends_is_an_error_with_its_name() -> None:
    said = Lines()
    async with Children(said) as children:
        await children.start("lasting", _python(_LASTING), os.environ)
        await children.start("ending", _python("raise SystemExit(4)"), os.environ)
        with pytest.raises(SitebookifyError, match="ending ended with exit code 4"):
            await children.watch()


async def test_all_are_stopped_at_the_end_last_started_first() -> None:
    said = Lines()
    async with Children(said) as children:
        for name in ("first", "second"):
            await children.start(name, _python(_LASTING), os.environ)
            await said.until(name, "up")
    assert said[2:] == [("second", "down"), ("first", "down")]


async def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitebookify.cli.children._STOP_WITHIN", 0.2)
    said = Lines()
    async with Children(said) as children:
        await children.start("stubborn", _python(_STUBBORN), os.environ)
        await said.until("stubborn", "up")
    assert said[-1] == ("stubborn", "does not stop and is killed")


async def test_whatever_ends_the_block_ends_the_children() -> None:
    said = Lines()

    async def block() -> None:
        async with Children(said) as children:
            await children.start("lasting", _python(_LASTING), os.environ)
            await said.until("lasting", "up")
            await children.start("missing", ["/no/such/program"], os.environ)

    with pytest.raises(FileNotFoundError):
        await block()
    assert said[-1] == ("lasting", "down")
