"""What polling costs: a thousand pollers while a job runs.

The API with in-process execution on the site of rust-doc (Debian package), behind uvicorn as ``sitebookify serve api``
sets it up. The pollers ask GetJob once a second each while a job runs; statuses, latencies and store reads are counted.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.kit.parts import Cell, Part, Sample, Table, ratios
from bench.kit.sites import RUST, serving
from bench.kit.trees import cpu
from support.processes import Process, answers, free_port

_CONNECTIONS = 16
_ROUNDS = 20


@dataclass
class Tally:
    """What came back: statuses and latencies in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return 1000 * sorted(self.latencies)[int(share * (len(self.latencies) - 1))]


class Asker(asyncio.Protocol):
    """A connection that asks the same again and again; as small as it can be, to leave the CPU to the server."""

    def __init__(self, request: bytes, tally: Tally, pause: Callable[[], float] | None) -> None:
        self._request = request
        self._tally = tally
        self._pause = pause
        self._buffer = b""
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        self._buffer = b""
        self._tally.statuses[int(head[9:12])] += 1
        self._tally.latencies.append(time.perf_counter() - self._sent)
        if self._pause is None:
            self._ask()
        else:
            asyncio.get_running_loop().call_later(self._pause(), self._ask)

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def _ask(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._sent = time.perf_counter()
            self._transport.write(self._request)


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(b"content-length: ")
    return 0 if start < 0 else int(lower[start + 16 :].partition(b"\r")[0])


@dataclass(frozen=True)
class Turn:
    """A route under full load: requests a second, and the server's CPU time for one in microseconds."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """The API under test."""

    port: int
    pid: int

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return json.loads(response.read())

    def create(self, spec: Mapping[str, Any]) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/jobs",
            json.dumps({"spec": spec}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return str(json.loads(response.read())["metadata"]["job"])

    def post(self, path: str) -> None:
        """A request without a body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method="POST")
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()

    def etag(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return str(response.headers["etag"])

    async def load(self, path: str, seconds: float, connections: int, **options: Any) -> Tally:
        """Ask over so many connections for so long."""
        tally = Tally()
        header = f"If-None-Match: {options['etag']}\r\n" if "etag" in options else ""
        request = f"GET {path} HTTP/1.1\r\nHost: bench\r\n{header}\r\n".encode()
        loop = asyncio.get_running_loop()
        askers = []
        for _ in range(connections):
            _, asker = await loop.create_connection(
                lambda: Asker(request, tally, options.get("pause")), "127.0.0.1", self.port
            )
            askers.append(asker)
        await asyncio.sleep(seconds)
        for asker in askers:
            asker.close()
        return tally


async def throughput(server: Server, job: str, seconds: float) -> Table:
    """Requests a second and the server's CPU time of each route, in turns: medians of the turns and of their ratios."""
    path = f"/v1/{job}"
    options = {"bare Starlette route": {}, "GetJob": {}, "GetJob, 304": {"etag": server.etag(path)}}
    turn = seconds / _ROUNDS / len(options)
    turns: dict[str, list[Turn]] = {name: [] for name in options}
    for _ in range(_ROUNDS):
        for name, extra in options.items():
            used = cpu(server.pid)
            tally = await server.load("/bare" if name.startswith("bare") else path, turn, _CONNECTIONS, **extra)
            count = tally.statuses.total()
            turns[name].append(Turn(rate=count / turn, cpu=1e6 * (cpu(server.pid) - used) / count))
    bare = turns["bare Starlette route"]
    rows: list[list[Cell]] = []
    for name, own in turns.items():
        row: list[Cell] = [name]
        for key in ("rate", "cpu"):
            values, peers = ([getattr(one, key) for one in both] for both in (own, bare))
            row += [Sample(values, digits=0), ratios(values, peers)]
        rows.append(row)
    columns = ["route", "requests a second", "to the bare route", "CPU µs a request", "to the bare route"]
    return Table("throughput", columns, rows)


async def pollers(server: Server, site: str, seconds: float, count: int) -> Table:
    """Statuses, latencies and store reads while the pollers ask for a job that runs."""
    job = server.create({"sourceUrl": site, "maxPages": 2000, "requestDelay": "0.01s", "concurrency": 2})
    before = server.get("/reads")
    tally = await server.load(f"/v1/{job}", seconds, count, pause=lambda: 1.0)
    after = server.get("/reads")
    state = server.get(f"/v1/{job}")
    columns = ["pollers", "seconds", "requests", "statuses", "p50 ms", "p99 ms", "store reads a second", "job"]
    statuses = ", ".join(f"{status}: {number}" for status, number in sorted(tally.statuses.items()))
    row: list[Cell] = [count, round(seconds), tally.statuses.total(), statuses]
    row += [Sample([tally.percentile(share)], digits=1) for share in (0.5, 0.99)]
    row += [Sample([(after["reads"] - before["reads"]) / seconds], digits=2)]
    row += [f"{state['state']}, {state['progress']['pagesFetched']} pages"]
    return Table("pollers while a job runs", columns, [row])


@contextmanager
def serving_api(folder: Path) -> Iterator[Server]:
    """The API with the routes beside it, in a process of its own."""
    port = free_port()
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": f"{folder}/data",
        "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    with Process([sys.executable, "-m", "bench.kit.polled_api"], log=folder / "api.log", env=env) as process:
        process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        yield Server(port, process.pid)


def measure(*, seconds: float = 60.0, count: int = 1000) -> Iterator[Part]:
    """The pollers."""
    with tempfile.TemporaryDirectory() as folder, serving(*RUST) as site, serving_api(Path(folder)) as server:
        yield asyncio.run(pollers(server, site + "/book/", seconds, count))
