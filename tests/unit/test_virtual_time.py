"""The loop without waiting gives the turns that waiting would give."""

from __future__ import annotations

import asyncio

import pytest

from support.virtual_time import VIRTUAL_TIME, Backend, VirtualTimeLoop


@pytest.fixture
def anyio_backend() -> Backend:
    return VIRTUAL_TIME


async def test_sleepers_wake_in_the_order_of_their_times() -> None:
    order: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        order.append((name, asyncio.get_running_loop().time()))

    began = asyncio.get_running_loop().time()
    await asyncio.gather(sleeper("late", 86400), sleeper("early", 0.5), sleeper("between", 3600))
    assert [(name, time - began) for name, time in order] == [("early", 0.5), ("between", 3600), ("late", 86400)]


async def test_what_threads_would_do_is_done_and_its_errors_come_back() -> None:
    assert await asyncio.to_thread(int, "7") == 7
    with pytest.raises(ValueError, match="invalid literal"):
        await asyncio.to_thread(int, "x")


async def test_a_thread_s_work_goes_on_though_nobody_waits_for_it() -> None:
    done: list[int] = []
    task = asyncio.create_task(asyncio.to_thread(done.append, 1))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.sleep(1)
    assert done == [1]


def test_a_wait_for_what_nobody_will_do_fails() -> None:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:

        async def main() -> None:
            forever = asyncio.Event()
            task = asyncio.create_task(forever.wait())
            runner.get_loop().call_later(5, forever.set)
            await task
            assert runner.get_loop().time() == 5

        runner.run(main())
    loop = VirtualTimeLoop()
    with pytest.raises(AssertionError, match="everybody waits"):
        loop.run_forever()
    loop.close()
