"""One delivery, one slice: what each turn of events leaves in the record and in the queue."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from structlog.testing import capture_logs

from sitebookify.book.allowance import Limit, PageAllowance
from sitebookify.book.failures import pack_failures, read_failures
from sitebookify.book.objects import pack, read
from sitebookify.book.stage import Done, Paused, StageFunction, State, Workbench
from sitebookify.egress import Egress
from sitebookify.errors import PermanentError, PreconditionFailed, TransientError
from sitebookify.jobs import Artifact, Job, JobState, Lease, Spent, Stage, ended, new_job
from sitebookify.messages import literal
from sitebookify.ports import ObjectInfo
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.checkpoint import load_checkpoint
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.lease import Fenced
from sitebookify.runner.outcome import Outcome
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.failures import failure
from support.memory_store import MemoryObjectStore
from support.toy import Counting, ManualClock, toy_pipeline
from support.virtual_time import VIRTUAL_TIME, Backend

T = TypeVar("T")

LIMITS = SliceLimits(
    lease=timedelta(seconds=20),
    heartbeat=timedelta(seconds=0.04),
    budget=timedelta(seconds=300),
    overrun=timedelta(hours=8),
    grace=timedelta(hours=8),
    checkpoint=timedelta(0),
    max_attempts=3,
    retention=timedelta(days=1),
)


@pytest.fixture
def anyio_backend() -> Backend:
    return VIRTUAL_TIME


async def at_once(function: Callable[..., T], /, *args: Any) -> T:
    return function(*args)


class World:
    """One job in a store, and a runner with toy stages."""

    def __init__(self, crawl: StageFunction, *, store: MemoryObjectStore | None = None, **limits: Any) -> None:
        self.clock = ManualClock()
        self.store = store or MemoryObjectStore()
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = RecordingDispatcher()
        self.parts: dict[str, Any] = {
            "jobs": self.jobs,
            "store": self.store,
            "dispatcher": self.dispatcher,
            "egress": Egress(allow_private=False, user_agent="test"),
            "compute": at_once,
            "pipeline": toy_pipeline(crawl),
            "limits": replace(LIMITS, **limits),
            "clock": self.clock,
        }
        self.runner = SliceRunner(**self.parts)
        job = new_job(JobSpec(source_url="https://example.com/"), now=self.clock())
        self.job_id = self.jobs.create(job).job.id

    @property
    def job(self) -> Job:
        return self.jobs.read(self.job_id).job

    def change(self, change: Callable[[Job], Job]) -> None:
        self.jobs.update(self.job_id, change)

    async def deliver(self, step: int = 0, stop: asyncio.Event | None = None) -> Outcome:
        return await self.runner.run(JobMessage(job_id=self.job_id, step=step), stop=stop)


async def test_a_delivery_runs_every_stage_to_the_finished_book() -> None:
    world = World(Counting(3))
    assert await world.deliver() is Outcome.DONE
    job = world.job
    assert (job.state, job.step, job.lease, job.dispatch) == (JobState.DONE, 1, None, None)
    assert job.progress.percent == 100
    assert job.expire_time == world.clock() + LIMITS.retention
    found = world.store.get(job.artifacts[0].object_name)
    assert found
    assert found[0] == b"3"


@pytest.mark.parametrize("retry", [False, True])
async def test_what_a_book_was_made_of_goes_with_its_end_unless_a_retry_needs_it(*, retry: bool) -> None:
    async def crawl(bench: Workbench, state: State | None) -> Done | Paused:
        if state is None:
            piece = await bench.keep(b"a page", ".html.gz")
            return Paused({"piece": piece})
        assert read(bench.store, state["piece"]) == b"a page"
        bench.failures.append(failure("https://example.com/lost"))
        return Done({"counted": 1})

    async def package(bench: Workbench, _state: State | None) -> Done | Paused:
        name = bench.private("book.epub")
        for object_name in (name, name + ".search"):
            bench.store.put(object_name, b"1")
        bench.store.put(bench.shared("retry"), pack({}))
        artifact = Artifact(name="book.epub", object_name=name, content_type="application/epub+zip", size=1)
        return Done({}, artifacts=(artifact,), retry=bench.shared("retry") if retry else "")

    world = World(crawl)
    world.runner = SliceRunner(**{**world.parts, "pipeline": {Stage.CRAWL: crawl, Stage.PACKAGE: package}})
    assert await world.deliver() is Outcome.COMMITTED
    assert await world.deliver(1) is Outcome.DONE
    job, names = world.job, {info.name for info in world.store.list("data/")}
    book = job.artifacts[0].object_name
    needed = {book, book + ".search", job.failures}
    assert needed < names if retry else needed == names
    assert bool(job.retry_from) is retry
    assert {job.checkpoint, job.retry_from} - {""} <= names


async def test_the_title_that_a_stage_finds_is_the_job_s_from_its_next_write_on() -> None:
    async def crawl(bench: Workbench, state: State | None) -> Done | Paused:
        if state is None:
            bench.book_title = "The Beehive"
            return Paused({"n": 1})
        assert bench.book_title == "The Beehive"
        return Done({"counted": 1})

    world = World(crawl)
    assert await world.deliver() is Outcome.COMMITTED
    assert world.job.title == "The Beehive"
    assert await world.deliver(1) is Outcome.DONE
    assert world.job.title == "The Beehive"


async def test_a_spent_budget_commits_and_continues_by_message() -> None:
    world = World(crawl := Counting(50, each=lambda _n: world.clock.move(100)))
    assert await world.deliver() is Outcome.COMMITTED
    job = world.job
    assert (job.state, job.step, job.attempts, job.lease) == (JobState.RUNNING, 1, 0, None)
    assert world.dispatcher.sent == [(world.job_id, 1)]
    assert job.dispatch
    assert job.dispatch.sent
    assert 3 <= len(crawl.done_units) < 50


async def test_a_stage_that_wants_to_wait_goes_on_when_its_rest_is_over() -> None:
    """Meanwhile nobody holds the job, and a message that comes twice sends nothing early."""

    async def crawl(_bench: Workbench, state: State | None) -> Done | Paused:
        return Done({"counted": 7}) if state else Paused({"n": 0}, wait=3600)

    world = World(crawl)
    assert await world.deliver() is Outcome.COMMITTED
    job = world.job
    assert (job.state, job.step, job.lease, world.dispatcher.sent) == (JobState.RUNNING, 1, None, [])
    assert job.dispatch
    assert job.dispatch.due == world.clock() + timedelta(hours=1)
    assert Job.from_json(job.to_json()) == job
    assert await world.deliver(0) is Outcome.BEHIND
    assert world.dispatcher.sent == []
    world.clock.move(3600)
    assert await world.deliver(1) is Outcome.DONE


async def test_a_done_job_keeps_what_a_retry_goes_on_from() -> None:
    """Another attempt at the same job begins with the state that the last stage named."""
    seen: list[State | None] = []

    async def crawl(_bench: Workbench, state: State | None) -> Done | Paused:
        seen.append(state)
        return Done({"counted": 1})

    world = World(crawl)
    world.runner = SliceRunner(**{**world.parts, "pipeline": {Stage.CRAWL: crawl, Stage.PACKAGE: lacking}})
    assert await world.deliver() is Outcome.DONE
    commands = JobCommands(
        jobs=world.jobs, store=world.store, dispatcher=world.dispatcher, retention=LIMITS.retention, clock=world.clock
    )
    await commands.retry(world.job_id)
    assert await world.deliver(world.job.step) is Outcome.DONE
    assert seen == [None, {"missing": ["/a"]}]


async def lacking(bench: Workbench, _state: State | None) -> Done:
    """A last stage whose book lacks a page."""
    name = bench.private("state")
    bench.store.put(name, pack({"missing": ["/a"]}))
    return Done({}, retry=name)


async def test_many_slices_do_every_unit_once() -> None:
    world = World(crawl := Counting(40, each=lambda _n: world.clock.move(100)))
    step = 0
    while await world.deliver(step) is Outcome.COMMITTED:
        step += 1
    assert step >= 2
    assert crawl.done_units == list(range(40))
    assert world.job.state is JobState.DONE


async def test_a_delivery_of_a_committed_step_is_acknowledged_without_work() -> None:
    world = World(crawl := Counting(50, each=lambda _n: world.clock.move(100)))
    await world.deliver()
    done = len(crawl.done_units)
    assert await world.deliver(0) is Outcome.BEHIND
    assert len(crawl.done_units) == done
    assert world.dispatcher.sent == [(world.job_id, 1)]


async def test_two_deliveries_at_once_make_one_run() -> None:
    world = World(crawl := Counting(5))
    outcomes = await asyncio.gather(world.deliver(), world.deliver())
    assert sorted(outcomes) == [Outcome.DONE, Outcome.ENDED]
    assert crawl.done_units == [0, 1, 2, 3, 4]


async def test_a_dead_worker_whose_clock_was_ahead_blocks_the_job_for_no_longer_than_a_lease() -> None:
    world = World(Counting(3))
    start = world.clock.now
    loop = asyncio.get_running_loop()
    begun = loop.time()
    runner = SliceRunner(**world.parts | {"clock": lambda: start + timedelta(seconds=loop.time() - begun)})
    lease = Lease(holder="dead", expires_at=start + timedelta(minutes=10, seconds=20))
    world.change(lambda job: replace(job.moved(JobState.RUNNING, start), lease=lease, attempts=1))
    assert await runner.run(JobMessage(job_id=world.job_id, step=0)) is Outcome.DONE
    assert 20 <= loop.time() - begun < 30


async def test_leases_are_judged_by_the_clock_of_the_store_on_every_machine() -> None:
    """Here it shows another year than this machine's, as if that were ten minutes wrong."""
    clock = ManualClock()
    crawl = Counting(1, each=lambda _n: leases.append(world.job.lease))
    leases: list[Lease | None] = []
    world = World(crawl, store=MemoryObjectStore(clock=clock))
    jobs = JobRepository(world.store)
    runner = SliceRunner(**{**world.parts, "jobs": jobs, "clock": None})
    assert await runner.run(JobMessage(job_id=world.job_id, step=0)) is Outcome.DONE
    assert [lease and lease.expires_at for lease in leases] == [clock() + LIMITS.lease]
    assert world.job.expire_time == clock() + LIMITS.retention


async def test_a_delivery_for_a_held_job_is_acknowledged_at_the_holder_s_next_heartbeat() -> None:
    world = World(crawl := Counting(100, each=lambda _n: world.clock.move(0.02)))
    first = asyncio.create_task(world.deliver())
    while world.job.lease is None:  # noqa: ASYNC110 - another thread writes it
        await asyncio.sleep(0.01)
    assert await world.deliver() is Outcome.HELD
    assert not first.done()
    assert await first is Outcome.DONE
    assert crawl.done_units == list(range(100))


async def test_a_delivery_that_finds_a_dead_worker_s_lease_takes_the_job_over() -> None:
    """Acknowledging it would lose the job; refusing it would cost a delivery attempt."""
    world = World(crawl := Counting(3))
    lease = Lease(holder="dead", expires_at=world.clock() + timedelta(seconds=0.1))
    world.change(lambda job: replace(job.moved(JobState.RUNNING, world.clock()), lease=lease, attempts=1))
    taken_over = asyncio.create_task(world.deliver())
    await asyncio.sleep(0.1)
    assert crawl.done_units == []
    world.clock.move(1)
    assert await taken_over is Outcome.DONE


class WrittenBetween(MemoryObjectStore):
    """Once, between a reader's read of a record and its write, somebody marks the outbox as sent."""

    armed = True

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        found = super().get(name, unless_generation=unless_generation)
        if self.armed and name.startswith("jobs/"):
            self.armed = False
            JobRepository(self).update(name[5:-5], lambda job: replace(job, last_error=literal("touched")))
        return found


async def test_a_race_lost_to_a_write_that_takes_no_lease_is_run_again() -> None:
    """The commit's mark may come after its message was delivered; acknowledging then would lose the job."""
    world = World(crawl := Counting(3), store=WrittenBetween())
    assert await world.deliver() is Outcome.DONE
    assert crawl.done_units == [0, 1, 2]


async def test_an_unknown_job_is_acknowledged() -> None:
    world = World(Counting(1))
    world.jobs.delete(world.job_id)
    assert await world.deliver() is Outcome.MISSING


async def test_an_ended_job_is_never_run_again() -> None:
    world = World(crawl := Counting(1))
    await world.deliver()
    assert await world.deliver(world.job.step) is Outcome.ENDED
    assert crawl.done_units == [0]


async def test_a_continuation_that_was_not_sent_is_sent_by_the_redelivery() -> None:
    world = World(crawl := Counting(50, each=lambda _n: world.clock.move(100)))
    world.dispatcher.failures = 1
    with pytest.raises(TransientError):
        await world.deliver()
    done = len(crawl.done_units)
    assert world.job.step == 1
    assert await world.deliver(0) is Outcome.CONTINUED
    assert world.dispatcher.sent == [(world.job_id, 1)]
    assert len(crawl.done_units) == done
    assert await world.deliver(0) is Outcome.BEHIND


async def test_a_permanent_error_ends_the_job_with_its_message() -> None:
    async def crawl(_bench: Workbench, _state: State | None) -> Done | Paused:
        raise PermanentError(literal("The start page answered 404."), reason="START_PAGE_UNREACHABLE")

    world = World(crawl)
    assert await world.deliver() is Outcome.FAILED
    job = world.job
    assert job.state is JobState.ERROR
    assert job.error
    assert (str(job.error.message), job.error.reason) == ("The start page answered 404.", "START_PAGE_UNREACHABLE")


@pytest.mark.parametrize("error", [TransientError("the site is away"), ZeroDivisionError("boom")])
async def test_any_other_error_refuses_the_delivery_and_frees_the_job(error: Exception) -> None:
    async def crawl(_bench: Workbench, _state: State | None) -> Done | Paused:
        raise error

    world = World(crawl)
    with pytest.raises(TransientError):
        await world.deliver()
    job = world.job
    assert (job.state, job.lease, job.attempts) == (JobState.RUNNING, None, 1)
    assert str(job.last_error) == (
        "a backend failed: the site is away"
        if isinstance(error, TransientError)
        else "an unexpected error (ZeroDivisionError)"
    )


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (
            ModuleNotFoundError("No module named 'justext'", name="justext"),
            "the Python module justext cannot be imported.",
        ),
        (ImportError("lxml.html.clean is a project of its own.\nInstall lxml_html_clean."), "Install lxml_html_clean."),
    ],
)
async def test_a_missing_module_ends_the_job_at_the_first_try(error: ImportError, named: str) -> None:
    async def crawl(_bench: Workbench, _state: State | None) -> Done | Paused:
        raise error

    world = World(crawl)
    with capture_logs() as logs:
        assert await world.deliver() is Outcome.FAILED
    job = world.job
    assert (job.state, job.attempts) == (JobState.ERROR, 1)
    assert job.error
    assert job.error.reason == "INSTALLATION_INCOMPLETE"
    message = str(job.error.message)
    assert named in message
    assert "\n" not in message
    assert "pip check" in message
    levels = {record["event"]: record["log_level"] for record in logs}
    assert levels["job.failed"] == "error", "the operator's fault, not the site's"
    assert levels["slice.failed"] == "error"


async def test_a_step_that_was_started_too_often_ends_in_error() -> None:
    async def crawl(_bench: Workbench, _state: State | None) -> Done | Paused:
        raise TransientError("the site is away")

    world = World(crawl)
    for _ in range(3):
        with pytest.raises(TransientError):
            await world.deliver()
    assert await world.deliver() is Outcome.FAILED
    assert world.job.error
    assert world.job.error.reason == "ATTEMPTS_EXHAUSTED"
    assert "the site is away" in str(world.job.error.message)
    assert "3 attempts" in str(world.job.error.message)


async def test_a_commit_makes_attempts_start_anew() -> None:
    failing = [True, False, True, False]

    def maybe_fail(n: int) -> None:
        world.clock.move(100)
        if n % 20 == 0 and failing.pop(0):
            raise TransientError("a hiccup")

    world = World(Counting(40, each=maybe_fail), max_attempts=2)
    step, refused = 0, 0
    while world.job.state is not JobState.DONE:
        try:
            await world.deliver(step)
        except TransientError:
            refused += 1
        step = world.job.step
    assert refused == 2


async def test_whoever_lost_the_lease_stops_and_writes_nothing_more() -> None:
    def robbed(n: int) -> None:
        if n == 5:
            thief = Lease(holder="another", expires_at=world.clock() + timedelta(seconds=20))
            world.change(lambda job: replace(job, lease=thief))
            world.clock.move(1)

    world = World(crawl := Counting(1000, each=robbed), checkpoint=timedelta(hours=1))
    assert await world.deliver() is Outcome.FENCED
    job = world.job
    assert job.lease
    assert job.lease.holder == "another"
    assert job.step == 0
    assert len(crawl.done_units) < 1000


async def test_a_cancel_is_honoured_at_the_next_heartbeat() -> None:
    def asked(n: int) -> None:
        if n == 5:
            world.change(lambda job: replace(job, cancel_requested=True))
        world.clock.move(0.05)

    world = World(crawl := Counting(1000, each=asked), checkpoint=timedelta(hours=1))
    assert await world.deliver() is Outcome.CANCELLED
    assert world.job.state is JobState.CANCELLED
    assert len(crawl.done_units) < 1000


async def test_a_process_that_must_end_commits_first() -> None:
    stop = asyncio.Event()
    world = World(crawl := Counting(1000, each=lambda n: stop.set() if n == 5 else None))
    assert await world.deliver(stop=stop) is Outcome.COMMITTED
    assert world.job.step == 1
    assert 5 < len(crawl.done_units) < 1000


async def test_a_stage_that_does_not_pause_is_cut_off_and_goes_on_from_its_checkpoint() -> None:
    world = World(
        crawl := Counting(30, each=lambda _n: world.clock.move(50), heeds_stopping=False),
        overrun=timedelta(seconds=200),
    )
    assert await world.deliver() is Outcome.COMMITTED
    first = len(crawl.done_units)
    while await world.deliver(world.job.step) is Outcome.COMMITTED:
        pass
    assert first < 30
    assert world.job.state is JobState.DONE
    assert sorted(set(crawl.done_units)) == list(range(30))


async def test_a_slice_without_headway_counts_as_a_failed_attempt() -> None:
    """Else a stage that can never finish within the budget would run for ever, commit by commit."""

    async def stuck(bench: Workbench, _state: State | None) -> Done | Paused:
        while not bench.stopping:
            world.clock.move(50)
            await asyncio.sleep(0.01)
        return Paused({"n": 0})

    world = World(stuck)
    assert await world.deliver() is Outcome.COMMITTED
    with pytest.raises(TransientError, match="no progress"):
        await world.deliver(1)
    assert world.job.attempts == 1


async def test_a_stage_may_change_the_state_it_was_given() -> None:
    async def growing(bench: Workbench, state: State | None) -> Done | Paused:
        state = state or {"units": []}
        while len(state["units"]) < 30:
            await asyncio.sleep(0.01)
            world.clock.move(100)
            state["units"].append(len(state["units"]))
            if bench.stopping:
                return Paused(state)
        return Done({"counted": len(state["units"])})

    world = World(growing)
    while await world.deliver(world.job.step) is Outcome.COMMITTED:
        pass
    assert world.job.state is JobState.DONE
    assert world.job.step > 2


class LostAnswers(MemoryObjectStore):
    """Every third conditional write is done, and yet answered with a failed precondition."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        info = super().put(name, data, if_generation=if_generation, content_type=content_type, metadata=metadata)
        if if_generation:
            self.writes += 1
            if self.writes % 3 == 1:
                raise PreconditionFailed("answered too late")
        return info


async def test_writes_whose_answers_are_lost_are_found_to_be_ones_own() -> None:
    world = World(crawl := Counting(40, each=lambda _n: world.clock.move(100)), store=LostAnswers())
    while world.job.state is not JobState.DONE:
        await world.deliver(world.job.step)
    assert crawl.done_units == list(range(40))


async def test_a_worker_cut_off_from_the_store_stops_when_its_lease_is_over() -> None:
    class Away(MemoryObjectStore):
        away = False

        def put(self, name: str, data: bytes, **how: Any) -> ObjectInfo:
            if self.away:
                raise TransientError("the store is away")
            return super().put(name, data, **how)

    store = Away()

    def cut(n: int) -> None:
        store.away = n >= 5
        world.clock.move(1)

    world = World(crawl := Counting(1000, each=cut), store=store, checkpoint=timedelta(hours=1))
    with contextlib.suppress(TransientError):
        assert await world.deliver() is Outcome.FENCED
    assert len(crawl.done_units) < 1000
    assert world.job.step == 0


async def test_the_record_names_a_checkpoint_that_is_there_and_old_ones_go() -> None:
    world = World(Counting(40, each=lambda _n: world.clock.move(100)))
    await world.deliver()
    names = [info.name for info in world.store.list("data/") if "checkpoint" in info.name]
    assert names == [world.job.checkpoint]


async def test_stage_outputs_reach_the_stages_after_a_restart() -> None:
    """Also where the stage was so short that no checkpoint was due at its end."""
    stop = asyncio.Event()

    async def stop_at_last(n: int) -> None:
        if n == 3:
            stop.set()
            await asyncio.sleep(0.5)  # many times as long as until the next look at it

    world = World(crawl := Counting(4, each=stop_at_last), checkpoint=timedelta(hours=1))
    assert await world.deliver(stop=stop) is Outcome.COMMITTED
    assert world.job.stage is Stage.PACKAGE
    assert await world.deliver(step=1) is Outcome.DONE
    assert crawl.done_units == [0, 1, 2, 3]


class CountingStore(MemoryObjectStore):
    """Counts the writes of records."""

    records = 0

    def put(self, name: str, data: bytes, **options: Any) -> ObjectInfo:
        self.records += name.startswith("jobs/")
        return super().put(name, data, **options)


async def test_short_stages_write_the_record_no_more_often_than_checkpoints_are_due() -> None:
    store = CountingStore()
    world = World(Counting(50), store=store, checkpoint=timedelta(hours=1), heartbeat=timedelta(hours=1))
    before = store.records
    assert await world.deliver() is Outcome.DONE
    assert store.records - before == 2  # the lease, and the end


@dataclass
class Losing:
    """A crawl that loses a page a unit; ``fails_at`` raises before that unit, once."""

    total: int
    fails_at: dict[int, Exception] = field(default_factory=dict)
    each: Callable[[], None] = lambda: None

    async def __call__(self, bench: Workbench, state: State | None) -> Done | Paused:
        done = state["done"] if state else 0
        while done < self.total:
            await asyncio.sleep(0.01)
            self.each()
            bench.failures.append(failure(f"https://example.com/{done}", 404))
            if error := self.fails_at.pop(done, None):
                raise error
            done += 1
            await bench.save(lambda done=done: {"done": done})  # type: ignore[misc]  # a default binds the value
            if bench.stopping and done < self.total:
                return Paused({"done": done})
        return Done({"counted": done})


def missing(world: World) -> list[str]:
    """Paths of the pages on the list that the record names."""
    return [each.url.rpartition("/")[2] for each in read_failures(world.store, world.job.failures)]


async def test_missing_pages_are_published_with_the_checkpoints() -> None:
    """While the job runs, and over slices; one list at a time is kept, and the last one stays."""
    world = World(Losing(40, each=lambda: world.clock.move(100)))
    assert await world.deliver() is Outcome.COMMITTED
    assert 0 < len(missing(world)) < 40
    step = 1
    while await world.deliver(step) is Outcome.COMMITTED:
        step += 1
    assert missing(world) == [str(number) for number in range(40)]
    assert world.job.progress.pages_failed == 40
    assert len([info for info in world.store.list("") if "/failures-" in info.name]) == 1


async def test_a_page_that_is_lost_again_after_a_crash_is_listed_once() -> None:
    """What was found after the last checkpoint is found again."""
    world = World(Losing(5, fails_at={3: TransientError("the site is away")}))
    with pytest.raises(TransientError):
        await world.deliver()
    assert missing(world) in (["0"], ["0", "1"], ["0", "1", "2"])
    assert await world.deliver() is Outcome.DONE
    assert missing(world) == ["0", "1", "2", "3", "4"]


async def test_missing_pages_are_listed_where_the_job_fails_for_good() -> None:
    """Also those since the last checkpoint: they may be the reason."""
    nothing = PermanentError(literal("There is no text."), reason="NOTHING_TO_EXTRACT")
    world = World(Losing(5, fails_at={0: nothing}))
    assert await world.deliver() is Outcome.FAILED
    assert missing(world) == ["0"]


async def test_a_stage_that_begins_anew_finds_its_missing_pages_anew() -> None:
    """Such as one whose checkpoint another version wrote."""
    world = World(Losing(2))
    old = pack_failures([failure("https://example.com/old", 404)])
    world.store.put("old", old)
    world.change(lambda job: replace(job, failures="old"))
    assert await world.deliver() is Outcome.DONE
    assert missing(world) == ["0", "1"]


class TestMakingWay:
    async def test_a_slice_makes_way_once_it_has_got_on(self) -> None:
        way = asyncio.Event()
        way.set()
        world = World(crawl := Counting(50, each=lambda _n: world.clock.move(1)))
        outcome = await world.runner.run(JobMessage(job_id=world.job_id, step=0), make_way=way)
        assert outcome is Outcome.COMMITTED
        assert 1 <= len(crawl.done_units) < 50
        assert (world.job.step, world.job.attempts) == (1, 0)

    async def test_what_a_job_has_used_is_in_its_record_after_each_slice(self) -> None:
        async def crawl(bench: Workbench, state: State | None) -> Done | Paused:
            bench.meter.count(Limit.REQUESTS, 7)
            return await counting(bench, state)

        counting = Counting(20, each=lambda _n: world.clock.move(100))
        world = World(crawl)
        step = 0
        while await world.deliver(step) is Outcome.COMMITTED:
            step += 1
            assert world.job.spent.requests == 7 * step
        assert step >= 2
        assert world.job.spent.objects > 0

    async def test_a_retry_begins_counting_anew(self) -> None:
        world = World(Counting(3))
        world.change(lambda job: replace(job, spent=Spent(requests=10**9)))
        world.change(lambda job: ended(job, JobState.CANCELLED, now=world.clock(), retention=timedelta(1)))
        commands = JobCommands(
            jobs=world.jobs, store=world.store, dispatcher=world.dispatcher, retention=timedelta(1), clock=world.clock
        )
        assert (await commands.retry(world.job_id)).spent == Spent()

    async def test_a_job_whose_time_is_over_is_ended(self) -> None:
        world = World(Counting(10**6), allowance=PageAllowance(seconds=1e-9))
        world.change(lambda job: replace(job, spec=replace(job.spec, request_delay=0.0)))
        assert await world.deliver() is Outcome.FAILED
        assert world.job.error
        assert world.job.error.reason == "JOB_TIME_LIMIT"


async def test_what_was_done_before_a_failure_is_kept_however_quick_it_was() -> None:
    """Where no checkpoint was due yet: a retry goes on after the stages that were finished."""

    async def poor(_bench: Workbench, _state: State | None) -> Done | Paused:
        raise PermanentError(literal("It has cost too much."), reason="BUDGET_EXCEEDED")

    world = World(Counting(3), checkpoint=timedelta(hours=1))
    world.runner = SliceRunner(**{**world.parts, "pipeline": {Stage.CRAWL: Counting(3), Stage.PACKAGE: poor}})
    assert await world.deliver() is Outcome.FAILED
    kept = load_checkpoint(world.store, world.job)
    assert (kept.stage, list(kept.outputs)) == (Stage.PACKAGE, [Stage.CRAWL])


async def test_a_stage_that_ignores_its_end_does_not_keep_the_delivery_nor_the_job() -> None:
    """It goes on in this process, but writes no more, and the redelivery works after the lease."""
    late: list[str] = []
    released = asyncio.Event()

    async def deaf(bench: Workbench, _state: State | None) -> Done | Paused:
        while not released.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                world.clock.move(10)
                await asyncio.sleep(1)
        try:
            await bench.save(lambda: {"n": 1})
        except Fenced:
            late.append("fenced")
        return Done({"counted": 1})

    world = World(deaf, heartbeat=timedelta(seconds=5), overrun=timedelta(seconds=200))
    try:
        with pytest.raises(TransientError, match="does not stop"):
            await world.deliver()
    finally:
        released.set()
    before = world.job
    await asyncio.sleep(5)
    assert late == ["fenced"]
    assert world.job == before
    world.clock.move(21)
    assert await world.deliver() is Outcome.DONE
