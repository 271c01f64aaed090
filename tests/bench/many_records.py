"""What a store of very many job records costs those who look at it: an order, a page of the list, the reconciler.

Two stores: the local directory, and one in memory whose every call takes 25 ms and lists 1,000 objects, as Cloud
Storage's do. Of the records all but 200 have ended; those of a store are copies of one, under ids and times of their
own, spread over thirty days. "All records" is what an earlier version did: it listed them all.
"""

from __future__ import annotations

import asyncio
import bisect
import itertools
import json
import logging
import resource
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import httpx2
import structlog

from bench.kit.parts import Cell, Part, Table, say
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.egress import Egress
from sitebookify.job_index import Scan, entry_name
from sitebookify.job_summary import metadata_of, metadata_of_ended
from sitebookify.jobs import Dispatch, JobState, ended, new_job
from sitebookify.ports import ObjectInfo, ObjectStore
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.settings import load_settings
from sitebookify.spec import JobSpec
from sitebookify_api.app import Dependencies, create_app
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore

CALL = 0.025
PAGE = 1000
ACTIVE = 200
DAYS = timedelta(days=30)
OBJECTS = {"now": 6, "an earlier version's": 365}
"""Of a book that is done."""
EXPIRED = 2000
_MOST_READ = 100_000
"""Records that are all read, for what takes time by their number; a million takes a quarter of an hour and more."""


class SlowStore(MemoryObjectStore):
    """Every call takes as long as one to Cloud Storage, once it is ``slow``."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self._names: list[str] = []

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        self._call()
        return super().get(name, unless_generation=unless_generation)

    def stat(self, name: str) -> ObjectInfo:
        self._call()
        return super().stat(name)

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        self._call()
        if name not in self._objects:
            bisect.insort(self._names, name)
        return super().put(name, data, if_generation=if_generation, content_type=content_type, metadata=metadata)

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        self._call()
        return super().open_read(name, offset=offset, length=length)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        after = start_after
        while True:
            self._call()
            first = bisect.bisect_right(self._names, after) if after else bisect.bisect_left(self._names, prefix)
            names = [name for name in self._names[first : first + PAGE] if name.startswith(prefix)]
            yield from (self._objects[name][1] for name in names if name in self._objects)
            if len(names) < PAGE:
                return
            after = names[-1]

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        self._call()
        super().delete(name, if_generation=if_generation)
        place = bisect.bisect_left(self._names, name)
        if name not in self._objects and place < len(self._names) and self._names[place] == name:
            del self._names[place]

    def fill(self, infos: Iterator[tuple[str, bytes, dict[str, str]]]) -> None:
        """Many objects at once, in no time."""
        for name, data, metadata in infos:
            self._objects[name] = (
                data,
                ObjectInfo(
                    name=name,
                    generation=next(self._generations),
                    size=len(data),
                    updated=self._clock(),
                    content_type="application/json",
                    metadata=metadata,
                ),
            )
        self._names = sorted(self._objects)

    def _call(self) -> None:
        if self.slow:
            time.sleep(CALL)  # what a bucket takes for a call


def measure(*, records: str = "1000,100000,1000000", local: str = "1000,100000", rounds: int = 100) -> Iterator[Part]:
    """Both stores at each number of records, then how fast books go that have expired."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows: list[list[Cell]] = []
    for number in map(int, local.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            store = LocalObjectStore(Path(folder))
            for name, data, metadata in _objects(number):
                store.put(name, data, metadata=metadata)
            rows.append(["local", number, *_measured(store, number, rounds)])
    for number in map(int, records.split(",")):
        slow = SlowStore()
        slow.fill(_objects(number))
        slow.slow = True
        rows.append(["25 ms a call", number, *_measured(slow, number, rounds)])
    columns = ["store", "records", "POST p50, ms", "p99", "page p50, ms", "p99", "page of all records, ms"]
    columns += [
        "filtered page p99, ms",
        "operator's page, ms",
        "reconciler's round, s",
        "round over all records, s",
        "memory of both, MiB",
    ]
    yield Table("looking at many records", columns, rows)
    expiry: list[list[Cell]] = [[name, objects, round(_expired_per_hour(objects))] for name, objects in OBJECTS.items()]
    yield Table("books that have expired, 25 ms a call", ["layout", "objects a book", "removed an hour"], expiry)


def _objects(number: int) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Names, contents and metadata of so many records and what is in the indexes of them."""
    now = datetime.now(UTC)
    for place in range(number):
        created = now - DAYS * (place / number)
        job_id = str(UUID(int=place * 2**127 // number, version=4))
        job = new_job(JobSpec(source_url="https://docs.example.com/guide/"), now=created, job_id=job_id)
        if place < ACTIVE:
            job = replace(job, dispatch=Dispatch(step=0, sent=True, at=now))
            yield f"active/{job.id}", b"", {}
        else:
            job = ended(job.moved(JobState.RUNNING, created), JobState.DONE, now=created, retention=2 * DAYS)
        yield f"jobs/{job.id}.json", json.dumps(job.to_json()).encode(), metadata_of(job)
        yield entry_name(job.id, created), b"", metadata_of_ended(job) if job.state.terminal else {}


def _measured(store: ObjectStore, number: int, rounds: int) -> list[Cell]:
    jobs = JobRepository(store)
    jobs.index.keep(_scanned(jobs))
    posts, pages, filtered, status = asyncio.run(_served(store, rounds))
    say("served")
    usual, _ = _round(store, _scanned(jobs))
    if number > _MOST_READ:
        figures: list[Cell] = [*(round(1000 * value) for value in (*posts, *pages)), "-", round(1000 * filtered)]
        return [*figures, round(1000 * status), round(usual, 2), "-", "-"]
    whole, memory = _round(store, Scan(complete=True))
    jobs.index.keep(Scan())
    before = asyncio.run(_pages(store, 1))
    return [
        *(round(1000 * value) for value in (*posts, *pages, before, filtered, status)),
        round(usual, 2),
        round(whole, 1),
        round(memory),
    ]


def _scanned(jobs: JobRepository) -> Scan:
    """A scan that is over, and not due again for a day."""
    return Scan(complete=True, ended=jobs.now(), seen=10**9)


async def _served(store: ObjectStore, rounds: int) -> tuple[tuple[float, float], tuple[float, float], float, float]:
    async with _client(store) as client:
        body = {"spec": {"sourceUrl": "https://docs.example.com/"}}
        await client.post("/v1/jobs", json=body)
        posts = await _times(lambda: client.post("/v1/jobs", json=body), rounds)
        pages = await _times(lambda: client.get("/v1/jobs"), rounds)
        query = {"filter": "state = STATE_DONE", "pageSize": "50"}
        chosen = await _times(lambda: client.get("/v1/jobs", params=query), rounds)
        status = await _times(lambda: client.get("/status/figures"), 3)
    times = (_share(posts, 0.5), _share(posts, 0.99)), (_share(pages, 0.5), _share(pages, 0.99))
    return *times, _share(chosen, 0.99), max(status)


async def _pages(store: ObjectStore, rounds: int) -> float:
    async with _client(store) as client:
        return max(await _times(lambda: client.get("/v1/jobs"), rounds))


def _client(store: ObjectStore) -> httpx2.AsyncClient:
    jobs = JobRepository(store)
    settings = load_settings(server_private=True, max_active_jobs=100_000, max_active_jobs_per_client=100_000)
    commands = JobCommands(jobs=jobs, store=store, dispatcher=RecordingDispatcher(), retention=DAYS)
    app = create_app(Dependencies(settings=settings, jobs=jobs, commands=commands, store=store))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost", timeout=600)


async def _times(ask: Callable[[], Coroutine[Any, Any, Any]], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        answer = await ask()
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.text
    return sorted(times)


def _share(times: list[float], share: float) -> float:
    return times[int(share * (len(times) - 1))]


def _round(store: ObjectStore, scan: Scan) -> tuple[float, float]:
    """Seconds of a round, or of as many as a scan takes, and by how many MiB the process has grown."""
    jobs = JobRepository(store)
    jobs.index.keep(scan)
    reconciler = _reconciler(store)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    asyncio.run(reconciler.run())
    while jobs.index.scan().after:
        asyncio.run(reconciler.run())
    seconds = time.perf_counter() - begun
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def _reconciler(store: ObjectStore) -> Reconciler:
    jobs = JobRepository(store)
    return Reconciler(
        jobs=jobs,
        store=store,
        dispatcher=RecordingDispatcher(),
        webhooks=WebhookSender(jobs=jobs, egress=Egress(allow_private=False, user_agent="bench"), secrets=()),
        unsent=timedelta(minutes=1),
        silence=timedelta(minutes=20),
        retention=DAYS,
    )


def _expired_per_hour(objects: int) -> float:
    store = SlowStore()
    long_ago = datetime.now(UTC) - 2 * DAYS
    spec = JobSpec(source_url="https://example.com/")
    books = [
        ended(new_job(spec, now=long_ago), JobState.CANCELLED, now=long_ago, retention=DAYS) for _ in range(EXPIRED)
    ]
    records = ((f"jobs/{job.id}.json", json.dumps(job.to_json()).encode(), metadata_of(job)) for job in books)
    nothing: dict[str, str] = {}
    data = ((f"{data_prefix(job.id)}{number}", b"", nothing) for job in books for number in range(objects))
    store.fill(itertools.chain(records, data))
    store.slow = True
    begun = time.perf_counter()
    removed = asyncio.run(_reconciler(store).run()).deleted
    return removed / (time.perf_counter() - begun) * 3600
