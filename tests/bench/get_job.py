"""GetJob beside a bare Starlette route, and how much a job that runs in-process slows it down.

The API with in-process execution behind uvicorn, as ``sitebookify serve api`` sets it up. Throughput: as many requests
as 16 connections get answered, in turns with a bare route that answers as many bytes in the same process. Latency: ten
connections, each of which asks again 50 ms after its answer, in turns of a few seconds while nothing runs and while a
book is made of rust-doc (Debian package) in child processes.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios, say
from bench.kit.sites import RUST, serving
from bench.pollers import Server, Tally, serving_api, throughput

LEAST_SHARE, MOST_SLOWER = 0.5, 3.0
_CONNECTIONS, _PAUSE = 10, 0.05
_ENDED = ("STATE_DONE", "STATE_ERROR", "STATE_CANCELLED")


def measure(*, seconds: float = 10.0, rounds: int = 3) -> Iterator[Part]:
    """Throughput, then latency in turns."""
    with tempfile.TemporaryDirectory() as folder, serving(*RUST) as site, serving_api(Path(folder)) as server:
        settled = server.create({"sourceUrl": site + "/does-not-exist.html"})
        _until(server, settled, _ENDED)
        table = asyncio.run(throughput(server, settled, 3 * seconds))
        yield table
        share = _median(table.rows[1][2])
        yield Target(
            "GetJob: throughput",
            peer="a bare Starlette JSON route, same uvicorn",
            target="at least half",
            measured=f"{share:.2f} of it",
            met=share >= LEAST_SHARE,
        )
        yield from _latencies(server, site, settled, seconds, rounds)


def _latencies(server: Server, site: str, settled: str, seconds: float, rounds: int) -> Iterator[Part]:
    turns: dict[str, list[Tally]] = {"idle": [], "a job runs": []}
    for _ in range(rounds):
        turns["idle"].append(asyncio.run(_ask(server, settled, seconds)))
        job = server.create({"sourceUrl": site + "/std/", "maxPages": 2000, "requestDelay": "0s", "concurrency": 8})
        _until(server, job, ("STATE_RUNNING",))
        time.sleep(5)  # into the stage where all processes are busy
        turns["a job runs"].append(asyncio.run(_ask(server, job, seconds)))
        server.post(f"/v1/{job}:cancel")
        _until(server, job, _ENDED)
        say({name: round(tallies[-1].percentile(0.99), 1) for name, tallies in turns.items()})
    rows: list[list[Cell]] = []
    for name, tallies in turns.items():
        percentiles = [Sample([tally.percentile(share) for tally in tallies], digits=1) for share in (0.5, 0.99)]
        statuses = ", ".join(sorted({str(status) for tally in tallies for status in tally.statuses}))
        rows.append([name, sum(tally.statuses.total() for tally in tallies), statuses, *percentiles])
    yield Table("latency of GetJob", ["", "requests", "statuses", "p50 ms", "p99 ms"], rows)
    idle, busy = ([tally.percentile(0.99) for tally in tallies] for tallies in turns.values())
    slower = ratios(busy, idle)
    yield Target(
        "GetJob: p99 while a job runs in-process",
        peer="p99 idle",
        target=f"at most {MOST_SLOWER:g} times",
        measured=f"{slower} times",
        met=slower.median <= MOST_SLOWER,
    )


async def _ask(server: Server, job: str, seconds: float) -> Tally:
    return await server.load(f"/v1/{job}", seconds, _CONNECTIONS, pause=lambda: _PAUSE)


def _median(cell: Cell) -> float:
    assert isinstance(cell, Sample)
    return cell.median


def _until(server: Server, job: str, states: tuple[str, ...]) -> None:
    while server.get(f"/v1/{job}")["state"] not in states:
        time.sleep(0.2)
