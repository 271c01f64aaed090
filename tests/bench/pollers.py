"""What polling costs: GetJob beside a bare Starlette route, and a thousand pollers while a job runs.

``python -m bench.pollers [SECONDS [POLLERS]]`` (60 and 1,000) starts the API with in-process execution on the site of
rust-doc (Debian package), behind uvicorn as ``sitebookify serve api`` sets it up, and

1. asks GetJob, GetJob with ``If-None-Match`` and a bare route that answers the same bytes as Starlette does it, in the
   same process, in turns of a few seconds, over 16 connections that ask as fast as they are answered;
2. lets the pollers ask GetJob once a second each while a job runs, and counts statuses, latencies and store reads.

Prints Markdown tables.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.outside import need_path
from support.processes import Process, answers, free_port
from support.site import Site

SECONDS, POLLERS = 60, 1000
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

    def cpu(self) -> float:
        """Seconds of CPU the process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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


async def throughput(server: Server, job: str, seconds: float) -> None:
    """Requests a second and the server's CPU time of each route, in turns: medians of the turns and of their ratios."""
    path = f"/v1/{job}"
    options = {"bare Starlette route": {}, "GetJob": {}, "GetJob, 304": {"etag": server.etag(path)}}
    turn = seconds / _ROUNDS / len(options)
    turns: dict[str, list[Turn]] = {name: [] for name in options}
    for _ in range(_ROUNDS):
        for name, extra in options.items():
            cpu = server.cpu()
            tally = await server.load("/bare" if name.startswith("bare") else path, turn, _CONNECTIONS, **extra)
            count = tally.statuses.total()
            turns[name].append(Turn(rate=count / turn, cpu=1e6 * (server.cpu() - cpu) / count))
    bare = turns["bare Starlette route"]
    print("| route | requests a second | spread | to the bare route | CPU us a request | to the bare route |")
    print("|---|---|---|---|---|---|")
    for name, own in turns.items():
        rate, cpu = (statistics.median(getattr(one, key) for one in own) for key in ("rate", "cpu"))
        faster = statistics.median(one.rate / other.rate for one, other in zip(own, bare, strict=True))
        dearer = statistics.median(one.cpu / other.cpu for one, other in zip(own, bare, strict=True))
        spread = f"{min(one.rate for one in own):.0f}-{max(one.rate for one in own):.0f}"
        print(f"| {name} | {rate:.0f} | {spread} | {faster:.2f} | {cpu:.0f} | {dearer:.2f} |")


async def pollers(server: Server, site: str, seconds: float, count: int) -> None:
    """Statuses, latencies and store reads while the pollers ask, first with no job running, then with one."""
    job = server.create({"sourceUrl": site, "maxPages": 2000, "requestDelay": "0.01s", "concurrency": 2})
    before = server.get("/reads")
    tally = await server.load(f"/v1/{job}", seconds, count, pause=lambda: 1.0)
    after = server.get("/reads")
    state = server.get(f"/v1/{job}")
    print("\n| pollers | seconds | requests | statuses | p50 ms | p99 ms | store reads a second | job |")
    print("|---|---|---|---|---|---|---|---|")
    reads = (after["reads"] - before["reads"]) / seconds
    statuses = ", ".join(f"{status}: {number}" for status, number in sorted(tally.statuses.items()))
    print(
        f"| {count} | {seconds:.0f} | {tally.statuses.total()} | {statuses} | {tally.percentile(0.5):.1f} "
        f"| {tally.percentile(0.99):.1f} | {reads:.2f} | {state['state']}, {state['progress']['pagesFetched']} pages |"
    )


def main() -> None:
    """Measure and print."""
    seconds, count = [*map(int, sys.argv[1:]), *(SECONDS, POLLERS)[len(sys.argv) - 1 :]]
    root = need_path("/usr/share/doc/rust-doc/html", "rust-doc")
    with tempfile.TemporaryDirectory() as folder, Site(root) as site:
        port = free_port()
        env = {
            "SITEBOOKIFY_PORT": str(port),
            "SITEBOOKIFY_DATA_DIR": f"{folder}/data",
            "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        command = [sys.executable, "-m", "bench.pollers_server"]
        with Process(command, log=Path(folder) / "api.log", env=env) as process:
            process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            server = Server(port, process.pid)
            job = server.create({"sourceUrl": site.url("/does-not-exist.html")})
            while not server.get(f"/v1/operations/{job.removeprefix('jobs/')}")["done"]:
                time.sleep(0.5)
            asyncio.run(throughput(server, job, seconds))
            asyncio.run(pollers(server, site.url("/book/"), seconds, count))


if __name__ == "__main__":
    main()
