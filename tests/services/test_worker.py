"""The worker's and the dead-letter handler's HTTP sides, over a store in a dict."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

import sitebookify_deadletter.app
import sitebookify_worker.app
from sitebookify import bootstrap
from sitebookify.bootstrap import Services
from sitebookify.errors import TransientError
from sitebookify.jobs import JobState, ended, new_job
from sitebookify.push import JobMessage, parse_delivery
from sitebookify.repository import JobRepository, utcnow
from sitebookify.runner.outcome import Outcome
from sitebookify.settings import PushAuth, Settings
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore

TOKEN = "a-long-internal-token"


class Away(MemoryObjectStore):
    """A store whose reads fail while ``away``."""

    away = False

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        if self.away:
            raise TransientError("the store is away")
        return super().get(name, unless_generation=unless_generation)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    store = Away()
    monkeypatch.setattr(bootstrap, "open_store", lambda _settings: store)  # the seam of the composition root
    settings = Settings(internal_token=SecretStr(TOKEN), push_auth=PushAuth.NONE)
    return bootstrap.open_services(settings, dispatcher=RecordingDispatcher())


@pytest.fixture
def worker(services: Services) -> Iterator[TestClient]:
    with TestClient(sitebookify_worker.app.create_app(services), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def deadletter(services: Services) -> Iterator[TestClient]:
    with TestClient(sitebookify_deadletter.app.create_app(services), raise_server_exceptions=False) as client:
        yield client


def push(job_id: str, step: int = 0, **attributes: str) -> dict[str, Any]:
    data = base64.b64encode(json.dumps({"job_id": job_id, "step": step}).encode()).decode()
    return {"message": {"data": data, "messageId": "m1", "attributes": attributes}, "subscription": "s"}


def queued(jobs: JobRepository) -> str:
    # a host that never resolves: the job fails for good at its start page
    return jobs.create(new_job(JobSpec(source_url="http://nowhere.invalid/"), now=utcnow())).job.id


def store_of(services: Services) -> Away:
    assert isinstance(services.store, Away)
    return services.store


@pytest.mark.parametrize("service", ["worker", "deadletter"])
@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b'{"message": {"data": "bm8="}}'])
def test_a_malformed_push_is_acknowledged_and_kept(
    service: str, body: bytes, services: Services, request: pytest.FixtureRequest
) -> None:
    client: TestClient = request.getfixturevalue(service)
    with capture_logs() as logs:
        assert client.post("/pubsub/push", content=body).status_code == 204
    kept = [info.name for info in services.store.list("malformed/")]
    assert [entry["kept_as"] for entry in logs if entry["event"] == "push.malformed"] == kept
    assert len(kept) == 1


def test_a_push_for_an_unknown_job_is_acknowledged(worker: TestClient) -> None:
    assert worker.post("/pubsub/push", json=push(str(uuid.uuid4()))).status_code == 204


def test_the_store_being_away_refuses_the_push(worker: TestClient, deadletter: TestClient, services: Services) -> None:
    job_id = queued(services.jobs)
    store_of(services).away = True
    assert worker.post("/pubsub/push", json=push(job_id)).status_code == 503
    assert deadletter.post("/pubsub/push", json=push(job_id)).status_code == 503


def test_records_of_a_delivery_carry_job_message_and_trace(worker: TestClient) -> None:
    job_id, trace = str(uuid.uuid4()), "ab" * 16
    with capture_logs(processors=[merge_contextvars]) as logs:
        worker.post("/pubsub/push", json=push(job_id, traceparent=f"00-{trace}-{'cd' * 8}-01"))
    (entry,) = [entry for entry in logs if entry["event"] == "slice.job_missing"]
    assert (entry["job_id"], entry["message_id"], entry["trace_id"]) == (job_id, "m1", trace)


def test_a_dead_letter_ends_the_job(deadletter: TestClient, services: Services) -> None:
    job_id = queued(services.jobs)
    services.jobs.update(job_id, lambda job: replace(job, attempts=5))
    body = push(job_id, CloudPubSubDeadLetterSourceDeliveryCount="5")
    assert deadletter.post("/pubsub/push", json=body).status_code == 204
    job = services.jobs.get(job_id).job
    assert job.state is JobState.ERROR
    assert job.error
    assert "in 5 attempts" in str(job.error.message)


def test_a_late_dead_letter_leaves_a_finished_job_done(deadletter: TestClient, services: Services) -> None:
    job_id = queued(services.jobs)
    services.jobs.update(job_id, lambda job: job.moved(JobState.RUNNING, utcnow()))
    services.jobs.update(job_id, lambda job: ended(job, JobState.DONE, now=utcnow(), retention=timedelta(days=1)))
    assert deadletter.post("/pubsub/push", json=push(job_id)).status_code == 204
    assert services.jobs.get(job_id).job.state is JobState.DONE


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 401), ("Bearer wrong", 401), (TOKEN, 401), (f"Bearer {TOKEN}", 404), ("Bearer \xe9", 401)],
)
def test_running_by_hand_wants_the_token(worker: TestClient, header: str | None, status: int) -> None:
    headers: Any = {"Authorization": header.encode("latin-1")} if header else {}  # bytes: one is no ASCII
    assert worker.post(f"/internal/jobs/{uuid.uuid4()}/run", headers=headers).status_code == status


@pytest.mark.usefixtures("services")
def test_without_a_configured_token_the_internal_routes_are_closed() -> None:
    bare = bootstrap.open_services(Settings(push_auth=PushAuth.NONE), dispatcher=RecordingDispatcher())
    with TestClient(sitebookify_deadletter.app.create_app(bare)) as client:
        answer = client.post("/internal/reconcile", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
    assert "SITEBOOKIFY_INTERNAL_TOKEN" in answer.text


def test_a_job_run_by_hand_tells_its_outcome(worker: TestClient, services: Services) -> None:
    job_id = queued(services.jobs)
    services.jobs.update(job_id, lambda job: job.moved(JobState.CANCELLED, utcnow()))
    answer = worker.post(f"/internal/jobs/{job_id}/run", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()) == (200, {"outcome": Outcome.ENDED})


def test_the_reconciler_answers_what_it_did(deadletter: TestClient, services: Services) -> None:
    queued(services.jobs)
    answer = deadletter.post("/internal/reconcile", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json() == {"seen": 1, "sent": 0, "deleted": 0, "failed": 0, "unreadable": 0}


async def test_a_delivery_that_finds_no_place_is_published_anew(services: Services) -> None:
    """Waiting would outlive the ack deadline, and a refusal would use up a delivery attempt."""
    dispatcher = services.dispatcher
    assert isinstance(dispatcher, RecordingDispatcher)
    slices, pool = bootstrap.open_slices(services, dispatcher)
    worker = sitebookify_worker.app.Worker(services, slices, places=0, patience=0.01)
    await worker.handle(parse_delivery(json.dumps(push(job_id := queued(services.jobs))).encode()))
    pool.close()
    await asyncio.sleep(0)
    assert dispatcher.sent == [(job_id, 0)]


def test_a_worker_that_is_stuck_in_a_slice_says_so(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform then replaces it: nothing else frees the place."""
    now = 0.0
    slices = bootstrap.open_slices(services, services.dispatcher)[0]
    stuck = asyncio.Event()

    async def run(*_args: Any, **_options: Any) -> Outcome:
        await stuck.wait()
        return Outcome.COMMITTED

    monkeypatch.setattr(slices, "run", run)

    async def scenario() -> None:
        nonlocal now
        worker = sitebookify_worker.app.Worker(services, slices, places=1, patience=1, clock=lambda: now)
        running = asyncio.create_task(worker.run(JobMessage(job_id=str(uuid.uuid4()), step=0)))
        await asyncio.sleep(0)
        now = 600.0
        assert not worker.wedged
        now = 721.0
        assert worker.wedged
        stuck.set()
        await running
        assert not worker.wedged

    asyncio.run(scenario())


def test_a_delivery_that_gets_its_place_when_the_process_ends_does_not_start(services: Services) -> None:
    started: list[str] = []
    slices = bootstrap.open_slices(services, services.dispatcher)[0]

    async def scenario() -> None:
        worker = sitebookify_worker.app.Worker(services, slices, places=1, patience=5)

        async def slow(message: JobMessage) -> Outcome:
            started.append(message.job_id)
            await asyncio.sleep(0.05)
            worker.stop.set()
            return Outcome.COMMITTED

        worker.run = slow  # type: ignore[method-assign]  # a slice that ends because the process does
        deliveries = [parse_delivery(json.dumps(push(str(uuid.uuid4()))).encode()) for _ in range(2)]
        first = asyncio.create_task(worker.handle(deliveries[0]))
        while not started:  # noqa: ASYNC110 - it has the place then
            await asyncio.sleep(0.001)
        with pytest.raises(TransientError, match="ending"):
            await worker.handle(deliveries[1])
        await first

    asyncio.run(scenario())
    assert len(started) == 1
