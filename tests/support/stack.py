"""The whole pipeline as processes on the Pub/Sub emulator: API, workers behind a balancer, dead-letter handler."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, cast

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from support.commands import Command
from support.emulator import Emulator
from support.processes import PATIENCE, Process, answers, eventually, free_port

TOKEN = "token-of-the-internal-routes"
BRISK = {
    "SITEBOOKIFY_LEASE_SECONDS": "2",
    "SITEBOOKIFY_HEARTBEAT_SECONDS": "0.5",
    "SITEBOOKIFY_CHECKPOINT_SECONDS": "0.3",
    "SITEBOOKIFY_GRACE_SECONDS": "4",
    "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "4",
    "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "30",  # until then a busy machine has done what no stage pauses in
    "SITEBOOKIFY_MIN_BACKOFF_SECONDS": "3",
    "SITEBOOKIFY_MAX_BACKOFF_SECONDS": "6",
    "SITEBOOKIFY_RECONCILE_SECONDS": "3",
}
"""The protocol's times, short enough for a test and in the same order as the defaults."""
UNHURRIED = {
    "SITEBOOKIFY_GRACE_SECONDS": "60",
    "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "300",
    "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600",
}
"""Times that no slice of a test reaches, also on a busy machine: what ends one, or repeats a delivery, is the test."""


class Balancer:
    """A TCP front that leads each connection to the next of several ports that accepts it, as Cloud Run would."""

    def __init__(self, ports: list[int]) -> None:
        self.port = free_port()
        self._ports = itertools.cycle(ports)
        self._tries = len(ports)
        self._leading: set[asyncio.Task[object]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server

    def __enter__(self) -> Self:
        self._thread.start()
        start = asyncio.start_server(self._lead, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        """Accept nothing more, lead what was accepted, and end that: cancelled before, a socket would stay open."""
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        own = {cast("asyncio.Task[object]", asyncio.current_task())}
        while rest := asyncio.all_tasks() - own:
            while self._leading:
                self._leading.pop().cancel()
            await asyncio.wait(rest, timeout=0.05)
        self._server.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Cancelled at the end: what asyncio's own callback on this task would log as an error.
        with contextlib.suppress(asyncio.CancelledError):
            async with _closing(writer):
                await self._lead_to_one(reader, writer)

    async def _lead_to_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(self._tries):
            with contextlib.suppress(OSError):
                back_reader, back_writer = await asyncio.open_connection("127.0.0.1", next(self._ports))
                async with _closing(back_writer), self._cancelled_at_the_end():
                    ways = [_copy(reader, back_writer), _copy(back_reader, writer)]
                    # A server that closes closes both ways; half a connection would swallow the next request.
                    await asyncio.wait(map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED)
                return

    @contextlib.asynccontextmanager
    async def _cancelled_at_the_end(self) -> AsyncIterator[None]:
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._leading.add(task)
        try:
            yield
        finally:
            self._leading.discard(task)


@contextlib.asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


class Stack:
    """The three services on one emulator, one project and one object store.

    ``env`` adds to the services' environment and wins over the brisk times; where it names another object store than
    the local directory, ``store`` is the same one for the test's own eyes.
    """

    def __init__(
        self,
        folder: Path,
        emulator: Emulator,
        *,
        workers: int = 1,
        env: Mapping[str, str] | None = None,
        store: ObjectStore | None = None,
    ) -> None:
        self.folder = folder
        self.emulator = emulator
        self.store = store or LocalObjectStore(folder / "data")
        ports = [free_port() for _ in range(workers)]
        self.balancer = Balancer(ports)
        self.api_port, dead_port = free_port(), free_port()
        self.deadletter_url = f"http://127.0.0.1:{dead_port}"
        self.env = {
            **BRISK,
            "PUBSUB_EMULATOR_HOST": emulator.address,
            "SITEBOOKIFY_EXECUTION_MODE": "worker",
            "SITEBOOKIFY_PROJECT_ID": f"test-{uuid.uuid4().hex[:12]}",
            "SITEBOOKIFY_DATA_DIR": str(folder / "data"),
            "SITEBOOKIFY_WORKER_URL": f"http://127.0.0.1:{self.balancer.port}",
            "SITEBOOKIFY_DEADLETTER_URL": self.deadletter_url,
            "SITEBOOKIFY_PUSH_AUTH": "none",
            "SITEBOOKIFY_INTERNAL_TOKEN": TOKEN,
            "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true",
            "SITEBOOKIFY_SERVER_PRIVATE": "true",
            **(env or {}),
        }
        self.api = self._service("api", self.api_port)
        self.deadletter = self._service("deadletter", dead_port)
        self.workers = [self._service("worker", port, n) for n, port in enumerate(ports)]
        self._ports = {id(self.api): self.api_port, id(self.deadletter): dead_port}
        self._ports |= {id(worker): port for worker, port in zip(self.workers, ports, strict=True)}

    @property
    def processes(self) -> list[Process]:
        return [self.api, self.deadletter, *self.workers]

    @property
    def jobs(self) -> JobRepository:
        """The records, read past the API."""
        return JobRepository(self.store)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.balancer.__enter__()
        try:
            self.provision()
            for process in self.processes:
                process.start()
            for process in self.processes:
                self.await_ready(process)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            if process.running:
                process.kill()
        self.balancer.__exit__()

    def await_ready(self, process: Process) -> None:
        """Return once the process answers requests."""
        port = self._ports[id(process)]
        process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))

    def provision(self) -> None:
        """Make topics and subscriptions."""
        with Command("provision", log=self.folder / "provision.log", env=self.env) as provision:
            assert provision.wait() == 0, provision.output()

    def create(self, url: str, **spec: Any) -> str:
        """Create a job through the API; its id."""
        answer = self.request("POST", "/v1/jobs", {"spec": {"sourceUrl": url, "requestDelay": "0s", **spec}})
        return str(answer["metadata"]["job"]).removeprefix("jobs/")

    def job(self, job_id: str) -> dict[str, Any]:
        """The job as the API shows it."""
        return self.request("GET", f"/v1/jobs/{job_id}")

    def wait(self, job_id: str, *, within: float = PATIENCE) -> dict[str, Any]:
        """The job once it has ended."""

        def ended() -> dict[str, Any] | None:
            job = self.job(job_id)
            return None if job["state"] in {"STATE_QUEUED", "STATE_RUNNING"} else job

        found: dict[str, Any] = eventually(ended, within=within, what=f"the end of {job_id}")
        return found

    def push(self, worker: Process, job_id: str, step: int) -> None:
        """Deliver a message to a worker of one's choice; returns once it is answered, and minds no answer."""
        data = base64.b64encode(json.dumps({"job_id": job_id, "step": step}).encode()).decode()
        body = json.dumps({"message": {"data": data, "messageId": "1"}, "subscription": "s"}).encode()
        url = f"http://127.0.0.1:{self._ports[id(worker)]}/pubsub/push"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, data=body, timeout=PATIENCE) as answer:
            answer.read()

    def reconcile(self) -> None:
        """One round of the reconciler, as Cloud Scheduler would ask for."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        request = urllib.request.Request(f"{self.deadletter_url}/internal/reconcile", method="POST", headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer.read()

    def request(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A JSON request to the API.

        Raises:
            urllib.error.HTTPError: the answer was no success.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.api_port}{path}"
        with urllib.request.urlopen(
            urllib.request.Request(url, data=data, method=method, headers=headers), timeout=PATIENCE
        ) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def download(self, path: str) -> bytes:
        """A file from the API."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}{path}", timeout=PATIENCE) as answer:
            content: bytes = answer.read()
            return content

    def records(self, job_id: str) -> Iterator[dict[str, Any]]:
        """Log records of all services that carry the job's id."""
        for process in self.processes:
            for record in process.records():
                if record.get("logging.googleapis.com/labels", {}).get("job_id") == job_id:
                    yield record

    def _service(self, name: str, port: int, number: int = 0) -> Process:
        log = self.folder / f"{name}-{number}.log"
        return Command("serve", name, log=log, env={**self.env, "SITEBOOKIFY_PORT": str(port)})
