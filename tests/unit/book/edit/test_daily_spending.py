"""The day's limit: jobs know of each other's spending, a slice of what the ones before it spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sitebookify.book.edit.daily_spending import DailySpending
from sitebookify.errors import PermanentError
from support.memory_store import MemoryObjectStore


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 28, 23, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.mark.anyio
async def test_jobs_share_the_limit_of_a_day() -> None:
    store, clock = MemoryObjectStore(), Clock()
    one, two = (DailySpending(store, job, 3.0, clock=clock) for job in ("one", "two"))
    await one.check()
    await two.check()
    one.spend(2.0)
    two.spend(0.9)
    clock.pass_(6)
    await one.check()
    two.spend(0.2)
    with pytest.raises(PermanentError) as caught:
        await two.check()
    assert caught.value.reason == "BUDGET_EXCEEDED"
    assert caught.value.message.params == {"cost": "3.10", "most": "3.00"}
    clock.pass_(60)
    await two.check()


@pytest.mark.anyio
async def test_a_later_slice_goes_on_counting() -> None:
    store, clock = MemoryObjectStore(), Clock()
    first = DailySpending(store, "job", 3.0, clock=clock)
    await first.check()
    first.spend(2.0)
    await first.close()
    second = DailySpending(store, "job", 3.0, clock=clock)
    await second.check()
    second.spend(1.0)
    with pytest.raises(PermanentError):
        await second.check()


@pytest.mark.anyio
async def test_without_a_limit_nothing_is_noted() -> None:
    store = MemoryObjectStore()
    spending = DailySpending(store, "job", 0.0)
    await spending.check()
    spending.spend(5.0)
    await spending.check()
    await spending.close()
    assert list(store.list("")) == []
