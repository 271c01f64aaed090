"""What gives first: a simulation of the protocol from 10 to 100,000 jobs an hour, compared with a real run.

The simulation (`bench.kit.simulation`) knows workers, Pub/Sub's push window and backoff, Cloud Run's 429 where no
instance is free, and the bucket's rate of writes. Its constants: a book of 36 s and 115 writes (docs/operations.md), a
start of 5 s. First it is given what was measured in a real run on the emulator - two workers of one slice each, several
jobs created at once, their time mostly politeness, the balancer's choice of a worker for each - and has to come to the
same times.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bench.kit.parts import Cell, Missing, Part, Table, Target, say
from bench.kit.simulation import Plant, Simulation, poisson
from support.emulator import Emulator
from support.processes import Process
from support.site import Site
from support.stack import Stack

RATES = (10, 100, 1_000, 10_000, 100_000)
BOOK = {"work": 36.0, "writes": 115}
BURSTS = ((40, 900), (40, 3600), (100, 3600))
ATTEMPTS = (5, 20, 100)
CLOSE = 0.25
"""How far the simulated times may be from the real ones."""


def measure(*, jobs: int = 8, pages: int = 20, delay: float = 0.3, hours: float = 1.0) -> Iterator[Part]:
    """The comparison, then the hours."""
    real, slices, workers = _real(jobs, pages, delay)
    mine = _simulated(slices, workers)
    rows: list[list[Cell]] = [[name, *(round(value, 1) for value in values)] for name, values in _compared(real, mine)]
    yield Table(f"{jobs} jobs at once on two workers: real and simulated, seconds", ["", "real", "simulated"], rows)
    off = max(abs(mine[n] - real[n]) / real[n] for n in (1, 2))
    yield Target(
        "simulation beside the real run: longest wait, whole time",
        peer="the real run",
        target=f"within {CLOSE:.0%}",
        measured=f"{off:.0%} off",
        met=off <= CLOSE,
    )
    columns = [
        *("jobs an hour", "instances", "busy at most", "wait p50, s", "wait p99, s", "429", "dead-lettered"),
        *("unfinished", "writes a second"),
    ]
    simulated = [_hour(rate, instances, hours) for rate in RATES for instances in _instances(rate)]
    note = "10 is the default of `max_instances.worker`; the other is 1.5 times what the jobs need."
    yield Table("an hour of jobs", columns, simulated, note)
    bursts = [_burst(jobs, work, instances) for jobs, work in BURSTS for instances in (2, 3, 5, 10)]
    columns = ["jobs within ten minutes", "seconds of work each", "instances"]
    columns += [f"dead-lettered at {attempts} deliveries" for attempts in ATTEMPTS]
    yield Table("bursts of long books", columns, bursts, "Each refusal by Cloud Run counts as a delivery.")


def _instances(rate: int) -> Sequence[int]:
    needed = round(1.5 * rate * BOOK["work"] / 3600)
    return (10,) if needed <= 10 else (10, needed)


def _hour(rate: int, instances: int, hours: float) -> list[Cell]:
    say(rate, instances)
    simulation = Simulation(Plant(work=BOOK["work"], writes=int(BOOK["writes"]), instances=instances))
    simulation.run(poisson(rate, hours), until=hours * 3600)
    waits = sorted(job.started - job.created for job in simulation.jobs if job.started is not None)
    left = sum(job.ended is None for job in simulation.jobs) - simulation.dead
    return [
        rate,
        instances,
        simulation.most_busy,
        *(round(waits[int(share * (len(waits) - 1))], 1) for share in (0.5, 0.99)),
        simulation.nacks,
        simulation.dead,
        left,
        round(simulation.most_writes),
    ]


def _burst(jobs: int, work: int, instances: int) -> list[Cell]:
    return [jobs, work, instances, *(dead_lettered(jobs, work, instances, attempts) for attempts in ATTEMPTS)]


def dead_lettered(jobs: int, work: float, instances: int, attempts: int) -> int:
    """How many jobs of a burst within ten minutes are given up, though all they had to do was wait."""
    writes = round(BOOK["writes"] * work / BOOK["work"])
    simulation = Simulation(Plant(work=work, writes=writes, instances=instances, attempts=attempts))
    simulation.run([600 * number / jobs for number in range(jobs)])
    return simulation.dead


def _real(jobs: int, pages: int, delay: float) -> tuple[tuple[float, float, float], list[float], tuple[int, ...]]:
    """Median wait, longest wait and time until all are done; the seconds of every job's slices; and who ran it."""
    site = {"/": "".join(f'<p><a href="/{n}">page {n}</a> of the book' for n in range(1, pages))}
    site |= {f"/{n}": f"<h1>Page {n}</h1><p>What page {n} says, and nothing else does." for n in range(1, pages)}
    long = {"SITEBOOKIFY_WORKER_SLICES": "1", "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "60"}
    long |= {"SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
    with tempfile.TemporaryDirectory() as folder, Site(site) as served:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        try:
            with Stack(Path(folder) / "stack", emulator, workers=2, env=long) as stack:
                begun = time.time()
                spec = {"requestDelay": f"{delay}s", "concurrency": 1}
                created = {}
                for _ in range(jobs):
                    job_id = stack.create(served.url(), **spec)
                    created[job_id] = time.time()
                for job_id in created:
                    stack.wait(job_id, within=600)
                seen = {job_id: list(stack.records(job_id)) for job_id in created}
                workers = tuple(next(n for n, one in enumerate(stack.workers) if _ran(one, job)) for job in created)
        finally:
            emulator.stop()
    waits, slices, last = [], [], 0.0
    for job_id, records in seen.items():
        starts = [_at(record) for record in records if record["message"] == "slice.started"]
        ends = [record for record in records if record["message"] == "slice.ended"]
        if not starts:
            raise Missing("a job never started")
        waits.append(min(starts) - created[job_id])
        slices.append(sum(record["seconds"] for record in ends))
        last = max(last, *map(_at, ends))
    return (statistics.median(waits), max(waits), last - begun), slices, workers


def _ran(worker: Process, job_id: str) -> bool:
    return any(record.get("logging.googleapis.com/labels", {}).get("job_id") == job_id for record in worker.records())


def _at(record: dict[str, str]) -> float:
    return datetime.fromisoformat(record["time"]).timestamp()


def _simulated(slices: Sequence[float], workers: tuple[int, ...]) -> tuple[float, float, float]:
    """The same three times, of as many jobs that each take what a real one took, on the same workers."""
    plant = Plant(work=statistics.mean(slices), writes=1, instances=2, overhead=0, pinned=workers)
    simulation = Simulation(plant)
    simulation.run([0.05 * number for number in range(len(slices))])
    waits = [(job.started or 0) - job.created for job in simulation.jobs]
    return statistics.median(waits), max(waits), max(job.ended or 0 for job in simulation.jobs)


def _compared(
    real: tuple[float, float, float], mine: tuple[float, float, float]
) -> Iterator[tuple[str, tuple[float, float]]]:
    names = ("median wait", "longest wait", "until all are done")
    yield from ((name, pair) for name, *pair in zip(names, real, mine, strict=True))  # type: ignore[misc]  # two floats
