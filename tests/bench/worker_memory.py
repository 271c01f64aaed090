"""Peak memory of a worker, all its processes, over the size of the site.

``python -m bench.worker_memory [PAGES …]``: a worker on the Pub/Sub emulator makes a book of so many pages of rust-doc
(Debian package) and its process tree's resident memory is summed up four times a second. Prints a Markdown table.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

from support.emulator import Emulator
from support.outside import need_path
from support.site import Site
from support.stack import Stack

PAGES = (200, 2_000, 10_000)
START = "/index.html"


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in tree(int(child)))]


def resident(pid: int) -> int:
    """Resident memory in bytes; 0 for a process that has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * 4096


class Sampler(threading.Thread):
    """Samples a process tree: ``peak`` is the largest sum, ``largest`` the largest process seen, in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.largest = 0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.25):
            try:
                sizes = [resident(pid) for pid in tree(self._pid)]
            except (FileNotFoundError, ProcessLookupError):
                continue
            self.peak = max(self.peak, sum(sizes))
            self.largest = max(self.largest, *sizes)

    def stop(self) -> None:
        self._over.set()
        self.join()


def measure(pages: int) -> tuple[int, float, int, int]:
    """Pages made, seconds, peak bytes of the tree, and of its largest process."""
    root = need_path("/usr/share/doc/rust-doc/html", "rust-doc")
    with tempfile.TemporaryDirectory() as folder, Site(root) as site:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        env = {"SITEBOOKIFY_SLICE_BUDGET_SECONDS": "60", "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
        try:
            with Stack(Path(folder) / "stack", emulator, env=env) as stack:
                sampler = Sampler(stack.workers[0].pid)
                sampler.start()
                started = time.monotonic()
                spec = {"maxPages": pages, "maxDepth": 128, "concurrency": 8}
                job = stack.wait(stack.create(site.url(START), **spec), within=7200)
                seconds = time.monotonic() - started
                sampler.stop()
        finally:
            emulator.stop()
    assert job["state"] == "STATE_DONE", job
    return int(job["progress"]["pagesFetched"]), seconds, sampler.peak, sampler.largest


def main() -> None:
    """Measure and print."""
    print("| pages | seconds | ms a page | peak RSS, all processes (MiB) | largest process (MiB) | to the first |")
    print("|---|---|---|---|---|---|")
    first = 0
    for pages in map(int, sys.argv[1:] or PAGES):
        made, seconds, peak, largest = measure(pages)
        first = first or peak
        row = f"| {made} | {seconds:.0f} | {1000 * seconds / made:.0f} | {peak / 2**20:.0f} | {largest / 2**20:.0f} |"
        print(row, f"{peak / first:.2f} |", flush=True)


if __name__ == "__main__":
    main()
