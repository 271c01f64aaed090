"""Polling, waiting and watching: cheap, current, and the same for jobs and operations."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from sitebookify.jobs import Job, JobError, JobState, Progress, ended
from sitebookify.messages import literal
from sitebookify.settings import load_settings
from support.api import RETENTION, Api
from support.memory_store import MemoryObjectStore
from support.serving import serving


class CountingStore(MemoryObjectStore):
    """Counts reads; each waits for ``gate``."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.gate = threading.Event()
        self.gate.set()

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        self.reads += 1
        assert self.gate.wait(60)
        return super().get(name, unless_generation=unless_generation)


class Clock:
    """Seconds that stand until they are moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def api() -> Api:
    return Api(store=CountingStore(), clock=Clock())


def moved(job: Job) -> Job:
    return replace(
        job.moved(JobState.RUNNING, job.create_time), progress=Progress(percent=10, message=literal("Reading"))
    )


def done(job: Job) -> Job:
    return ended(job, JobState.DONE, now=job.create_time, retention=RETENTION)


async def test_a_thousand_pollers_of_a_job_cost_one_read_a_second(api: Api) -> None:
    assert isinstance(api.store, CountingStore)
    assert isinstance(api.clock, Clock)
    job = api.add()
    async with api.client() as client:
        api.store.gate.clear()
        polls = [asyncio.create_task(client.get(f"/v1/jobs/{job.id}")) for _ in range(500)]
        polls += [asyncio.create_task(client.get(f"/v1/operations/{job.id}")) for _ in range(500)]
        while api.store.reads == 0:  # noqa: ASYNC110 - the store is asked in another thread
            await asyncio.sleep(0.01)
        api.store.gate.set()
        assert {answer.status_code for answer in await asyncio.gather(*polls)} == {200}
        assert api.store.reads == 1
        api.clock.now += 0.9
        await client.get(f"/v1/jobs/{job.id}")
        assert api.store.reads == 1
        api.clock.now += 0.2
        await client.get(f"/v1/jobs/{job.id}")
        assert api.store.reads == 2


async def test_an_unknown_job_costs_one_read_a_second_too(api: Api) -> None:
    assert isinstance(api.store, CountingStore)
    async with api.client() as client:
        for _ in range(5):
            assert (await client.get("/v1/jobs/00000000-0000-0000-0000-000000000001")).status_code == 404
    assert api.store.reads == 1


async def test_a_change_is_seen_after_a_second(api: Api) -> None:
    assert isinstance(api.clock, Clock)
    job = api.add()
    async with api.client() as client:
        await client.get(f"/v1/jobs/{job.id}")
        api.jobs.update(job.id, moved)
        api.clock.now += 1
        assert (await client.get(f"/v1/jobs/{job.id}")).json()["progressPercent"] == 10


async def test_a_store_that_comes_back_is_asked_at_once(api: Api) -> None:
    job = api.add()
    data = api.store.get(f"jobs/{job.id}.json")
    assert data is not None
    api.store.put(f"jobs/{job.id}.json", b"not json")
    async with api.client(raising=False) as client:
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 500
        api.store.put(f"jobs/{job.id}.json", data[0])
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 200


async def test_what_is_added_to_an_answer_stays_out_of_the_next() -> None:
    """A job's answer is made once for all who poll it."""
    api = Api(settings=load_settings(cors_origins="https://a.example,https://b.example"))
    job = api.add()
    async with api.client() as client:
        path = f"/v1/jobs/{job.id}"
        allowed = [
            (await client.get(path, headers={"origin": origin} if origin else {})).headers.get_list(
                "access-control-allow-origin"
            )
            for origin in ("https://a.example", "", "https://b.example")
        ]
    assert allowed == [["https://a.example"], [], ["https://b.example"]]


@pytest.mark.parametrize("kind", ["jobs", "operations"])
async def test_a_poller_that_is_current_gets_304(api: Api, kind: str) -> None:
    assert isinstance(api.clock, Clock)
    job = api.add()
    url = f"/v1/{kind}/{job.id}"
    async with api.client() as client:
        etag = (await client.get(url)).headers["etag"]
        for header in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            same = await client.get(url, headers={"if-none-match": header})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
        api.jobs.update(job.id, moved)
        api.clock.now += 1
        changed = await client.get(url, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


async def test_pollers_are_told_when_to_come_again_while_the_job_goes_on(api: Api) -> None:
    running, finished = api.add(), api.add(lambda job: done(moved(job)))
    async with api.client() as client:
        assert int((await client.get(f"/v1/jobs/{running.id}")).headers["retry-after"]) > 0
        assert "retry-after" not in (await client.get(f"/v1/jobs/{finished.id}")).headers


async def test_an_operation_of_a_done_job_has_the_job_as_response(api: Api) -> None:
    job = api.finished({"artifact.zip": b"zip", "book.md": b"# Book"})
    async with api.client() as client:
        operation = (await client.get(f"/v1/operations/{job.id}")).json()
        got = (await client.get(f"/v1/jobs/{job.id}")).json()
    assert operation["done"] is True
    assert "error" not in operation
    assert operation["response"] == {"@type": "type.googleapis.com/sitebookify.v1.Job", **got}
    assert got["artifactUri"].endswith("artifact.zip")
    assert {"name": "artifact.zip", "contentType": "application/zip", "sizeBytes": "3"} in got["artifacts"]


@pytest.mark.parametrize(
    ("end", "code", "reason"),
    [
        (lambda job: ended(job, JobState.CANCELLED, now=job.create_time, retention=RETENTION), 1, "JOB_CANCELLED"),
        (
            lambda job: ended(
                job,
                JobState.ERROR,
                now=job.create_time,
                retention=RETENTION,
                error=JobError(message=literal("robots.txt refuses"), reason="ROBOTS_REFUSED"),
            ),
            9,
            "ROBOTS_REFUSED",
        ),
    ],
)
async def test_an_operation_without_a_book_has_an_error(api: Api, end: Any, code: int, reason: str) -> None:
    job = api.add(end)
    async with api.client() as client:
        operation = (await client.get(f"/v1/operations/{job.id}")).json()
    assert operation["done"] is True
    assert "response" not in operation
    assert operation["error"]["code"] == code
    assert operation["error"]["details"][0]["reason"] == reason


async def test_waiting_ends_with_the_operation_or_with_the_time() -> None:
    api = Api()
    job = api.add()
    async with api.client() as client:
        early = await client.post(f"/v1/operations/{job.id}:wait", json={"timeout": "0.05s"})
        waiting = asyncio.create_task(client.post(f"/v1/operations/{job.id}:wait", json={"timeout": "30s"}))
        await asyncio.sleep(0.05)
        api.jobs.update(job.id, lambda job: done(moved(job)))
        late = await waiting
    assert early.json()["done"] is False
    assert late.json()["done"] is True


async def test_nobody_waits_longer_than_a_minute_whatever_is_asked_for() -> None:
    """AIP-151: the server takes what the client asks for as a wish."""
    ticks = itertools.count(0, 25)
    api = Api(clock=lambda: float(next(ticks)))
    job = api.add()
    async with api.client() as client:
        answer = await client.post(f"/v1/operations/{job.id}:wait", json={"timeout": "86400s"})
    assert (answer.status_code, answer.json()["done"]) == (200, False)


async def test_an_operation_that_is_done_can_be_deleted_and_no_other() -> None:
    api = Api()
    running, over = api.add(), api.finished({"book.md": b"#"})
    async with api.client() as client:
        refused = await client.delete(f"/v1/operations/{running.id}")
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")
        assert (await client.delete(f"/v1/operations/{over.id}")).json() == {}
        assert (await client.get(f"/v1/jobs/{over.id}")).status_code == 404
        assert (await client.get(f"/v1/jobs/{running.id}")).status_code == 200


async def test_an_operation_can_be_cancelled(api: Api) -> None:
    job = api.add()
    async with api.client() as client:
        assert (await client.post(f"/v1/operations/{job.id}:cancel")).json() == {}
        assert (await client.get(f"/v1/operations/{job.id}")).json()["error"]["code"] == 1


def events(text: str) -> list[dict[str, str]]:
    """The events of a stream, as dicts of their fields."""
    blocks = [block.splitlines() for block in text.split("\n\n")]
    parsed = [dict(line.split(": ", 1) for line in block if not line.startswith(":")) for block in blocks]
    return [event for event in parsed if "event" in event]


async def test_a_watcher_sees_every_change_until_the_end() -> None:
    api = Api()
    job = api.add()
    with serving(api.app) as url:
        async with httpx2.AsyncClient(base_url=url) as client:
            text = ""
            async with client.stream("GET", f"/v1/jobs/{job.id}:watch") as response:
                assert response.headers["content-type"].startswith("text/event-stream")
                async for chunk in response.aiter_text():
                    text += chunk
                    states = [json.loads(event["data"])["state"] for event in events(text)]
                    if states[-1:] == ["STATE_QUEUED"]:
                        api.jobs.update(job.id, moved)
                    elif states[-1:] == ["STATE_RUNNING"]:
                        api.jobs.update(job.id, done)
    assert states == ["STATE_QUEUED", "STATE_RUNNING", "STATE_DONE"]


async def test_a_watcher_that_comes_back_is_sent_only_what_it_has_not_seen(api: Api) -> None:
    job = api.finished({})
    url = f"/v1/jobs/{job.id}:watch"
    async with api.client() as client:
        (event,) = events((await client.get(url)).text)
        again = await client.get(url, headers={"last-event-id": event["id"]})
        stale = await client.get(url, headers={"last-event-id": "0"})
    assert json.loads(event["data"])["state"] == "STATE_DONE"
    assert again.status_code == 204
    assert len(events(stale.text)) == 1


async def test_the_stream_of_a_job_that_is_deleted_ends_with_that() -> None:
    api = Api()
    job = api.add()
    text = ""
    with serving(api.app) as url:
        async with (
            httpx2.AsyncClient(base_url=url) as client,
            client.stream("GET", f"/v1/jobs/{job.id}:watch") as response,
        ):
            async for chunk in response.aiter_text():
                text += chunk
                if [event["event"] for event in events(text)] == ["job"]:
                    await client.delete(f"/v1/jobs/{job.id}")
    assert [event["event"] for event in events(text)] == ["job", "deleted"]


async def test_a_stream_ends_before_cloud_run_would_end_it_as_an_error() -> None:
    """The client comes back by itself: `retry` says when."""
    clock = Clock()
    api = Api(clock=clock)
    job = api.add()
    text = ""
    with serving(api.app) as url:
        async with (
            httpx2.AsyncClient(base_url=url) as client,
            client.stream("GET", f"/v1/jobs/{job.id}:watch") as response,
        ):
            async for chunk in response.aiter_text():
                text += chunk
                clock.now += 100
                assert clock.now < 1000
    assert text.startswith("retry: ")
    assert [json.loads(event["data"])["state"] for event in events(text)] == ["STATE_QUEUED"]
