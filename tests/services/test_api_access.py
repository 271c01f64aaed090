"""Who is let in, how much may be under way, and what browsers are told."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from sitebookify.jobs import JobState
from sitebookify.ports import ObjectInfo
from sitebookify.settings import load_settings
from support.api import SPEC, Api
from support.memory_store import MemoryObjectStore

KEYS = ",".join(f"{name}:{hashlib.sha256(key.encode()).hexdigest()}" for name, key in (("ann", "A" * 43), ("bob", "B")))
PATHS = ["/v1/jobs", "/v1/operations", "/v1/jobs/{id}", "/v1/operations/{id}", "/artifacts/{id}", "/jobs/{id}/book.md"]


@pytest.fixture
def keyed() -> Api:
    return Api(settings=load_settings(api_keys=KEYS))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}, {"authorization": "Basic " + "A" * 43}],
)
async def test_without_a_right_key_nothing_is_answered(keyed: Api, path: str, headers: dict[str, str]) -> None:
    job = keyed.finished({"book.md": b"# Book", "artifact.zip": b"zip"})
    async with keyed.client(headers=headers) as client:
        response = await client.get(path.format(id=job.id))
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{"x-api-key": "B"}, {"authorization": "bearer " + "A" * 43}])
async def test_every_configured_key_is_good_in_either_header(keyed: Api, path: str, headers: dict[str, str]) -> None:
    job = keyed.finished({"book.md": b"# Book", "artifact.zip": b"zip"})
    async with keyed.client(headers=headers) as client:
        assert (await client.get(path.format(id=job.id))).status_code == 200


async def test_health_and_documents_need_no_key(keyed: Api) -> None:
    async with keyed.client() as client:
        for path in ("/healthz", "/openapi.json", "/docs"):
            assert (await client.get(path)).status_code == 200


async def test_the_same_request_id_of_two_keys_makes_two_jobs(keyed: Api) -> None:
    names = set()
    for key in ("A" * 43, "B"):
        async with keyed.client(headers={"x-api-key": key}) as client:
            names.add((await client.post("/v1/jobs?requestId=1", json={"spec": SPEC})).json()["name"])
    assert len(names) == 2


async def test_without_keys_a_job_is_found_by_its_id_and_listing_is_off() -> None:
    api = Api(settings=load_settings())
    job = api.add()
    async with api.client() as client:
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 200
        for path in ("/v1/jobs", "/v1/operations"):
            assert (await client.get(path)).status_code == 403


async def test_a_finished_job_makes_room_for_another() -> None:
    clock = Clock()
    api = Api(settings=load_settings(max_active_jobs_per_client=2), clock=clock)
    async with api.client() as client:
        jobs = [(await client.post("/v1/jobs", json={"spec": SPEC})).json() for _ in range(2)]
        assert (await client.post("/v1/jobs", json={"spec": SPEC})).status_code == 429
        await client.post(f"/v1/{jobs[0]['metadata']['job']}:cancel")
        clock.now += 2
        assert (await client.post("/v1/jobs", json={"spec": SPEC})).status_code == 200


class SlowListing(MemoryObjectStore):
    """Its listing does not end before ``go_on`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.go_on.set()

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        assert self.go_on.wait(60)
        return super().list(prefix, start_after=start_after)


async def test_an_order_does_not_wait_for_the_listing_of_all_jobs() -> None:
    """Of a million records it takes minutes. What it counts is known later."""
    clock, store = Clock(), SlowListing()
    api = Api(store=store, settings=load_settings(max_active_jobs=3), clock=clock)
    async with api.client() as client:
        assert (await client.post("/v1/jobs", json={"spec": SPEC})).status_code == 200
        store.go_on.clear()
        try:
            api.add()
            clock.now += 6
            assert (await client.post("/v1/jobs", json={"spec": SPEC})).status_code == 200
        finally:
            store.go_on.set()
        await asyncio.sleep(0.1)
        assert (await client.post("/v1/jobs", json={"spec": SPEC})).status_code == 429


async def test_clients_are_counted_apart_behind_trusted_proxies() -> None:
    api = Api(settings=load_settings(max_active_jobs_per_client=1, proxy_hops=1))
    statuses = []
    async with api.client() as client:
        for hops in ("1.1.1.1", "2.2.2.2", "3.3.3.3, 1.1.1.1"):
            headers = {"x-forwarded-for": hops}
            statuses.append((await client.post("/v1/jobs", json={"spec": SPEC}, headers=headers)).status_code)
    assert statuses == [200, 200, 429]


async def test_many_at_once_get_no_more_than_the_limit() -> None:
    api = Api(settings=load_settings(max_active_jobs_per_client=5))
    async with api.client() as client:
        answers = await asyncio.gather(*(client.post("/v1/jobs", json={"spec": SPEC}) for _ in range(30)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 25
    assert len(api.dispatcher.sent) == 5


async def test_two_hundred_creates_with_one_request_id_make_one_job() -> None:
    api = Api()
    request_id = str(uuid.uuid4())
    async with api.client() as client:
        posts = (client.post(f"/v1/jobs?requestId={request_id}", json={"spec": SPEC}) for _ in range(200))
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["name"] for answer in answers}) == 1
    assert len(list(api.jobs.list())) == 1
    assert len(api.dispatcher.sent) == 1


async def test_a_request_id_with_another_job_is_a_conflict() -> None:
    api = Api()
    async with api.client() as client:
        await client.post("/v1/jobs?requestId=r", json={"spec": SPEC})
        answer = await client.post("/v1/jobs?requestId=r", json={"spec": {**SPEC, "maxPages": 3}})
    assert answer.status_code == 409


async def test_a_client_at_its_limit_may_repeat_its_last_request() -> None:
    api = Api(settings=load_settings(max_active_jobs_per_client=1))
    async with api.client() as client:
        first = await client.post("/v1/jobs?requestId=r", json={"spec": SPEC})
        again = await client.post("/v1/jobs?requestId=r", json={"spec": SPEC})
    assert again.json()["name"] == first.json()["name"]


async def test_a_client_at_its_limit_may_repeat_a_request_that_is_not_answered_yet() -> None:
    api = Api(settings=load_settings(max_active_jobs_per_client=1))
    async with api.client() as client:
        posts = (client.post("/v1/jobs?requestId=r", json={"spec": SPEC}) for _ in range(3))
        answers = await asyncio.gather(*posts)
        other = await client.post("/v1/jobs?requestId=s", json={"spec": SPEC})
    assert {answer.status_code for answer in answers} == {200}
    assert other.status_code == 429


async def test_a_request_whose_message_was_not_sent_is_sent_when_it_is_repeated() -> None:
    api = Api()
    api.dispatcher.failures = 1
    async with api.client() as client:
        assert (await client.post("/v1/jobs?requestId=r", json={"spec": SPEC})).status_code == 503
        assert (await client.post("/v1/jobs?requestId=r", json={"spec": SPEC})).status_code == 200
    (summary,) = api.jobs.list()
    assert summary.state is JobState.QUEUED


@pytest.mark.parametrize("path", ["/v1/books", "/healthz", "/docs", "/v1/jobs"])
async def test_every_answer_has_the_security_headers(path: str) -> None:
    api = Api(settings=load_settings(public_url="https://books.example.com"))
    async with api.client() as client:
        headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["content-security-policy"].count("default-src") == 1
    assert "strict-transport-security" in headers
    assert ("x-frame-options" in headers) is (path == "/docs")


async def test_other_origins_are_let_in_by_setting_only() -> None:
    preflight: dict[str, Any] = {"origin": "https://a.example", "access-control-request-method": "POST"}
    async with Api().client() as client:
        off: httpx2.Response = await client.options("/v1/jobs", headers=preflight)
    async with Api(settings=load_settings(cors_origins="https://a.example")).client() as client:
        on = await client.options("/v1/jobs", headers=preflight)
        other = await client.options("/v1/jobs", headers={**preflight, "origin": "https://b.example"})
        simple = await client.get("/healthz", headers={"origin": "https://a.example"})
    assert off.status_code == 405
    assert on.headers["access-control-allow-origin"] == "https://a.example"
    assert other.json()["error"]["details"][0]["reason"] == "CORS_REFUSED"
    assert "etag" in simple.headers["access-control-expose-headers"]


class Clock:
    """Seconds that stand until they are moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
