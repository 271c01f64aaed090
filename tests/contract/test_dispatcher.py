"""What every ``JobDispatcher`` promises, on each of its backends; and what Pub/Sub adds."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import anyio
import pytest

from sitebookify.adapters.deferred import DeferredDispatcher
from sitebookify.adapters.inprocess import InProcessDispatcher
from sitebookify.adapters.provision import provision
from sitebookify.adapters.pubsub import PubSubDispatcher
from sitebookify.errors import TransientError
from sitebookify.ports import JobDispatcher
from sitebookify.push import parse_delivery
from sitebookify.settings import Settings, load_settings
from support.emulator import Emulator
from support.processes import free_port
from support.push_endpoint import PushEndpoint

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_NOTE = "import json, sys; print(json.dumps(sys.argv[2:]), file=open(sys.argv[1], 'a'))"


class Backend(NamedTuple):
    """A dispatcher and what has arrived at its other end: (job_id, step, traceparent)."""

    dispatcher: JobDispatcher
    arrived: Callable[[], list[tuple[str, int, str]]]


@pytest.fixture
def settings(endpoint: PushEndpoint) -> Settings:
    project_id = f"test-{uuid.uuid4().hex[:8]}"
    return load_settings(project_id=project_id, worker_url=endpoint.url, deadletter_url=endpoint.url)


@pytest.fixture
def endpoint() -> Iterator[PushEndpoint]:
    with PushEndpoint().serving() as endpoint:
        yield endpoint


@asynccontextmanager
async def _pubsub(settings: Settings) -> AsyncIterator[JobDispatcher]:
    dispatcher = DeferredDispatcher(lambda: PubSubDispatcher(project_id=settings.project_id, topic=settings.topic))
    try:
        yield dispatcher
    finally:
        await dispatcher.close()


@asynccontextmanager
async def _inprocess(notes: Path) -> AsyncIterator[InProcessDispatcher]:
    async def never(_: str) -> None:
        return None

    def command(job_id: str, step: int, traceparent: str) -> list[str]:
        return [sys.executable, "-c", _NOTE, str(notes), job_id, str(step), traceparent]

    dispatcher = InProcessDispatcher(command=command, jobs=1, retry=never)
    async with dispatcher.running():
        yield dispatcher


@pytest.fixture(params=["pubsub", "inprocess"])
async def backend(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, endpoint: PushEndpoint
) -> AsyncIterator[Backend]:
    if request.param == "pubsub":
        request.getfixturevalue("emulator")
        list(provision(settings))
        async with _pubsub(settings) as dispatcher:
            yield Backend(dispatcher, lambda: [_pushed(body) for body in endpoint.bodies])
    else:
        notes = tmp_path / "notes"
        notes.touch()
        async with _inprocess(notes) as inprocess:
            yield Backend(inprocess, lambda: [_noted(line) for line in notes.read_text().splitlines()])


def _pushed(body: bytes) -> tuple[str, int, str]:
    delivery = parse_delivery(body)
    return delivery.message.job_id, delivery.message.step, delivery.traceparent


def _noted(line: str) -> tuple[str, int, str]:
    job_id, step, traceparent = json.loads(line)
    return job_id, int(step), traceparent


async def _until(condition: Callable[[], object]) -> None:
    with anyio.fail_after(120):
        while not condition():  # noqa: ASYNC110  # the other end is another process; it sets no event
            await anyio.sleep(0.02)


async def test_a_dispatch_arrives_with_its_step_and_its_trace(backend: Backend) -> None:
    """What was handed over comes out at the other end, whole."""
    job_id = str(uuid.uuid4())
    await backend.dispatcher.dispatch(job_id, 7, traceparent=TRACEPARENT)
    await _until(backend.arrived)
    assert backend.arrived()[0] == (job_id, 7, TRACEPARENT)


async def test_every_job_arrives_when_many_are_dispatched_at_once(backend: Backend) -> None:
    """None is lost in the crowd; nothing is promised about their order."""
    job_ids = {str(uuid.uuid4()) for _ in range(20)}
    async with anyio.create_task_group() as group:
        for job_id in job_ids:
            group.start_soon(backend.dispatcher.dispatch, job_id, 0)
    await _until(lambda: len(backend.arrived()) >= 20)
    assert {arrived[0] for arrived in backend.arrived()} == job_ids


async def test_a_missing_topic_is_a_transient_error(emulator: Emulator, settings: Settings) -> None:
    """Before provisioning, or after the emulator's restart, a dispatch says so instead of losing the message."""
    assert emulator.running
    async with _pubsub(settings) as dispatcher:
        with pytest.raises(TransientError, match="did not take the message"):
            await dispatcher.dispatch(str(uuid.uuid4()), 0)


async def test_a_broker_that_is_away_is_a_transient_error_after_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dispatch gives up by itself, though the client library would try for ten minutes."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    dispatcher = PubSubDispatcher(project_id="test-away", topic="jobs", timeout=0.5)
    with pytest.raises(TransientError):
        await dispatcher.dispatch(str(uuid.uuid4()), 0)
    await dispatcher.close()


async def test_a_publish_that_waits_holds_nobody_up_and_has_ended_before_the_connection_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other tasks go on meanwhile; the client's own thread fails loudly where its connection is closed under it."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    dispatcher = PubSubDispatcher(project_id="test-away", topic="jobs", timeout=4)
    async with anyio.create_task_group() as group:
        group.start_soon(dispatcher.dispatch, str(uuid.uuid4()), 0)
        await _until(lambda: dispatcher._unanswered)
        for _ in range(5):
            await anyio.sleep(0.01)
        given_up = set(dispatcher._unanswered)
        assert given_up, "the other task has had its turns before there was an answer"
        group.cancel_scope.cancel()
    await dispatcher.close()
    assert all(future.done() for future in given_up)


async def test_missing_credentials_are_a_transient_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error of the vendor's auth library does not come through."""
    monkeypatch.delenv("PUBSUB_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "no-such-file.json"))
    dispatcher = PubSubDispatcher(project_id="test-nobody", topic="jobs")
    with pytest.raises(TransientError, match=r"no-such-file\.json"):
        await dispatcher.dispatch(str(uuid.uuid4()), 0)
    await dispatcher.close()
