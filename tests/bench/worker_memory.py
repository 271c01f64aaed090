"""Peak memory of a worker, all its processes, over the size of the site.

A worker on the Pub/Sub emulator makes a book of so many pages of rust-doc (Debian package), and its process tree's
resident memory is summed up four times a second.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, say
from bench.kit.sites import RUST, serving
from bench.kit.trees import MIB, Sampler
from support.emulator import Emulator
from support.stack import Stack

START = "/index.html"


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


def measure(*, pages: str = "200,2000,10000") -> Iterator[Part]:
    """A row for each size."""
    rows: list[list[Cell]] = []
    for wanted in map(int, pages.split(",")):
        made, seconds, sampler = build(wanted)
        sizes = [round(size / MIB) for size in (sampler.peak, sampler.shared_once, sampler.largest)]
        rows.append([made, round(seconds), Sample([1000 * seconds / made], digits=1), *sizes])
        say(rows[-1])
    columns = ["pages", "seconds", "ms a page", "peak RSS, MiB", "shared counted once, MiB", "largest process, MiB"]
    yield Table("a worker's memory over the size of the site", columns, rows)
