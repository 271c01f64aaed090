"""A job's way through API, topic, worker and dead-letter handler: real processes on the real emulator."""

from __future__ import annotations

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest

from sitebookify.jobs import JobState
from support.emulator import Emulator
from support.processes import PATIENCE, Process, eventually
from support.push_endpoint import PushEndpoint
from support.site import Answer, Site
from support.stack import UNHURRIED, Stack
from support.webhook_receiver import Receiver, new_secret

pytestmark = pytest.mark.e2e
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[Stack]:
    """The three services, for tests that leave them as they were."""
    with Stack(tmp_path_factory.mktemp("pipeline"), emulator) as stack:
        yield stack


def _push_body(data: bytes, **attributes: str) -> dict[str, object]:
    return {
        "message": {"data": base64.b64encode(data).decode(), "attributes": attributes, "messageId": "1"},
        "subscription": "projects/test/subscriptions/test",
    }


def _worker_url(stack: Stack) -> str:
    return stack.env["SITEBOOKIFY_WORKER_URL"]


def test_a_job_becomes_a_book_that_can_be_downloaded(running: Stack, site: Site) -> None:
    """Create, be told of the end, download: all a client ever does."""
    secret = new_secret()
    with Receiver().serving() as receiver:
        job_id = running.create(site.url("/"), webhookUrl=receiver.url, webhookSecret=secret)
        job = running.wait(job_id)
        assert job["state"] == "STATE_DONE", job
        eventually(lambda: "deliverTime" in running.job(job_id)["webhook"], what="the webhook")
    assert [told.verified(secret)["data"]["state"] for told in receiver.told] == ["STATE_DONE"]
    markdown = running.download(f"/jobs/{job_id}/book.md").decode()
    assert all(chapter in markdown for chapter in ("The Garden", "Spring", "Summer", "Autumn", "Winter"))
    assert running.download(f"/jobs/{job_id}/book.epub").startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(running.download(f"/artifacts/{job_id}"))) as packed:
        assert {"book.md", "book.epub", "manifest.jsonl"} <= set(packed.namelist())


def test_the_records_of_api_and_worker_carry_the_job_and_the_client_s_trace(running: Stack, site: Site) -> None:
    """One trace spans the request, the message and the work."""
    answer = httpx.post(
        f"http://127.0.0.1:{running.api_port}/v1/jobs",
        json={"spec": {"sourceUrl": site.url("/")}},
        headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"},
    )
    job_id = answer.json()["metadata"]["job"].removeprefix("jobs/")
    running.wait(job_id)
    work = [record for record in running.records(job_id) if record["message"] != "request.served"]
    assert {record["logging.googleapis.com/labels"]["service"] for record in work} == {"api", "worker"}
    project_id = running.env["SITEBOOKIFY_PROJECT_ID"]
    assert {record["logging.googleapis.com/trace"] for record in work} == {f"projects/{project_id}/traces/{TRACE}"}


def test_a_worker_that_takes_no_delivery_fails_no_job(tmp_path: Path, emulator: Emulator) -> None:
    """After its deliveries the message goes to the dead-letter topic, and the handler has it sent again later."""
    with (
        PushEndpoint(lambda _: 503).serving() as failing,
        Stack(tmp_path, emulator, env={"SITEBOOKIFY_WORKER_URL": failing.url}) as stack,
    ):
        job_id = stack.create("http://127.0.0.1:9/")

        def postponed() -> bool:
            return any(record["message"] == "deadletter.postponed" for record in stack.records(job_id))

        eventually(postponed, what="its postponement")
        job = stack.jobs.read(job_id).job
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert job.dispatch
    assert not job.dispatch.sent
    assert job.dispatch.due
    assert len(failing.bodies) >= 5


def test_a_finished_job_that_is_dead_lettered_late_stays_done(running: Stack, site: Site) -> None:
    job_id = running.create(site.url("/"))
    done = running.wait(job_id)
    body = _push_body(json.dumps({"job_id": job_id, "step": 0}).encode())
    assert httpx.post(f"{running.deadletter_url}/pubsub/push", json=body).status_code == 204
    assert running.job(job_id) == done


@pytest.mark.parametrize("service", ["worker", "deadletter"])
def test_a_malformed_push_is_acknowledged_and_logged_as_an_error(running: Stack, service: str) -> None:
    """It could never succeed: refusing it would bring it back for ever."""
    url, process = {
        "worker": (_worker_url(running), running.workers[0]),
        "deadletter": (running.deadletter_url, running.deadletter),
    }[service]
    before = _errors(process)
    for body in (b"", b"not json", b'{"message": 1}', json.dumps(_push_body(b"{}")).encode()):
        assert httpx.post(f"{url}/pubsub/push", content=body).status_code == 204
    assert _errors(process) == before + 4


def _errors(process: Process) -> int:
    return sum(record["severity"] == "ERROR" for record in process.records())


def test_a_message_delivered_again_and_twice_at_once_is_one_run(tmp_path: Path, emulator: Emulator, site: Site) -> None:
    """The lease lets one delivery work, and lasts however late a heartbeat comes; the record turns the others away."""
    long = {"SITEBOOKIFY_LEASE_SECONDS": "300", "SITEBOOKIFY_MIN_BACKOFF_SECONDS": "301"}
    with Stack(tmp_path, emulator, env=UNHURRIED | long | {"SITEBOOKIFY_MAX_BACKOFF_SECONDS": "302"}) as stack:
        job_id = stack.create(site.url("/"))
        body = _push_body(json.dumps({"job_id": job_id, "step": 0}).encode())

        def deliver(_: int) -> int:
            return httpx.post(f"{_worker_url(stack)}/pubsub/push", json=body, timeout=PATIENCE).status_code

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(deliver, range(8))) == {204}
        assert stack.wait(job_id)["state"] == "STATE_DONE"
    pages = [path for path in site.paths if path.endswith(".html")]
    assert sorted(pages) == sorted(set(pages))


def test_a_killed_worker_does_not_lose_the_job(stack: Stack) -> None:
    """The message comes again, finds the lease run out, and the job goes on to its end."""
    page = "<html><body><main><h1>Slow</h1><p>{}</p><a href='/{}'>next</a></main></body></html>"
    text = "A page of a site whose second half comes late, so that there is a middle to be killed in. " * 6
    rest = threading.Event()
    pages = {f"/{n}": Answer(body=page.format(text + str(n), n + 1), after=rest if n > 5 else None) for n in range(12)}
    with Site(pages) as slow:
        job_id = stack.create(slow.url("/0"))
        eventually(lambda: "/6" in slow.paths)
        worker = stack.workers[0]
        worker.kill()
        rest.set()
        stack.await_ready(worker.start())
        assert stack.wait(job_id)["state"] == "STATE_DONE"
    assert stack.jobs.get(job_id).job.lease is None


def test_stopping_the_services_is_quick_and_clean(stack: Stack) -> None:
    for service in stack.processes:
        assert service.stop() == 0
        assert "Traceback" not in service.output()
        assert "Warning" not in service.output()
