"""Children end with a parent that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebookify.cli.reaper import Reaper
from support.processes import eventually

TESTS = Path(__file__).parents[2]
DEV = """
import asyncio, os, sys
from sitebookify.cli.children import Children

async def main():
    async with Children(lambda name, line: print(line, flush=True)) as children:
        await children.start("child", sys.argv[1:], os.environ)
        await children.watch()

asyncio.run(main())
"""
TEST_RUN = """
import sys, time
from pathlib import Path
from support.processes import Process

process = Process(sys.argv[2:], log=Path(sys.argv[1])).start()
process.wait_for(lambda: "\\n" in process.output())
print(process.output(), flush=True)
time.sleep(600)
"""
CHILD = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


def gone(pid: int) -> bool:
    """True where no such process runs; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def killed(parent: str, *arguments: str) -> int:
    """The process id that a child printed; the parent, a program that printed it too, has been killed."""
    command = [sys.executable, "-c", parent, *arguments]
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        pid = int(running.stdout.readline())
        assert not gone(pid)
        running.kill()
    return pid


@pytest.mark.parametrize("code", [CHILD, GRANDCHILD], ids=["child", "grandchild"])
def test_what_dev_started_ends_when_dev_is_killed(code: str) -> None:
    pid = killed(DEV, sys.executable, "-c", code)
    eventually(lambda: gone(pid), what="the child's end")


@pytest.mark.parametrize("code", [CHILD, GRANDCHILD], ids=["child", "grandchild"])
def test_what_tests_started_ends_when_they_are_killed(code: str, tmp_path: Path) -> None:
    pid = killed(TEST_RUN, str(tmp_path / "log"), sys.executable, "-c", code)
    eventually(lambda: gone(pid), what="the child's end")


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """It leads a group of its own and ignores SIGTERM."""
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as child:
        try:
            assert child.stdout
            assert child.stdout.readline() == "up\n"
            yield child
        finally:
            child.kill()


def test_one_that_ignores_sigterm_is_killed_after_the_grace(child: subprocess.Popen[str]) -> None:
    reaper = Reaper(grace=0.2)
    reaper.watch(child.pid)
    reaper.close()
    assert child.wait(30) == -signal.SIGKILL


def test_one_that_is_forgotten_is_left_alone(child: subprocess.Popen[str]) -> None:
    reaper = Reaper(grace=0)
    reaper.watch(child.pid)
    reaper.forget(child.pid)
    reaper.close()
    assert child.poll() is None


def test_a_reaper_that_was_killed_harms_nobody(child: subprocess.Popen[str]) -> None:
    reaper = Reaper(grace=0)
    reaper._process.kill()
    reaper._process.wait()
    reaper.watch(child.pid)
    reaper.close()
    assert child.poll() is None
