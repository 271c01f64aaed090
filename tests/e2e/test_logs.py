"""The lines of a real run, read as an operator reads them: by docs/operations.md's queries and the alerts' filters.

One run of the three services with a job for every way it can go; then only its output is looked at.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import signal
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.jobs import Dispatch, Job, JobSpec, new_job
from sitebookify.repository import data_prefix, utcnow
from support.emulator import Emulator
from support.log_query import Entry, log_entry, select
from support.operations import documented_queries
from support.processes import Process, eventually
from support.site import Site
from support.stack import TOKEN, Stack
from support.terraform import LogFilter, log_filters

pytestmark = pytest.mark.e2e

TRACE = "0af7651916cd43dd8448eb211c80319c"
SECRET_TEXT = "The gardener keeps a key under the third stone."
PAGE = (
    f"<html><body><main><h1>Garden</h1><p>{SECRET_TEXT} "
    + "And tells nobody of it. " * 40
    + "</p></main></body></html>"
)
MEMORY_KILL: Entry = {
    "logName": "projects/test/logs/run.googleapis.com%2Fvarlog%2Fsystem",
    "resource": {"type": "cloud_run_revision", "labels": {"service_name": "sitebookify-worker"}},
    "severity": "ERROR",
    "textPayload": "Memory limit of 512 MiB exceeded with 517 MiB used. Consider increasing the memory limit",
    "timestamp": "2026-01-01T00:00:00Z",
}
"""The platform's own line (https://cloud.google.com/run/docs/troubleshooting), which no process of ours can write."""

# What each service says of a job, in order; a slice is as many of these as the budget made of it.
CREATED = "job.created message.published job.queued request.served "
SLICE = "slice.started (stage.done )*slice.committed message.published slice.ended request.served "
TIMELINES = {
    "done": {"api": CREATED, "worker": f"({SLICE})*slice.started (stage.done )*job.done slice.ended request.served "},
    "failed": {"api": CREATED, "worker": "slice.started job.failed slice.ended request.served "},
    "dead": {
        "api": CREATED,
        "worker": "(slice.started slice.failed slice.ended push.refused request.served ){5,}",
        "deadletter": "job.failed request.served ",
    },
    "cancelled": {
        "api": CREATED + "job.cancel_requested request.served ",
        "worker": "(slice.ignored request.served )+",
    },
    "lost": {
        "deadletter": "message.published reconcile.sent ",
        "worker": "slice.started job.failed slice.ended request.served ",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was written: ``lines`` by service, and the same as entries of Cloud Logging; ``jobs`` by how they went."""

    jobs: dict[str, str]
    lines: dict[str, list[str]]
    project_id: str
    entries: list[Entry] = field(default_factory=list)

    def of_job(self, name: str) -> list[Entry]:
        """Everything labelled with the job, by the documented query."""
        return select(documented_queries()["one job"].replace("JOB_ID", self.jobs[name]), self.entries)

    def jobs_of(self, entries: list[Entry]) -> set[str]:
        """The names of the jobs that the entries are labelled with."""
        names = {job_id: name for name, job_id in self.jobs.items()}
        return {names[entry["labels"]["job_id"]] for entry in entries if "job_id" in entry["labels"]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Run:
    with Site({"/": PAGE}) as site, Stack(tmp_path_factory.mktemp("logs"), emulator) as stack:
        jobs = {
            "done": _create_traced(stack, site.url("/")),
            "failed": stack.create(site.url("/missing")),
            "lost": _lose(stack, site.url("/missing")),
        }
        _await_ends(stack, jobs)
        with _frozen(stack.workers[0]):
            jobs["cancelled"] = stack.create(site.url("/"))
            stack.request("POST", f"/v1/jobs/{jobs['cancelled']}:cancel", {})
            jobs["dead"] = stack.create(site.url("/"))
            _spoil(stack, jobs["dead"])
        _await_ends(stack, jobs)
        worker = stack.env["SITEBOOKIFY_WORKER_URL"]
        assert httpx.post(f"{worker}/pubsub/push", content=b"no envelope").status_code == 204
        processes = {"api": stack.api, "worker": stack.workers[0], "deadletter": stack.deadletter}
        for process in processes.values():
            process.stop()
        lines = {service: process.output().splitlines() for service, process in processes.items()}
        project_id = stack.env["SITEBOOKIFY_PROJECT_ID"]
    run = Run(jobs=jobs, lines=lines, project_id=project_id)
    for service, written in lines.items():
        run.entries.extend(log_entry(line, service=service, project_id=project_id) for line in written)
    return replace(run, entries=[*run.entries, MEMORY_KILL])


def _create_traced(stack: Stack, url: str) -> str:
    answer = httpx.post(
        f"http://127.0.0.1:{stack.api_port}/v1/jobs",
        json={"spec": {"sourceUrl": url, "requestDelay": "0s"}},
        headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"},
    )
    return str(answer.json()["metadata"]["job"]).removeprefix("jobs/")


def _lose(stack: Stack, url: str) -> str:
    """A job whose message was never sent, until the reconciler sends it."""
    now = utcnow()
    job = new_job(JobSpec(source_url=url), now=now, job_id=str(uuid.uuid4()))
    stack.jobs.create(replace(job, dispatch=Dispatch(step=0, sent=False, at=now - timedelta(hours=1))))

    def sent() -> bool:
        stack.reconcile()
        dispatch = stack.jobs.read(job.id).job.dispatch
        return dispatch is None or dispatch.sent

    eventually(sent)
    return job.id


def _spoil(stack: Stack, job_id: str) -> None:
    """Let every attempt at the job fail in a way that nobody expects: its checkpoint cannot be read."""
    name = f"{data_prefix(job_id)}spoilt"
    LocalObjectStore(stack.folder / "data").put(name, b"no checkpoint")

    def spoilt(job: Job) -> Job:
        return replace(job, checkpoint=name)

    stack.jobs.update(job_id, spoilt)


@contextlib.contextmanager
def _frozen(process: Process) -> Iterator[None]:
    """Inside the block the process gets requests, but does nothing about them."""
    process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.signal(signal.SIGCONT)


def _await_ends(stack: Stack, jobs: dict[str, str]) -> None:
    """Wait past the API: its own requests would be lines of the jobs."""
    for name, job_id in jobs.items():
        eventually(functools.partial(_ended, stack, job_id), within=120, what=f"the end of {name}")


def _ended(stack: Stack, job_id: str) -> bool:
    return stack.jobs.read(job_id).job.state.terminal


def _service(entry: Entry) -> str:
    return str(entry["labels"]["service"])


def _message(entry: Entry) -> str:
    return str(entry["jsonPayload"]["message"])


@pytest.mark.parametrize("name", TIMELINES)
def test_one_job_s_lines_are_its_whole_way_through_the_services(run: Run, name: str) -> None:
    """In each service in this order; between services only clocks decide."""
    said: dict[str, str] = {}
    for entry in run.of_job(name):
        said[_service(entry)] = said.get(_service(entry), "") + _message(entry) + " "
    assert set(said) == set(TIMELINES[name])
    for service, expected in TIMELINES[name].items():
        assert re.fullmatch(expected.replace(".", r"\."), said[service]), f"{service}: {said[service]}"


def test_every_line_is_a_record_of_its_service(run: Run) -> None:
    """Also what uvicorn and other libraries have to say."""
    for entry in run.entries[:-1]:
        assert entry["severity"] in {"INFO", "WARNING", "ERROR"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry["timestamp"])
        assert entry["resource"]["labels"]["service_name"] == f"sitebookify-{_service(entry)}"
        assert entry["sourceLocation"]["file"]
        assert _message(entry)


def test_every_line_that_names_a_job_is_labelled_with_it(run: Run) -> None:
    for line in (line for written in run.lines.values() for line in written):
        named = {job_id for job_id in run.jobs.values() if job_id in line}
        if named:
            assert named == {json.loads(line)["logging.googleapis.com/labels"].get("job_id")}, line


def test_lines_without_a_job_are_of_the_server_or_of_no_job(run: Run) -> None:
    """A line that belongs to a job and does not say so would be missing in its timeline."""
    unlabelled = {_message(entry) for entry in run.entries[:-1] if "job_id" not in entry["labels"]}
    ours = {message for message in unlabelled if re.fullmatch(r"[a-z_]+\.[a-z_]+", message)}
    assert ours <= {"request.served", "reconcile.done", "push.malformed"}
    for entry in run.entries[:-1]:
        if _message(entry) == "request.served" and "job_id" not in entry["labels"]:
            assert entry["httpRequest"]["requestUrl"] in {"/internal/reconcile", "/pubsub/push"}


def test_one_trace_is_what_the_request_led_to_in_every_service(run: Run) -> None:
    """Only the request that Pub/Sub makes has a trace of its own."""
    query = documented_queries()["one trace"].replace("TRACE_ID", TRACE).replace("PROJECT", run.project_id)
    expected = [
        entry for entry in run.of_job("done") if (_service(entry), _message(entry)) != ("worker", "request.served")
    ]
    assert select(query, run.entries) == expected
    assert all(re.fullmatch("[0-9a-f]{16}", entry["spanId"]) for entry in expected)


def test_severities_tell_our_faults_from_the_sites(run: Run) -> None:
    severities = {
        name: Counter(f"{_message(entry)} {entry['severity']}" for entry in run.of_job(name)) for name in run.jobs
    }
    assert "job.failed WARNING" in severities["failed"]
    assert {"slice.failed ERROR", "push.refused WARNING", "request.served WARNING"} <= set(severities["dead"])
    assert severities["dead"]["job.failed ERROR"] == 1
    assert {message.rpartition(" ")[2] for message in severities["done"]} == {"INFO"}


def test_what_nobody_expected_has_its_stack_trace(run: Run) -> None:
    """As Error Reporting reads it."""
    found = select(documented_queries()["errors with a stack trace"], run.entries)
    assert run.jobs_of(found) == {"dead"}
    for entry in found:
        assert entry["jsonPayload"]["stack_trace"].startswith("Traceback (most recent call last):\n")
        assert "BadGzipFile" in entry["jsonPayload"]["stack_trace"]
        assert entry["jsonPayload"]["serviceContext"] == {"service": "sitebookify-worker"}


@pytest.mark.parametrize(
    ("query", "jobs"),
    [
        ("failed jobs by reason", {"failed", "dead", "lost"}),
        ("dead letters", {"dead"}),
        ("refused deliveries", {"dead"}),
        ("slow slices", set()),
        ("429 and 5xx", set()),
    ],
)
def test_a_documented_query_finds_its_jobs_and_no_others(run: Run, query: str, jobs: set[str]) -> None:
    assert run.jobs_of(select(documented_queries()[query], run.entries)) == jobs


def test_the_query_of_slow_slices_knows_their_length(run: Run) -> None:
    """None is slow here: with a bound of 0 it has to find them all."""
    query = documented_queries()["slow slices"].replace(">300", ">=0")
    assert run.jobs_of(select(query, run.entries)) == {"done", "failed", "dead", "lost"}


def test_the_query_of_memory_kills_finds_the_platform_s_line(run: Run) -> None:
    assert select(documented_queries()["memory kills"], run.entries) == [MEMORY_KILL]


FOUND_BY_FILTER = {
    "counters.jobs_created": {"done", "failed", "dead", "cancelled"},
    "counters.jobs_done": {"done"},
    "counters.jobs_failed": {"failed", "dead", "lost"},
    "counters.jobs_broken": {"dead"},
    "counters.jobs_cancelled": {"cancelled"},
    "counters.jobs_completed": {"done", "failed", "dead", "lost"},
    "counters.jobs_sent_again": {"lost"},
    "counters.dead_letters": {"dead"},
    "counters.pushes_refused": {"dead"},
    "distributions.slice_seconds": {"done", "failed", "dead", "lost"},
    "distributions.queue_wait_seconds": {"done", "failed", "dead", "lost"},
    "distributions.slice_attempts": {"done", "failed", "dead", "lost"},
    "log_matches.dead_letter": {"dead"},
    "log_matches.malformed": set(),
    "log_matches.memory": set(),
}
"""The jobs whose lines each filter in Terraform matches; the last two match a line of no job."""


def test_every_filter_in_terraform_is_tried() -> None:
    assert {log_filter.name for log_filter in log_filters()} == set(FOUND_BY_FILTER)


@pytest.mark.parametrize("log_filter", list(log_filters()), ids=lambda log_filter: log_filter.name)
def test_a_filter_in_terraform_matches_what_the_services_write(run: Run, log_filter: LogFilter) -> None:
    """A renamed event or key is found here, not when an alert stays silent."""
    found = select(log_filter.query, run.entries)
    assert found
    assert run.jobs_of([entry for entry in found if entry is not MEMORY_KILL]) == FOUND_BY_FILTER[log_filter.name]
    for key in log_filter.extracted:
        assert all(key in entry["jsonPayload"] for entry in found), key


def test_no_text_of_a_page_and_no_secret_is_logged(run: Run) -> None:
    for written in run.lines.values():
        assert not any(SECRET_TEXT in line or TOKEN in line for line in written)


def test_a_request_is_logged_with_what_cloud_logging_shows_of_it(run: Run) -> None:
    served: list[dict[str, Any]] = [
        entry["httpRequest"] for entry in run.entries[:-1] if _message(entry) == "request.served"
    ]
    assert {"POST"} == {request["requestMethod"] for request in served}
    assert all(re.fullmatch(r"\d+\.\d{6}s", request["latency"]) for request in served)
    assert {request["status"] for request in served} == {200, 204, 503}
