"""A run of the three services with a job for every way it can go, and everything they wrote.

==========  =====================================================================
done        its book is made
failed      its start page is missing: the site's fault
dead        every delivery fails in a way nobody expects; it is dead-lettered
cancelled   its owner cancels it before a worker has it
lost        its message was never sent; the reconciler finds it
unreadable  its record is damaged
==========  =====================================================================
"""

from __future__ import annotations

import contextlib
import functools
import signal
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx2

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.jobs import Dispatch, Job, new_job
from sitebookify.repository import data_prefix, utcnow
from sitebookify.spec import JobSpec
from support.emulator import Emulator
from support.log_query import Entry, log_entry, select
from support.operations import documented_queries
from support.processes import Process, eventually
from support.site import Site
from support.stack import Stack

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
NO_INSTANCE: Entry = {
    "logName": "projects/test/logs/run.googleapis.com%2Frequests",
    "resource": {"type": "cloud_run_revision", "labels": {"service_name": "sitebookify-api"}},
    "severity": "WARNING",
    "httpRequest": {"status": 429, "requestUrl": "https://api.example/v1/jobs", "requestMethod": "POST"},
    "textPayload": "The request was aborted because there was no available instance.",
    "timestamp": "2026-01-01T00:00:00Z",
}
"""The platform's line of a request that waited in vain for an instance."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """``lines`` by service, and the same as entries of Cloud Logging; ``jobs`` are ids by how they went."""

    jobs: dict[str, str]
    lines: dict[str, list[str]]
    project_id: str

    @functools.cached_property
    def written(self) -> list[Entry]:
        """What the services wrote."""
        return [
            log_entry(line, service=service, project_id=self.project_id)
            for service, lines in self.lines.items()
            for line in lines
        ]

    @property
    def entries(self) -> list[Entry]:
        """The same, and the platform's lines."""
        return [*self.written, MEMORY_KILL, NO_INSTANCE]

    def of_job(self, name: str) -> list[Entry]:
        """Everything labelled with the job, by the documented query."""
        return select(documented_queries()["one job"].replace("JOB_ID", self.jobs[name]), self.entries)

    def jobs_of(self, entries: list[Entry]) -> set[str]:
        """The names of the jobs that the entries are labelled with."""
        names = {job_id: name for name, job_id in self.jobs.items()}
        return {names[entry["labels"]["job_id"]] for entry in entries if "job_id" in entry.get("labels", {})}


def log_run(folder: Path, emulator: Emulator) -> Run:
    """Run them all; it takes about half a minute."""
    # On a busy machine a slice can outlast the short deadline of other tests: what came again then would add lines.
    env = {"SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600"}
    with Site({"/": PAGE}) as site, Stack(folder, emulator, env=env) as stack:
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
        jobs["unreadable"] = _damage(stack)
        worker = stack.env["SITEBOOKIFY_WORKER_URL"]
        assert httpx2.post(f"{worker}/pubsub/push", content=b"no envelope").status_code == 204
        processes = {"api": stack.api, "worker": stack.workers[0], "deadletter": stack.deadletter}
        for process in processes.values():
            process.stop()
        lines = {service: process.output().splitlines() for service, process in processes.items()}
        project_id = stack.env["SITEBOOKIFY_PROJECT_ID"]
    return Run(jobs=jobs, lines=lines, project_id=project_id)


def _create_traced(stack: Stack, url: str) -> str:
    answer = httpx2.post(
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


def _damage(stack: Stack) -> str:
    """A job whose record makes no sense, with a message for it."""
    job = stack.jobs.create(new_job(JobSpec(source_url="http://127.0.0.1:9/"), now=utcnow())).job
    LocalObjectStore(stack.folder / "data").put(f"jobs/{job.id}.json", b"{")
    stack.push(stack.workers[0], job.id, 0)
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
        eventually(functools.partial(_ended, stack, job_id), what=f"the end of {name}")


def _ended(stack: Stack, job_id: str) -> bool:
    return stack.jobs.read(job_id).job.state.terminal
