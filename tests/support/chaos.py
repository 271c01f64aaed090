"""A chaos run: jobs over real sites while a nemesis kills, freezes, forgets and lets the store fail; then a checker.

Beside the jobs there are books that have expired, records that get damaged, and a site whose page is more than a page
can be; the store goes away as a whole, and a dead worker whose clock was ahead has left its leases.

``python -m support.chaos --seconds 900 --jobs 60 --expired 2000 --away 300`` (``make chaos SECONDS=900 ARGS=…``) prints
the seed and every blow, and fails where a promise of the protocol was broken.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.errors import JobConflict, TransientError
from sitebookify.jobs import Job, JobState, Lease, ended, new_job
from sitebookify.repository import JobRepository, data_prefix, utcnow
from sitebookify.spec import JobSpec
from support.emulator import Emulator
from support.faults import Faults
from support.gcs import GcsFake
from support.outside import need_path
from support.site import Site
from support.stack import Stack

SITES = (
    ("/usr/share/doc/rust-doc/html/book", "rust-doc"),
    ("/usr/share/doc/git-doc", "git-doc"),
    ("/usr/share/doc/python3-doc/html/tutorial", "python3-doc"),
)
BOOKS = ("book.md", "book.epub")
_BUCKET = "chaos"
_FAULT_RATE = 0.05
_AT_ONCE = 16
_AHEAD = timedelta(minutes=10)
_DEAD = frozenset({"DEAD_LETTERED", "ATTEMPTS_EXHAUSTED"})
"""Reasons of a job whose workers were killed at each of its attempts."""


@dataclass
class Observed:
    """What was seen of the records while the nemesis was at work."""

    steps: dict[str, int] = field(default_factory=dict)
    fallen: list[str] = field(default_factory=list)
    reads: int = 0

    def look(self, jobs: JobRepository, ids: list[str]) -> None:
        for job_id in ids:
            try:
                step = jobs.read(job_id).job.step
            except TransientError:  # the store is away
                continue
            if step < self.steps.get(job_id, 0):
                self.fallen.append(f"{job_id}: step {step} after {self.steps[job_id]}")
            self.steps[job_id] = step
            self.reads += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a run ended: jobs by state, blows by kind, and what was broken (empty: nothing)."""

    seed: int
    states: collections.Counter[str]
    blows: collections.Counter[str]
    broken: list[str]
    observed: int

    def __str__(self) -> str:
        lines = [f"seed {self.seed}; {dict(self.blows)}; jobs {dict(self.states)}; {self.observed} looks at records"]
        return "\n".join([*lines, *self.broken])


@contextlib.contextmanager
def faulty_store(seed: int) -> Iterator[tuple[dict[str, str], GcsObjectStore, Faults]]:
    """A bucket that answers 429, 503, and 503 after the deed, at the rate that is set: what services need to use it."""
    fake = GcsFake(_BUCKET)
    faults = Faults(fake.app(), seed=seed, rate=0)
    with fake.serving(faults) as url, contextlib.ExitStack() as stays:
        patch = stays.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("STORAGE_EMULATOR_HOST", url)
        store = stays.enter_context(contextlib.closing(GcsObjectStore(_BUCKET)))
        yield {"SITEBOOKIFY_ARTIFACT_BUCKET": _BUCKET, "STORAGE_EMULATOR_HOST": url}, store, faults


class Nemesis:
    """Strikes at random, but the same way for the same seed."""

    def __init__(
        self, stack: Stack, faults: Faults, rng: random.Random, ids: list[str], say: Callable[[str], None]
    ) -> None:
        self._stack = stack
        self._faults = faults
        self._rng = rng
        self._ids = ids
        self._say = say
        self.patient = False
        """True: there is time for blows after which jobs wait for half a minute."""
        self.blows: collections.Counter[str] = collections.Counter()

    def strike(self) -> None:
        """One blow, and the repair that a platform would do after it."""
        kinds = {
            self.kill_worker: 6,
            self.kill_deadletter: 1,
            self.kill_api: 2,
            self.freeze_worker: 3,
            self.forget: 1,
            **({self.damage_record: 2, self.hang_compute: 2, self.leave_lease: 2} if self.patient else {}),
        }
        blow = self._rng.choices(list(kinds), weights=list(kinds.values()))[0]
        self.blows[blow.__name__] += 1
        self._say(blow.__name__)
        blow()

    def kill_worker(self) -> None:
        self._revive(self._rng.choice(self._stack.workers))

    def kill_deadletter(self) -> None:
        self._revive(self._stack.deadletter)

    def kill_api(self) -> None:
        self._revive(self._stack.api)

    def freeze_worker(self) -> None:
        """Stop a worker past its lease, so that another takes its jobs, and let it go on unawares."""
        worker = self._rng.choice(self._stack.workers)
        worker.signal(signal.SIGSTOP)
        time.sleep(3.5)
        worker.signal(signal.SIGCONT)

    def forget(self) -> None:
        """Restart the emulator, which loses every message and subscription."""
        self._stack.emulator.kill()
        self._stack.emulator.ready()
        self._stack.provision()

    def hang_compute(self) -> None:
        """Stop one of the processes that a worker has work done in; nobody lets it go on."""
        below = descendants(self._rng.choice(self._stack.workers).pid)
        if below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._rng.choice(below), signal.SIGSTOP)

    def damage_record(self) -> None:
        """Overwrite the record of a job of its own: that one is lost, and no other."""
        with contextlib.suppress(TransientError):
            job = self._stack.jobs.create(_ordered("http://127.0.0.1:9/")).job
            name = f"jobs/{job.id}.json"
            sound = self._stack.store.stat(name).metadata
            metadata = self._rng.choice([sound, {**sound, "state": ""}, {}])
            self._stack.store.put(name, self._rng.choice([b"", b"{", b"null"]), metadata=metadata)

    def leave_lease(self) -> None:
        """A worker whose clock was ten minutes ahead has taken a job and died."""
        job_id = self._rng.choice(self._ids)

        def held(job: Job) -> Job:
            if job.state is not JobState.RUNNING:
                return job
            return replace(job, lease=Lease(holder="ahead", expires_at=self._stack.jobs.now() + _AHEAD))

        with contextlib.suppress(TransientError, JobConflict):
            self._stack.jobs.update(job_id, held)

    def leave_without_store(self, seconds: float) -> None:
        """Nobody gets anything from the store for so long."""
        self._say("the store is away")
        self.blows["store_away"] += 1
        before, self._faults.rate = self._faults.rate, 1.0
        time.sleep(seconds)
        self._faults.rate = before

    def _revive(self, process: Any) -> None:
        process.kill()
        time.sleep(self._rng.uniform(0, 1))
        process.start()
        self._stack.await_ready(process)


def run(
    stack: Stack,
    faults: Faults,
    *,
    jobs: int,
    seconds: float,
    seed: int,
    expired: int = 0,
    away: float = 0.0,
    patient: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> Report:
    """Undisturbed books first, then ``jobs`` jobs under ``seconds`` of blows, then quiet until all have ended.

    ``expired`` books are to be removed meanwhile, and the store is ``away`` once for so many seconds. With ``patient``,
    compute hangs, leases of the dead seem to go on, and there is a page that is more than a page can be.
    """
    rng = random.Random(seed)
    with contextlib.ExitStack() as stays:
        urls = [stays.enter_context(Site(need_path(path, package))).url("/index.html") for path, package in SITES]
        expected = {url: books(stack, stack.create(url, **_spec())) for url in urls}
        ids = {stack.create(url, **_spec()): url for url in (urls * jobs)[:jobs]}
        killed: list[str] = []
        if patient:
            killer = stays.enter_context(Site({"/index.html": "<p>" + "<b>" * 300_000})).url("/index.html")
            killed.append(stack.create(killer, **_spec()))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            over = list(pool.map(lambda _: _expired(stack), range(expired)))
        nemesis, observed = Nemesis(stack, faults, rng, list(ids), say), Observed()
        nemesis.patient = patient
        with beside(lambda: observed.look(stack.jobs, list(ids))), beside(lambda: reconcile(stack), every=1):
            faults.rate = _FAULT_RATE
            if away:
                nemesis.leave_without_store(away)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(rng.uniform(0.5, 2.5))
                nemesis.strike()
            faults.rate = 0
            broken = _unended(stack, [*ids, *killed], patience=120, within=1200)
            broken += _unremoved(stack, over, within=600)
        broken += _false_reasons(stack, list(ids))
        broken += observed.fallen + twice_committed(stack, list(ids)) + _other_books(stack, ids, expected)
        states = collections.Counter(stack.jobs.read(job_id).job.state.value for job_id in ids)
    blows = nemesis.blows + faults.injected
    return Report(seed=seed, states=states, blows=blows, broken=broken, observed=observed.reads)


def descendants(pid: int) -> list[int]:
    """Processes below the one with this id."""
    found, waiting = [], [pid]
    while waiting:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{waiting.pop()}/task").iterdir():
                children = [int(child) for child in (task / "children").read_text().split()]
                found += children
                waiting += children
    return found


def _ordered(url: str) -> Job:
    return new_job(JobSpec(source_url=url), now=utcnow())


def _expired(stack: Stack) -> str:
    """The id of a job of long ago, whose record and objects are still there."""
    job = _ordered("https://example.com/")
    long_ago = utcnow() - timedelta(days=2)
    stack.jobs.create(ended(job, JobState.CANCELLED, now=long_ago, retention=timedelta(days=1)))
    for number in range(3):
        stack.store.put(f"{data_prefix(job.id)}{number}", b"x")
    return job.id


def _unremoved(stack: Stack, ids: list[str], *, within: float) -> list[str]:
    """Books that have expired and are still there after all this time."""
    end = time.monotonic() + within
    left = set(ids)
    while left and time.monotonic() < end:
        left &= {summary.id for summary in stack.jobs.list()}
        time.sleep(0.5)
    return [f"{job_id}: has expired and is still there" for job_id in left]


def _false_reasons(stack: Stack, ids: list[str]) -> list[str]:
    """Jobs that failed for another reason than that they were tried again and again."""
    jobs = [stack.jobs.read(job_id).job for job_id in ids]
    return [f"{job.id}: {job.error}" for job in jobs if job.error and job.error.reason not in _DEAD]


def _other_books(stack: Stack, ids: dict[str, str], expected: dict[str, list[bytes]]) -> list[str]:
    """The record names the output and nothing else is; it must be the undisturbed run's, byte for byte."""
    done = [job_id for job_id in ids if stack.jobs.read(job_id).job.state is JobState.DONE]
    return [
        f"{job_id}: its book differs from the undisturbed one"
        for job_id in done
        if books(stack, job_id) != expected[ids[job_id]]
    ]


def _spec() -> dict[str, Any]:
    return {"maxPages": 20, "requestDelay": "0.1s", "concurrency": 2}


def books(stack: Stack, job_id: str) -> list[bytes]:
    """The book's files as anybody gets them; the job must be done."""
    job = stack.wait(job_id)
    assert job["state"] == "STATE_DONE", job
    return [stack.download(f"/jobs/{job_id}/{name}") for name in BOOKS]


def _unended(stack: Stack, ids: list[str], *, patience: float, within: float) -> list[str]:
    """Wait for every job's end; what has none by then is the gravest break of all.

    Waited is for as long as something moves, ``patience`` seconds for the next move, ``within`` seconds in all: a busy
    machine takes its time, and a job that goes round and round would move for ever.
    """
    start = moved = time.monotonic()
    left = set(ids)
    before: dict[str, tuple[object, ...]] = {}
    while left and time.monotonic() < min(moved + patience, start + within):
        jobs = {job_id: stack.jobs.read(job_id).job for job_id in left}
        left = {job_id for job_id, job in jobs.items() if not job.state.terminal}
        now: dict[str, tuple[object, ...]] = {
            job_id: (job.step, job.checkpoint, job.state) for job_id, job in jobs.items()
        }
        if now != before:
            before, moved = now, time.monotonic()
        time.sleep(0.5)
    return [f"{job_id}: never ended: {stack.jobs.read(job_id).job}" for job_id in left]


def twice_committed(stack: Stack, ids: list[str]) -> list[str]:
    commits: collections.Counter[tuple[str, int]] = collections.Counter()
    for job_id in ids:
        for record in stack.records(job_id):
            if record["message"] in {"slice.committed", "job.done"}:
                commits[job_id, record["step"]] += 1
    return [f"{job_id}: step {step} was committed {n} times" for (job_id, step), n in commits.items() if n > 1]


def reconcile(stack: Stack) -> None:
    with contextlib.suppress(OSError, urllib.error.URLError):  # its server may be dead just now
        stack.reconcile()


@contextlib.contextmanager
def beside(act: Callable[[], None], *, every: float = 0.5) -> Iterator[None]:
    """Do ``act`` again and again in a thread; its exceptions fail the block."""
    over = threading.Event()
    failures: list[BaseException] = []

    def loop() -> None:
        try:
            while not over.wait(every):
                act()
        except BaseException as error:  # noqa: BLE001 - handed to the block's thread
            failures.append(error)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failures:
        raise failures[0]


def main() -> int:
    """The long run, by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--expired", type=int, default=200, help="books to be removed meanwhile")
    parser.add_argument("--away", type=float, default=20, help="seconds without the store")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    print("seed", options.seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        try:
            with (
                faulty_store(options.seed) as (env, store, faults),
                Stack(Path(folder) / "stack", emulator, workers=2, env=env, store=store) as stack,
            ):
                report = run(
                    stack,
                    faults,
                    jobs=options.jobs,
                    seconds=options.seconds,
                    seed=options.seed,
                    expired=options.expired,
                    away=options.away,
                    patient=True,
                    say=lambda line: print(time.strftime("%T"), line, flush=True),
                )
        finally:
            emulator.stop()
    print(report)
    return bool(report.broken)


if __name__ == "__main__":
    sys.exit(main())
