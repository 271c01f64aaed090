"""The pool of worker processes: every task is done or given up, and none at another's cost."""

from __future__ import annotations

import asyncio
import gc
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sitebookify.book.limits import MEBIBYTE, limited, limits_of
from sitebookify.errors import TooComplex, TransientError
from sitebookify.memory import give_back
from sitebookify.memory_limit import left_for_child, own_size
from sitebookify.runner.compute import ComputePool
from support.processes import eventually
from support.tasks import allocate, convert, die, hang, pandoc_pid, raise_awkward, spin, time_out, wait


def alive(pid: int) -> bool:
    """False for one that nobody has collected yet, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_functions_run_in_other_processes_and_their_errors_come_back() -> None:
    pool = ComputePool(1)
    try:
        assert await pool(os.getpid) != os.getpid()
        assert await pool(os.nice, 0) >= 10, "what is computed comes after what answers"
        with pytest.raises(ValueError, match="invalid literal") as caught:
            await pool(int, "x")
        assert "compute_process.py" in caught.value.__notes__[0], "it says where it was raised"
        with pytest.raises(TimeoutError, match="of the function's own"):
            await pool(time_out)
        with pytest.raises(RuntimeError, match="onetwo"):
            await pool(raise_awkward)
    finally:
        pool.close()


async def test_large_arguments_and_results_pass_whole() -> None:
    data = os.urandom(9 * MEBIBYTE)
    pool = ComputePool(1)
    try:
        assert await pool(bytes.swapcase, data) == data.swapcase()
    finally:
        pool.close()


async def test_processes_are_replaced_and_no_task_is_left_waiting() -> None:
    pool = ComputePool(2, tasks=3)
    try:
        async with asyncio.timeout(120):
            done = await asyncio.gather(*(pool(os.getpid) for _ in range(20)))
    finally:
        pool.close()
    assert len(done) == 20
    assert len(set(done)) > 2
    assert max(map(done.count, done)) <= 3


async def test_a_task_without_end_is_given_up_and_the_others_go_on() -> None:
    """The other process keeps its state: it was not ended with the one beside it."""
    pool = ComputePool(2)
    try:
        hopeless = asyncio.create_task(pool(spin))
        pids = {await pool(os.getpid) for _ in range(5)}
        with pytest.raises(TooComplex, match=r"0\.5 s of CPU time"):
            await hopeless
        assert len(pids) == 1
        assert await pool(abs, -1) == 1
    finally:
        pool.close()


async def test_a_task_that_waits_without_end_is_given_up_and_its_process_ended(tmp_path: Path) -> None:
    pool = ComputePool(1)
    note = tmp_path / "pid"
    try:
        with pytest.raises(TooComplex, match=r"0\.5 s"):
            await pool(hang, str(note))
        assert await pool(abs, -1) == 1
    finally:
        pool.close()
    await asyncio.to_thread(eventually, lambda: not alive(int(note.read_text())), what="the process's end")


async def test_memory_is_limited_and_a_task_that_stays_below_is_done() -> None:
    pool = ComputePool(1)
    try:
        assert await pool(allocate, 40) == 40 * MEBIBYTE
        with pytest.raises(TooComplex, match="memory"):
            await pool(allocate, 80)
        assert await pool(allocate, 40) == 40 * MEBIBYTE
    finally:
        pool.close()


async def test_where_this_process_has_grown_its_tasks_have_less() -> None:
    """All of them together have what the container has: lists of a large site leave less for a page."""
    gc.collect()
    give_back()  # what earlier tests left would be given back in the middle
    pool = ComputePool(1, memory=400 * MEBIBYTE, own=own_size() + 20 * MEBIBYTE)
    try:
        before = await pool(left_for_child)
        with mmap.mmap(-1, 160 * MEBIBYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as ballast:
            ballast.write(b"x" * len(ballast))
            during = await pool(left_for_child)
        after = await pool(left_for_child)
    finally:
        pool.close()
    assert before is not None
    assert during is not None
    assert after is not None
    assert during + 100 * MEBIBYTE < before <= 400 * MEBIBYTE
    assert during + 100 * MEBIBYTE < after


async def test_a_task_whose_process_dies_is_done_again_once(tmp_path: Path) -> None:
    """One death may be another's fault, two are its own."""
    pool = ComputePool(1)
    try:
        assert await pool(die, str(tmp_path / "once"), 1) == "xx"
        with pytest.raises(TooComplex, match="died"):
            await pool(die, str(tmp_path / "always"), 9)
        assert (tmp_path / "always").read_text() == "xx"
        assert await pool(abs, -1) == 1
    finally:
        pool.close()


async def test_nobody_works_for_a_task_that_was_cancelled(tmp_path: Path) -> None:
    pool = ComputePool(1)
    note = tmp_path / "pid"
    try:
        task = asyncio.create_task(pool(wait, str(note)))
        await asyncio.to_thread(eventually, note.exists, what="the task's start")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(eventually, lambda: not alive(int(note.read_text())), what="the process's end")
        assert await pool(abs, -1) == 1
    finally:
        pool.close()


async def test_a_pool_that_is_closed_gives_up_its_tasks(tmp_path: Path) -> None:
    pool = ComputePool(1)
    note = tmp_path / "pid"
    working = asyncio.create_task(pool(wait, str(note)))
    waiting = asyncio.create_task(pool(abs, -1))
    await asyncio.to_thread(eventually, note.exists, what="the task's start")
    pool.close()
    for task in (working, waiting):
        with pytest.raises(TransientError):
            await task


async def test_what_a_task_started_ends_with_it() -> None:
    """A pandoc in the middle of its work would not see that its input was closed."""
    pool = ComputePool(1)
    try:
        await pool(convert)
        pid = await pool(pandoc_pid)
        assert alive(pid)
    finally:
        pool.close()
    await asyncio.to_thread(eventually, lambda: not alive(pid), what="pandoc's end")


_SHOW_MODULES = """
import asyncio
from sitebookify.runner.compute import ComputePool
from sitebookify.runner.fork_server import warm_up

async def show():
    pool = ComputePool(1)
    warm_up()
    print(*await pool(eval, "set(__import__('sys').modules)"))
    entries = "__import__('sys').modules['sitebookify.book.generators'].generators.cache_info().currsize"
    print(await pool(eval, entries))
    pool.close()

asyncio.run(show())
"""


def test_processes_begin_with_what_they_need() -> None:
    """Loaded before they were forked: a name misspelt in the list would go unnoticed, and cost a second for each.

    In a program of its own, for a process has one fork server, and that of this one may have loaded something else.
    """
    done = subprocess.run([sys.executable, "-c", _SHOW_MODULES], capture_output=True, text=True, check=True)
    names, entries = done.stdout.splitlines()
    modules = set(names.split())
    assert entries == "1", "what is known of generators is read in each process"
    assert {"lxml.etree", "sitebookify.book.extract.extraction", "sitebookify.book.render.page_survey"} <= modules
    assert not {"aiohttp", "asyncio", "pydantic", "rich", "structlog"} & modules


def test_wall_time_is_longer_than_cpu_time_and_shorter_than_a_delivery() -> None:
    for function in (spin, limited(seconds=400)(die), die):
        assert limits_of(function).cpu < limits_of(function).wall < 540
