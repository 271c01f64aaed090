"""Several things at a time, results in order."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from sitebookify.book.ordered import in_order


async def test_results_come_in_the_order_of_the_things_whatever_ends_first() -> None:
    async def work(n: int) -> int:
        await asyncio.sleep((5 - n) / 1000)
        return n * n

    assert [pair async for pair in in_order(range(5), work, ahead=3)] == [(n, n * n) for n in range(5)]


async def test_no_more_are_under_way_than_allowed() -> None:
    running, most = 0, 0

    async def work(_n: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    assert len([pair async for pair in in_order(range(20), work, ahead=4)]) == 20
    assert most <= 4


async def test_an_error_passes_through_and_the_rest_is_cancelled() -> None:
    cancelled = []

    async def work(n: int) -> None:
        if n == 0:
            raise ValueError("the first")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(n)
            raise

    async def consume() -> None:
        async with contextlib.aclosing(in_order(range(9), work, ahead=3)) as results:
            async for _ in results:
                pass

    with pytest.raises(ValueError, match="the first"):
        await consume()
    assert cancelled == [1, 2]
