"""What the limits of foreign work cost: of a task, and so of the Rust Book.

The Rust Book is made once by ``sitebookify build``; its tasks are counted, and the CPU time of all its processes. What
the limits add to a task is the CPU time of one that does nothing, in both processes, with limits and without, in turns:
no bound on CPU time, wall time and memory, and no look at how large a process has grown. Only this benchmark can switch
the limits off.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.kit.parts import Part, Sample, Table, Target, ratios, say
from bench.kit.runs import measured
from bench.kit.sites import RUST, serving
from sitebookify.book.limits import Limits
from sitebookify.runner import compute
from sitebookify.runner.compute import ComputePool

MOST_PERCENT = 3.0
_TASKS = 1000
_UNLIMITED = Limits(cpu=1e6, wall=1e6, memory=None)
_COUNTED = """
import atexit
from pathlib import Path
from sitebookify.runner import compute

answer, tasks = compute._answer, []

async def counted(*args):
    tasks.append(1)
    return await answer(*args)

compute._answer = counted
atexit.register(lambda: Path("tasks").write_text(str(len(tasks))))
from sitebookify.cli import main
main()
"""
"""The command, which writes the number of its tasks into a file."""


def measure(*, rounds: int = 9) -> Iterator[Part]:
    """The CPU time of a task with limits and without, and what that makes of the Rust Book's."""
    with serving(*RUST) as site:
        tasks, seconds = _rust_book(site)
    say("the Rust Book:", tasks, "tasks", seconds, "s")
    limited, bare = _in_turns(rounds)
    yield Table(
        "CPU time of a task that does nothing, microseconds",
        ("", "microseconds", "to without limits"),
        [
            ["with limits", Sample(limited, digits=0), ratios(limited, bare)],
            ["without limits", Sample(bare, digits=0), ratios(bare, bare)],
        ],
        note=f"The Rust Book has {tasks} tasks and takes {seconds:.1f} s of CPU time, all processes together.",
    )
    added = tasks * (Sample(limited).median - Sample(bare).median) / 1e6
    percent = 100 * added / seconds
    yield Target(
        "limits of foreign work on the Rust Book, CPU time",
        peer="none",
        target=f"under {MOST_PERCENT:g} %",
        measured=f"{percent:.2f} %: {1000 * added:.0f} ms",
        met=percent < MOST_PERCENT,
    )


def _rust_book(site: str) -> tuple[int, float]:
    """The number of tasks of a build, and its CPU time in seconds."""
    build = [sys.executable, "-c", _COUNTED, "build", f"{site}/book/", "--out", "book", "--delay-ms", "0"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            run = measured(
                build,
                cwd=folder,
                env={"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true", "PYTHONDONTWRITEBYTECODE": ""},
            )
        except subprocess.CalledProcessError as failure:
            say(failure.stderr.decode(errors="replace"))
            raise
        return int((folder / "tasks").read_text()), run.processor


def _in_turns(rounds: int) -> tuple[list[float], list[float]]:
    """Microseconds of CPU time of a task, round by round: with limits, and without."""
    limited: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        limited.append(asyncio.run(_task_cost()))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compute, "limits_of", lambda _: _UNLIMITED)
            patch.setattr(compute._Worker, "growth", lambda _: 0)
            bare.append(asyncio.run(_task_cost()))
        say("a task:", limited[-1], bare[-1])
    return limited, bare


async def _task_cost() -> float:
    """Microseconds of CPU time that a task takes here and in its process."""
    pool = ComputePool(1, tasks=10 * _TASKS)
    try:
        there = await pool(time.process_time)
        here = time.process_time()
        for _ in range(_TASKS):
            await pool(abs, -1)
        here = time.process_time() - here
        return 1e6 * (here + await pool(time.process_time) - there) / _TASKS
    finally:
        pool.close()
