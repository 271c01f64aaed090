"""Operations a second of both object stores, what syncing costs, and the memory of streams.

Records are 2 KB and swapped by generation (each thread its own), blobs 20 KB under new names; a listing counts each
object it tells of. Cloud Storage is the fake in a process of its own: its column says what the adapter costs, not what
the network does. ``ARGS="directory=DIR"`` (by default a temporary directory) decides which disk is measured.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, say
from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.ports import ObjectStore
from support.processes import Process, answers, free_port

RECORD = bytes(2_000)
BLOB = os.urandom(20_000)
LISTED = 1000
STREAM = 64  # MiB
THREADS = (1, 8)

Work = Callable[[], int]
"""Does one thing, and says how many operations it was."""


def swapping(store: ObjectStore, thread: int) -> Work:
    name, generation = f"jobs/{thread}.json", 0

    def swap() -> int:
        nonlocal generation
        generation = store.put(name, RECORD, if_generation=generation).generation
        return 1

    return swap


def writing(store: ObjectStore, thread: int) -> Work:
    numbers = itertools.count()
    return lambda: store.put(f"data/{thread}/blobs/{next(numbers)}", BLOB).size // len(BLOB)


def reading(store: ObjectStore, thread: int) -> Work:
    store.put(f"blob-{thread}", BLOB)
    return lambda: bool(store.get(f"blob-{thread}"))


def polling(store: ObjectStore, thread: int) -> Work:
    generation = store.put(f"polled-{thread}", RECORD).generation
    return lambda: store.get(f"polled-{thread}", unless_generation=generation) is None


def listing(store: ObjectStore, thread: int) -> Work:
    if thread == 0:
        for n in range(LISTED):
            store.put(f"listed/{n:04}.json", RECORD, metadata={"state": "done"})
    return lambda: sum(1 for _ in store.list("listed/"))


WORKLOADS: dict[str, Callable[[ObjectStore, int], Work]] = {
    "swap a record": swapping,
    "write a blob": writing,
    "read a blob": reading,
    "poll a record that is unchanged": polling,
    "list objects": listing,
}


def rate(works: list[Work], seconds: float) -> float:
    """Operations a second, of all threads together."""
    started = time.perf_counter()

    def repeat(work: Work) -> int:
        count = 0
        while time.perf_counter() - started < seconds:
            count += work()
        return count

    with ThreadPoolExecutor(len(works)) as pool:
        return sum(pool.map(repeat, works)) / (time.perf_counter() - started)


def synced(directory: Path, seconds: float, *, sync: bool) -> float:
    """Plain files of a record's size written and renamed a second, with or without fsync of file and directory."""
    directory.mkdir()
    handle = os.open(directory, os.O_RDONLY)

    def write() -> int:
        with (directory / "draft").open("wb") as file:
            file.write(RECORD)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        (directory / "draft").replace(directory / "record")
        if sync:
            os.fsync(handle)
        return 1

    try:
        return rate([write], seconds)
    finally:
        os.close(handle)


def stream_peaks(store: ObjectStore) -> tuple[float, float]:
    """Peak Python memory in MiB of writing and of reading a stream of 64 MiB."""
    chunk = bytes(1024 * 1024)

    def read() -> None:
        with store.open_read("stream") as stream:
            while stream.read(65_536):
                pass

    write = peak(lambda: store.write_stream("stream", (chunk for _ in range(STREAM)), content_type="text/plain"))
    return write, peak(read)


def peak(do: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()


@contextmanager
def stores(directory: Path) -> Iterator[dict[str, ObjectStore]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    fake = Process([sys.executable, "-m", "support.gcs", str(port)], log=directory / "gcs.log", env=_environment())
    with ExitStack() as stack:
        stack.enter_context(fake).wait_for(lambda: answers(f"{url}/storage/v1/b/books/o"))
        os.environ["STORAGE_EMULATOR_HOST"] = url
        yield {
            "local": LocalObjectStore(directory / "data"),
            "gcs (fake)": stack.enter_context(closing(GcsObjectStore("books"))),
        }


def _environment() -> dict[str, str]:
    tests = Path(__file__).parents[1]
    return {"PYTHONPATH": str(tests), "PATH": os.environ["PATH"]}


def measure(*, seconds: float = 2.0, rounds: int = 3, directory: str = "") -> Iterator[Part]:
    """Rates, the cost of syncing, and memory."""
    with tempfile.TemporaryDirectory(dir=directory or None) as name, stores(Path(name)) as backends:
        yield rates(backends, seconds, rounds)
        plain = [
            Sample([synced(Path(name) / f"plain-{sync}-{n}", seconds, sync=sync) for n in range(rounds)], digits=0)
            for sync in (False, True)
        ]
        yield Table("plain files a second", ["without fsync", "with fsync"], [plain])
        peaks: list[list[Cell]] = [[label, *stream_peaks(store)] for label, store in backends.items()]
        yield Table(f"peak of a {STREAM} MiB stream, MiB", ["store", "write", "read"], peaks)


def rates(backends: dict[str, ObjectStore], seconds: float, rounds: int) -> Table:
    """Each workload on each store with each number of threads, in turns."""
    columns = [(label, store, threads) for label, store in backends.items() for threads in THREADS]
    names = itertools.count()
    rows: list[list[Cell]] = []
    for what, workload in WORKLOADS.items():
        say(what)
        found: list[list[float]] = [[] for _ in columns]
        for _ in range(rounds):
            for values, (_, store, threads) in zip(found, columns, strict=True):
                first = 0 if workload is listing else 100 * next(names)
                values.append(rate([workload(store, first + n) for n in range(threads)], seconds))
        rows.append([what, *(Sample(values, digits=0) for values in found)])
    return Table("operations a second", ["", *(f"{label}, {n} threads" for label, _, n in columns)], rows)
