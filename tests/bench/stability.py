"""The incident that the predecessor died of, as a run: heavy jobs, many pollers, little memory, killed workers.

Three services as processes on the Pub/Sub emulator, with the fake of Cloud Storage in a process of its own. Every
worker may use 512 MiB (all its processes together, what they share counted once, as a container's limit counts) and is
killed beyond, as Cloud Run does it; besides, each is killed once a minute. The jobs are made at once, and every poller
asks for one of them once a second. After so many seconds the kills and the pollers end, and the jobs have three times
as long to end: the completion ratio counts those that are done by then.

``make stability SECONDS=600`` is the whole run; ``ARGS="jobs=4 pages=100 pollers=100 workers=1"`` makes it smaller.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kit.parts import Cell, Part, Sample, Table, Target, say
from bench.kit.sites import RUST, serving
from bench.kit.trees import MIB, Sampler, proportional, resident, tree
from bench.pollers import Server, Tally
from sitebookify.adapters.gcs_store import GcsObjectStore
from support.emulator import Emulator
from support.processes import Process, answers, free_port
from support.stack import Stack

CAP_MIB = 512
_PATIENCE = 3
KILL_EVERY = 60.0
_PRICES = {"upload multipart": 5e-6, "upload resumable": 5e-6, "list": 5e-6, "GET media": 4e-7, "GET resource": 4e-7}
"""US dollars an operation: class A and B of Standard storage, https://cloud.google.com/storage/pricing; deletes are
free, and the chunks of an upload are part of it."""
_STARTS = ("/core/arch/x86_64/", "/core/arch/aarch64/", "/std/", "/core/arch/arm/", "/core/arch/x86/")
"""Under four an index of 1 to 3 MB and hundreds of small pages, under one large pages; so that two cores can be done
with twenty jobs in a few times the run's time."""
_TIMES = {
    "SITEBOOKIFY_LEASE_SECONDS": "20",
    "SITEBOOKIFY_HEARTBEAT_SECONDS": "5",
    "SITEBOOKIFY_CHECKPOINT_SECONDS": "2",
    "SITEBOOKIFY_GRACE_SECONDS": "8",
    "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "60",
    "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600",
    "SITEBOOKIFY_MIN_BACKOFF_SECONDS": "30",
    "SITEBOOKIFY_MAX_BACKOFF_SECONDS": "600",
    "SITEBOOKIFY_RECONCILE_SECONDS": "60",
}
"""The defaults, but for shorter slices, so that every job is handed over several times."""


class Keeper(threading.Thread):
    """Looks after a worker as the platform does: kills it for memory, or once a minute, and starts it again."""

    def __init__(self, stack: Stack, worker: Process, first_kill: float) -> None:
        super().__init__(daemon=True)
        self.memory_kills = self.kills = 0
        self.peak = self.shared_once = 0
        self._stack = stack
        self._worker = worker
        self._next = time.monotonic() + first_kill
        self._over = threading.Event()
        self.peace = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.25):
            pids = tree(self._worker.pid)
            used = sum(map(proportional, pids))
            self.peak = max(self.peak, sum(map(resident, pids)))
            self.shared_once = max(self.shared_once, used)
            if used > CAP_MIB * MIB:
                self.memory_kills += 1
                self._restart()
            elif time.monotonic() > self._next and not self.peace.is_set():
                self.kills += 1
                self._restart()

    def _restart(self) -> None:
        self._worker.kill()
        self._worker.start()
        self._stack.await_ready(self._worker)
        self._next = time.monotonic() + KILL_EVERY

    def stop(self) -> None:
        self._over.set()
        self.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a run has shown."""

    states: Counter[str]
    idle: Tally
    loaded: Tally
    keepers: Sequence[Keeper]
    api: Sampler
    deadletter: Sampler
    operations: Counter[str]
    seconds: float
    waits: list[float]
    server_errors: int


def measure(
    *, seconds: float = 600.0, jobs: int = 20, pages: int = 500, pollers: int = 500, workers: int = 2
) -> Iterator[Part]:
    """One run."""
    with tempfile.TemporaryDirectory() as folder, _services(Path(folder), workers) as (stack, bucket):
        seen = _run(stack, bucket, seconds=seconds, jobs=jobs, pages=pages, pollers=pollers)
    yield _outcome(seen, jobs)
    yield _latencies(seen)
    yield _memory(seen)
    yield _operations(seen, jobs)
    yield from _targets(seen, jobs)


@contextmanager
def _services(folder: Path, workers: int) -> Iterator[tuple[Stack, str]]:
    """The services, and the base URL of the fake of Cloud Storage."""
    with ExitStack() as stays:
        bucket = f"http://127.0.0.1:{(port := free_port())}"
        env = {"PYTHONPATH": str(Path(__file__).parents[1])}
        gcs = Process([sys.executable, "-m", "support.gcs", str(port)], log=folder / "gcs.log", env=env)
        stays.enter_context(gcs).wait_for(lambda: answers(f"{bucket}/requests"))
        os.environ["STORAGE_EMULATOR_HOST"] = bucket
        emulator = Emulator(folder / "emulator.log").ready()
        stays.callback(emulator.stop)
        settings = {
            **_TIMES,
            "STORAGE_EMULATOR_HOST": bucket,
            "SITEBOOKIFY_ARTIFACT_BUCKET": "books",
            "SITEBOOKIFY_COMPUTE_PROCESSES": "1",
            "SITEBOOKIFY_WORKER_SLICES": "1",
        }
        store = GcsObjectStore("books")
        stays.callback(store.close)
        yield stays.enter_context(Stack(folder / "stack", emulator, workers=workers, env=settings, store=store)), bucket


def _run(stack: Stack, bucket: str, *, seconds: float, jobs: int, pages: int, pollers: int) -> Observed:
    server = Server(stack.api_port, stack.api.pid)
    with serving(*RUST) as site, Sampler(stack.api.pid) as api, Sampler(stack.deadletter.pid) as deadletter:
        settled = stack.create(site + "/does-not-exist.html")
        stack.wait(settled)
        idle = asyncio.run(_poll(server, [settled], pollers, min(20, seconds / 4)))
        say("idle", _percentiles(idle))
        before, started = _requests(bucket), time.monotonic()
        spec = {"maxPages": pages, "maxDepth": 128, "concurrency": 4, "requestDelay": "0.02s"}
        ids = [stack.create(f"{site}{_STARTS[number % len(_STARTS)]}", **spec) for number in range(jobs)]
        apart = KILL_EVERY / len(stack.workers)
        keepers = [Keeper(stack, worker, apart * (number + 1)) for number, worker in enumerate(stack.workers)]
        for keeper in keepers:
            keeper.start()
        loaded = asyncio.run(_poll(server, ids, pollers, seconds))
        say("loaded", _percentiles(loaded))
        for keeper in keepers:
            keeper.peace.set()
        states = _ends(stack, ids, within=_PATIENCE * seconds)
        for keeper in keepers:
            keeper.stop()
        operations = Counter(_requests(bucket))
        operations.subtract(before)
        records = [record for worker in stack.workers for record in worker.records()]  # of no other jobs than these
    first = [record for record in records if record["message"] == "slice.started" and record["step"] == 0]
    served = [record for record in stack.api.records() if record["message"] == "request.served"]
    return Observed(
        states=states,
        idle=idle,
        loaded=loaded,
        keepers=keepers,
        api=api,
        deadletter=deadletter,
        operations=operations,
        seconds=time.monotonic() - started,
        waits=[record["waited_seconds"] for record in first if record["attempt"] == 1],
        server_errors=sum(int(record["httpRequest"]["status"]) >= 500 for record in served),
    )


async def _poll(server: Server, ids: Sequence[str], pollers: int, seconds: float) -> Tally:
    """All pollers, spread over the jobs."""
    share = max(1, pollers // len(ids))
    loads = [server.load(f"/v1/jobs/{job_id}", seconds, share, pause=lambda: 1.0) for job_id in ids]
    whole = Tally()
    for tally in await asyncio.gather(*loads):
        whole.statuses += tally.statuses
        whole.latencies += tally.latencies
    return whole


def _ends(stack: Stack, ids: Sequence[str], *, within: float) -> Counter[str]:
    """The jobs' states once all have ended, or the time is over."""
    deadline = time.monotonic() + within
    while True:
        states = Counter(str(stack.job(job_id)["state"]).removeprefix("STATE_").lower() for job_id in ids)
        say(dict(states))
        if not {"queued", "running"} & states.keys() or time.monotonic() > deadline:
            return states
        time.sleep(min(10, within / 10))


def _requests(bucket: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{bucket}/requests", timeout=30) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def _outcome(seen: Observed, jobs: int) -> Table:
    statuses = seen.loaded.statuses
    cells: dict[str, Any] = {
        "jobs": jobs,
        "done": seen.states["done"],
        "ended otherwise": seen.states["error"] + seen.states["cancelled"],
        "not ended": seen.states["queued"] + seen.states["running"],
        "seconds": round(seen.seconds),
        "kills": sum(keeper.kills for keeper in seen.keepers),
        "memory kills": sum(keeper.memory_kills for keeper in seen.keepers),
        "429": statuses[429],
        "5xx": seen.server_errors,
        "504": statuses[504],
        "queue wait, s": Sample(seen.waits, digits=1) if seen.waits else None,
    }
    return Table("what became of the jobs", list(cells), [list(cells.values())])


def _latencies(seen: Observed) -> Table:
    rows: list[list[Cell]] = [
        [name, tally.statuses.total(), *_percentiles(tally)]
        for name, tally in (("no job", seen.idle), ("all jobs", seen.loaded))
    ]
    return Table("GetJob under the pollers", ["", "requests", "p50 ms", "p99 ms"], rows)


def _percentiles(tally: Tally) -> list[float]:
    return [round(tally.percentile(share), 1) for share in (0.5, 0.99)]


def _memory(seen: Observed) -> Table:
    worker = max(seen.keepers, key=lambda keeper: keeper.shared_once)
    rows: list[list[Cell]] = [
        [name, round(watched.peak / MIB), round(watched.shared_once / MIB)]
        for name, watched in (("api", seen.api), ("worker", worker), ("dead-letter handler", seen.deadletter))
    ]
    return Table("peak memory", ["service", "all processes, MiB", "shared counted once, MiB"], rows)


def _operations(seen: Observed, jobs: int) -> Table:
    per_job = {kind: number / jobs for kind, number in sorted(seen.operations.items()) if number}
    cost = sum(number * _PRICES.get(kind, 0) for kind, number in per_job.items())
    columns = [*per_job, "US dollars per 1,000 jobs"]
    note = "What the pollers made the API read is in it."
    return Table(
        "object store operations a job", columns, [[*map(round, per_job.values()), round(1000 * cost, 2)]], note
    )


def _targets(seen: Observed, jobs: int) -> Iterator[Target]:
    statuses, killed = seen.loaded.statuses, sum(keeper.memory_kills for keeper in seen.keepers)
    failed = seen.server_errors + sum(number for status, number in statuses.items() if status >= 500)
    done = seen.states["done"]
    yield Target(
        "stability: jobs that were accepted and are done",
        peer="the predecessor: jobs vanished",
        target="all",
        measured=f"{done} of {jobs}",
        met=done == jobs,
    )
    yield Target(
        "stability: answers 429, 5xx, 504; memory kills at 512 MiB",
        peer="the predecessor: all of them",
        target="none",
        measured=f"{statuses[429]}, {failed}, {statuses[504]}; {killed}",
        met=not (statuses[429] or failed or killed),
    )
