"""Memory and time of a worker over the size of the site.

A worker on the Pub/Sub emulator, with one process for extraction and rendering as on Cloud Run's one CPU, makes a book
of so many pages of rust-doc (Debian package), a dozen of them of up to 3 MB; the resident memory of its
process tree (the service, its compute processes, pandoc) is summed up four times a second. What the processes share
counts once for each in "all processes", and once in "shared counted once", which is how a container's limit counts.

``ARGS="pages=2000 edition=translation"`` has the book edited too, by a stub of a language model in this process.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.kit.parts import Cell, Part, Sample, Table, Target, say
from bench.kit.sites import RUST, serving
from bench.kit.trees import MIB, Sampler
from support.emulator import Emulator
from support.model_server import model_server
from support.stack import Stack

START = "/core/arch/index.html"
"""A dozen indices of up to 3 MB, first of all, and below them thousands of pages of one kind: so that a page costs the
same at every size, and the largest pages are there at every size."""
MOST_MIB, MOST_GROWTH = 384, 1.2
CONTAINER_MIB, MOST_MEMORY_GROWTH = 512, 1.3
_JUDGED = 9000
"""Pages from which on the growth says something."""
_USUAL = 900
"""Pages at which the time of a page is compared: fewer are all start and end."""
COLUMNS = ("pages", "seconds", "ms a page", "all processes, MiB", "shared counted once, MiB", "largest process, MiB")


def build(pages: int, processes: int, edition: str = "") -> tuple[int, float, Sampler]:
    """Pages made, seconds, and what the worker's process tree was seen to use."""
    with tempfile.TemporaryDirectory() as folder, serving(*RUST) as site, model_server(language="ja") as model:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        env = {
            "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "60",
            "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600",
            "SITEBOOKIFY_COMPUTE_PROCESSES": str(processes),
            "SITEBOOKIFY_OPENAI_BASE_URL": model.url,
            "SITEBOOKIFY_OPENAI_API_KEY": "k",
            "SITEBOOKIFY_OPENAI_MODEL": "stub",
        }
        edited = {"renderEngine": "ENGINE_OPENAI", "languageCode": "ja", "edition": f"EDITION_{edition.upper()}"}
        try:
            with Stack(Path(folder) / "stack", emulator, env=env) as stack:
                started = time.monotonic()
                spec: dict[str, Any] = {"maxPages": pages, "maxDepth": 128, "concurrency": 8, "requestDelay": "0.001s"}
                if edition:
                    spec |= edited
                with Sampler(stack.workers[0].pid) as sampler:
                    job = stack.wait(stack.create(site + START, **spec), within=7200)
                seconds = time.monotonic() - started
        finally:
            emulator.stop()
    assert job["state"] == "STATE_DONE", job
    return int(job["progress"]["pagesFetched"]), seconds, sampler


def measure(*, pages: str = "200,1000,2000,10000", processes: int = 1, edition: str = "") -> Iterator[Part]:
    """A row for each size."""
    rows: list[list[Cell]] = []
    for wanted in map(int, pages.split(",")):
        made, seconds, sampler = build(wanted, processes, edition)
        sizes = [round(size / MIB) for size in (sampler.peak, sampler.shared_once, sampler.largest)]
        rows.append([made, round(seconds), Sample([1000 * seconds / made], digits=1), *sizes])
        say(*map(str, rows[-1]))
    yield Table("a worker's memory and time over the size of the site", COLUMNS, rows)
    yield from targets(rows)


def targets(rows: Sequence[Sequence[Cell]]) -> Iterator[Target]:
    """Memory at every size and how it grows, and how the time of a page grows from the middle to the largest."""
    sizes = {_number(row[0]): (_number(row[3]), _number(row[4])) for row in rows}
    for made, (added, once) in sizes.items():
        if made >= 1500:
            yield Target(
                f"{made:,.0f} pages: memory of all worker processes",
                peer="none",
                target=f"under {MOST_MIB} MiB",
                measured=f"{once:.0f} MiB with shared pages counted once, as a container does; else {added:.0f}",
                met=once < MOST_MIB,
            )
    smallest, largest = min(sizes), max(sizes)
    growth = sizes[largest][1] / sizes[smallest][1]
    judged = largest >= _JUDGED
    yield Target(
        f"memory of all worker processes at {largest:,.0f} pages",
        peer=f"at {smallest:,.0f} pages",
        target=f"at most {MOST_MEMORY_GROWTH} times, under {CONTAINER_MIB} MiB",
        measured=f"{growth:.2f} times, {sizes[largest][1]:.0f} MiB",
        met=growth <= MOST_MEMORY_GROWTH and sizes[largest][1] < CONTAINER_MIB if judged else None,
    )
    times = {_number(row[0]): _number(row[2]) for row in rows}
    usual = min((pages for pages in times if pages >= _USUAL), default=smallest)
    growth = times[largest] / times[usual]
    yield Target(
        f"time a page at {largest:,.0f} pages",
        peer=f"at {usual:,.0f} pages",
        target=f"at most {MOST_GROWTH} times",
        measured=f"{growth:.2f} times",
        met=growth <= MOST_GROWTH if judged else None,
    )


def _number(cell: Cell) -> float:
    return float(str(cell).replace(",", ""))
