"""The pool of worker processes: every task is done, whatever becomes of the processes."""

from __future__ import annotations

import asyncio
import os

import pytest

from sitebookify.errors import TransientError
from sitebookify.runner.compute import ComputePool, warm_up


async def test_functions_run_in_other_processes_and_their_errors_come_back() -> None:
    pool = ComputePool(1)
    try:
        assert await pool(os.getpid) != os.getpid()
        assert await pool(os.nice, 0) >= 10, "what is computed comes after what answers"
        with pytest.raises(ValueError, match="invalid literal"):
            await pool(int, "x")
    finally:
        pool.close()


async def test_processes_are_replaced_and_no_task_is_left_waiting() -> None:
    """More tasks at once than the processes may do: the standard pool's own replacement would hang here."""
    pool = ComputePool(2, tasks=3)
    try:
        async with asyncio.timeout(120):
            done = await asyncio.gather(*(pool(os.getpid) for _ in range(20)))
    finally:
        pool.close()
    assert len(done) == 20
    assert len(set(done)) > 2
    assert max(map(done.count, done)) <= 6


async def test_a_process_that_dies_refuses_its_tasks_and_is_replaced() -> None:
    pool = ComputePool(1)
    try:
        with pytest.raises(TransientError):
            await pool(os._exit, 3)
        assert await pool(abs, -1) == 1
    finally:
        pool.close()


async def test_processes_begin_with_what_they_need() -> None:
    """Loaded before they were forked: a name misspelt in the list would go unnoticed, and cost a second for each."""
    pool = ComputePool(1)
    warm_up()
    try:
        modules = await pool(eval, "set(__import__('sys').modules)")
    finally:
        pool.close()
    assert {"htmldate", "sitebookify.book.extract.page", "sitebookify.book.render.survey"} <= modules
    assert "aiohttp" not in modules
