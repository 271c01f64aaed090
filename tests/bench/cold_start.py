"""Cold start of each service, beside importing what it cannot do without.

From the start of the process to the first 200 of ``/healthz``, asked every 10 ms; the services as on Cloud Run, with
Pub/Sub as broker and a bucket as store. The peer is ``python -c "import starlette, google.cloud.pubsub"``, run in turns
with them. Files are in the page cache, byte code is compiled.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios, say
from support.processes import SITEBOOKIFY, Process, answers, free_port
from support.stack import BRISK

SERVICES = ("api", "worker", "deadletter")
PEER = "import starlette, google.cloud.pubsub"
MOST = 1.3


def measure(*, rounds: int = 7) -> Iterator[Part]:
    """A row for the peer and each service."""
    seconds: dict[str, list[float]] = {name: [] for name in (PEER, *SERVICES)}
    for number in range(-1, rounds):  # the first round warms the caches
        for name, values in seconds.items():
            took = _import() if name == PEER else _start(name)
            if number >= 0:
                values.append(took)
        say(number, {name: round(values[-1], 2) for name, values in seconds.items() if values})
    compared = {name: ratios(values, seconds[PEER]) for name, values in seconds.items()}
    rows: list[list[Cell]] = [[name, Sample(values, digits=2), compared[name]] for name, values in seconds.items()]
    yield Table("seconds from start to ready", ["", "seconds", "to the import"], rows)
    for service in SERVICES:
        ratio = compared[service].median
        yield Target(
            f"cold start: {service}",
            peer=PEER,
            target=f"at most {MOST} times",
            measured=f"{ratio:.2f} times",
            met=ratio <= MOST,
        )


def _import() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", PEER], check=True)
    return time.perf_counter() - started


def _start(service: str) -> float:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **BRISK,
            "PUBSUB_EMULATOR_HOST": "127.0.0.1:1",
            "SITEBOOKIFY_EXECUTION_MODE": "worker",
            "SITEBOOKIFY_PROJECT_ID": "cold-start",
            "SITEBOOKIFY_ARTIFACT_BUCKET": "cold-start",
            "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1",
            "SITEBOOKIFY_PUSH_AUTH": "none",
            "SITEBOOKIFY_PORT": str(port),
        }
        process = Process([*SITEBOOKIFY, "serve", service], log=Path(folder) / "log", env=env)
        started = time.perf_counter()
        with process:
            while not answers(f"http://127.0.0.1:{port}/healthz"):
                assert process.running, process.output()
                time.sleep(0.01)
            return time.perf_counter() - started
