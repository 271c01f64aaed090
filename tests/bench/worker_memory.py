"""Memory and time of a worker over the size of the site.

A worker on the Pub/Sub emulator makes a book of so many pages of rust-doc (Debian package); the resident memory of its
process tree (the service, its compute processes, pandoc) is summed up four times a second. What the processes share
counts once for each in "all processes", and once in "shared counted once", which is how a container's limit counts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, Target, say
from bench.kit.sites import RUST, serving
from bench.kit.trees import MIB, Sampler
from support.emulator import Emulator
from support.stack import Stack

START = "/index.html"
MOST_MIB, MOST_GROWTH = 384, 1.2
_JUDGED = 10_000
"""Pages from which on the growth says something."""
COLUMNS = ("pages", "seconds", "ms a page", "all processes, MiB", "shared counted once, MiB", "largest process, MiB")


def build(pages: int) -> tuple[int, float, Sampler]:
    """Pages made, seconds, and what the worker's process tree was seen to use."""
    with tempfile.TemporaryDirectory() as folder, serving(*RUST) as site:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        env = {"SITEBOOKIFY_SLICE_BUDGET_SECONDS": "60", "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
        try:
            with Stack(Path(folder) / "stack", emulator, env=env) as stack:
                started = time.monotonic()
                spec = {"maxPages": pages, "maxDepth": 128, "concurrency": 8}
                with Sampler(stack.workers[0].pid) as sampler:
                    job = stack.wait(stack.create(site + START, **spec), within=7200)
                seconds = time.monotonic() - started
        finally:
            emulator.stop()
    assert job["state"] == "STATE_DONE", job
    return int(job["progress"]["pagesFetched"]), seconds, sampler


def measure(*, pages: str = "1000,2000,10000") -> Iterator[Part]:
    """A row for each size."""
    rows: list[list[Cell]] = []
    for wanted in map(int, pages.split(",")):
        made, seconds, sampler = build(wanted)
        sizes = [round(size / MIB) for size in (sampler.peak, sampler.shared_once, sampler.largest)]
        rows.append([made, round(seconds), Sample([1000 * seconds / made], digits=1), *sizes])
        say(*map(str, rows[-1]))
    yield Table("a worker's memory and time over the size of the site", COLUMNS, rows)
    yield from targets(rows)


def targets(rows: Sequence[Sequence[Cell]]) -> Iterator[Target]:
    """Memory at every size, and how the time of a page grows from the smallest to the largest."""
    for row in rows:
        made, peak = int(str(row[0])), int(str(row[3]))
        if made >= 2000:
            yield Target(
                f"{made:,} pages: memory of all worker processes",
                peer="none",
                target=f"under {MOST_MIB} MiB",
                measured=f"{peak} MiB, {row[4]} MiB with what they share counted once",
                met=peak < MOST_MIB,
            )
    first, last = rows[0], rows[-1]
    growth = float(str(last[2]).replace(",", "")) / float(str(first[2]).replace(",", ""))
    yield Target(
        f"time a page at {last[0]} pages",
        peer=f"at {first[0]} pages",
        target=f"at most {MOST_GROWTH} times",
        measured=f"{growth:.2f} times",
        met=growth <= MOST_GROWTH if int(str(last[0])) >= _JUDGED else None,
    )
