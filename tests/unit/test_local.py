"""Jobs without a broker: retries decided here, children that fail."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sitebookify.adapters.inprocess import InProcessDispatcher
from sitebookify.jobs import Job, JobState, Lease, ended, new_job
from sitebookify.messages import literal
from sitebookify.repository import JobRepository
from sitebookify.runner.local import RetryPolicy
from sitebookify.spec import JobSpec
from support.memory_store import MemoryObjectStore
from support.toy import ManualClock

DAY = timedelta(days=1)


class Shop:
    """One running job and the policy for its failures."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.jobs = JobRepository(MemoryObjectStore(), clock=self.clock)
        self.job_id = self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=self.clock())).job.id
        self.policy = RetryPolicy(jobs=self.jobs, max_deliveries=5, max_backoff=timedelta(seconds=10), retention=DAY)

    def failed(self, attempts: int, *, step: int = 0, lease: Lease | None = None) -> None:
        def change(job: Job) -> Job:
            return replace(
                job, state=JobState.RUNNING, attempts=attempts, step=step, lease=lease, last_error=literal("no")
            )

        self.jobs.update(self.job_id, change)


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def test_each_retry_waits_twice_as_long_up_to_the_longest(shop: Shop) -> None:
    waits = []
    for attempts in (1, 2, 3, 4):
        shop.failed(attempts, step=7)
        waits.append(await shop.policy.after_failure(shop.job_id))
    assert waits == [(7, 2.0), (7, 4.0), (7, 8.0), (7, 10.0)]


async def test_a_retry_waits_for_the_end_of_a_dead_holder_s_lease(shop: Shop) -> None:
    shop.failed(1, lease=Lease(holder="dead", expires_at=shop.clock() + timedelta(seconds=20)))
    assert await shop.policy.after_failure(shop.job_id) == (0, 20.5)


async def test_a_job_that_failed_as_often_as_is_allowed_is_given_up(shop: Shop) -> None:
    shop.failed(5)
    assert await shop.policy.after_failure(shop.job_id) is None
    job = shop.jobs.get(shop.job_id).job
    assert job.state is JobState.ERROR
    assert job.error
    assert str(job.error.message).endswith("in 5 attempts; try again later. Last error: no")


async def test_nothing_is_tried_again_once_the_job_has_ended_or_is_gone(shop: Shop) -> None:
    shop.jobs.update(shop.job_id, lambda job: ended(job, JobState.CANCELLED, now=shop.clock(), retention=DAY))
    assert await shop.policy.after_failure(shop.job_id) is None
    shop.jobs.delete(shop.job_id)
    assert await shop.policy.after_failure(shop.job_id) is None


async def test_a_job_that_rests_says_how_long(shop: Shop) -> None:
    assert await shop.policy.resting(shop.job_id) is None

    def resting(job: Job) -> Job:
        assert job.dispatch
        due = shop.clock() + timedelta(seconds=90)
        return replace(job, state=JobState.RUNNING, step=3, dispatch=replace(job.dispatch, step=3, due=due))

    shop.jobs.update(shop.job_id, resting)
    shop.clock.move(30)
    assert await shop.policy.resting(shop.job_id) == (3, 60.0)
    shop.clock.move(300)
    assert await shop.policy.resting(shop.job_id) == (3, 0.0)


class Children:
    """A dispatcher whose children run a line of Python with the job id and a folder to leave traces in."""

    def __init__(self, folder: Path, line: str, *, retries: int = 0, backoff: float = 0.0, **options: Any) -> None:
        self.folder = folder
        self.retries = retries
        self.backoff = backoff
        self.dispatcher = InProcessDispatcher(
            command=lambda job_id, step, _trace: [
                sys.executable,
                "-c",
                f"import os, sys, pathlib\njob, step, folder = sys.argv[1:]\n{line}",
                job_id,
                str(step),
                str(folder),
            ],
            jobs=2,
            retry=self._retry,
            **options,
        )

    async def _retry(self, _job_id: str) -> tuple[int, float] | None:
        self.retries -= 1
        return (1, self.backoff) if self.retries >= 0 else None

    async def left(self, count: int) -> list[str]:
        """Names of the files the children left, once there are ``count``."""
        async with asyncio.timeout(120):
            while True:
                found = sorted(path.name for path in self.folder.iterdir())
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.02)


async def test_each_job_runs_in_a_child(tmp_path: Path) -> None:
    children = Children(tmp_path, "pathlib.Path(folder, job + step).touch()")
    async with children.dispatcher.running():
        await children.dispatcher.dispatch("a", 0)
        await children.dispatcher.dispatch("b", 3)
        assert await children.left(2) == ["a0", "b3"]


async def test_a_child_that_dies_is_run_again_as_the_policy_says(tmp_path: Path) -> None:
    line = "pathlib.Path(folder, job + step).touch(); step == '1' or os.kill(os.getpid(), 9)"
    children = Children(tmp_path, line, retries=1)
    async with children.dispatcher.running():
        await children.dispatcher.dispatch("a", 0)
        assert await children.left(2) == ["a0", "a1"]


async def test_a_job_that_waits_for_its_next_attempt_is_held_and_a_dispatch_ends_the_wait(tmp_path: Path) -> None:
    """The reconciler leaves the first alone; a client who sends the job again has not to wait."""
    line = "pathlib.Path(folder, job + step).touch(); sys.exit(step == '0')"
    children = Children(tmp_path, line, retries=1, backoff=3600)
    async with children.dispatcher.running():
        await children.dispatcher.dispatch("a", 0)
        while children.retries:
            assert children.dispatcher.holds("a")
            await asyncio.sleep(0.02)
        await asyncio.sleep(0)
        assert children.dispatcher.holds("a")
        assert not children.dispatcher.holds("b")
        await children.dispatcher.dispatch("a", 5)
        assert await children.left(2) == ["a0", "a5"]


async def test_a_job_that_is_queued_or_running_is_not_queued_twice(tmp_path: Path) -> None:
    line = "open(pathlib.Path(folder, job), 'a').write('x'); os.read(0, 1)"
    children = Children(tmp_path, line)
    async with children.dispatcher.running():
        for _ in range(3):
            await children.dispatcher.dispatch("a", 0)
        await children.left(1)
        await children.dispatcher.dispatch("a", 0)
    assert (tmp_path / "a").read_text() == "x"


async def test_children_are_told_to_end_by_the_end_of_their_input(tmp_path: Path) -> None:
    line = "pathlib.Path(folder, 'begun').touch(); os.read(0, 1); pathlib.Path(folder, 'ended').touch()"
    children = Children(tmp_path, line)
    async with children.dispatcher.running():
        await children.dispatcher.dispatch("a", 0)
        await children.left(1)
    assert await children.left(2) == ["begun", "ended"]


class Turns(Children):
    """Children that work until they are asked to make way; each appends its job's name to a list."""

    LINE = (
        "with open(pathlib.Path(folder, 'turns'), 'a') as turns: turns.write(job + step + ' ')\n"
        "if job != 'innocent': os.read(0, 64)"
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, self.LINE, turn=0.2, following=self._next)
        self.steps: dict[str, int] = {}

    async def _next(self, job_id: str) -> int | None:
        if job_id == "innocent":
            return None
        self.steps[job_id] = self.steps.get(job_id, 0) + 1
        return self.steps[job_id]

    async def until(self, turn: str) -> list[str]:
        async with asyncio.timeout(120):
            while turn not in (turns := self.turns):  # noqa: ASYNC110 - children write to a file
                await asyncio.sleep(0.02)
        return turns

    @property
    def turns(self) -> list[str]:
        path = self.folder / "turns"
        return path.read_text().split() if path.exists() else []


async def test_a_job_that_waits_gets_its_turn_though_slow_ones_hold_all_places(tmp_path: Path) -> None:
    children = Turns(tmp_path)
    async with children.dispatcher.running():
        for job in ("slow", "slower", "innocent"):
            await children.dispatcher.dispatch(job, 0)
        turns = await children.until("innocent0")
        assert sorted(turns[:2]) == ["slow0", "slower0"]
        await children.until("slow1" if "slow" in children.steps else "slower1")
        assert children.steps.keys() <= {"slow", "slower"}


async def test_a_job_keeps_its_place_while_none_waits(tmp_path: Path) -> None:
    children = Turns(tmp_path)
    async with children.dispatcher.running():
        await children.dispatcher.dispatch("slow", 0)
        await children.until("slow0")
        await asyncio.sleep(1.5)
        assert children.turns == ["slow0"]
