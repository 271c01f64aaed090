"""The ``jobs`` commands: requests to a server, and its JSON on stdout."""

from __future__ import annotations

import http.client
import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sitebookify.cli.client import JobsClient, RequestFailed
from sitebookify.cli.progress import shown_progress
from sitebookify.errors import SitebookifyError
from sitebookify.jobs import Progress, Stage
from sitebookify.messages import literal
from sitebookify.options import Kind
from sitebookify.spec import OPTIONS, JobSpec
from sitebookify.terminal import visible_json

_POLL_SECONDS = 2.0
_UNFINISHED = frozenset({"STATE_QUEUED", "STATE_RUNNING"})


class StillRunning(SitebookifyError):
    """The wait timed out before the job ended."""


def create(client: JobsClient, spec: JobSpec) -> dict[str, Any]:
    """Create a job, and return its operation; a request that is sent twice creates one job."""
    return client.post("/v1/jobs", {"spec": _body(spec)}, requestId=str(uuid.uuid4()))


def get(client: JobsClient, job: str) -> dict[str, Any]:
    """The job as it is now."""
    return client.get(_path(job)).body or {}


def listed(client: JobsClient, query: str, limit: int) -> Iterator[dict[str, Any]]:
    """The newest jobs that match ``query`` (AIP-160), at most ``limit``."""
    token = ""
    while limit > 0:
        size = str(min(limit, 100))
        answer = client.get("/v1/jobs", filter=query, pageSize=size, pageToken=token)
        page = answer.body or {}
        yield from page["jobs"]
        limit -= len(page["jobs"])
        token = page.get("nextPageToken", "")
        if not token:
            return


def wait(client: JobsClient, job: str, timeout: float) -> dict[str, Any]:
    """Show the job's progress until it ends, and return it; ``timeout`` is in seconds, 0 for none.

    Raises:
        StillRunning: the timeout is over.
    """
    deadline = time.monotonic() + timeout if timeout else float("inf")
    resource: dict[str, Any] = {}
    etag = ""
    with shown_progress() as show:
        while True:
            answer = client.get(_path(job), etag=etag)
            if answer.body is not None:
                resource = answer.body
                etag = answer.etag
                show(_progress(resource))
            if resource["state"] not in _UNFINISHED:
                return resource
            pause = answer.retry_after or _POLL_SECONDS
            if time.monotonic() + pause > deadline:
                name = resource["name"]
                raise StillRunning(f"{name} has not ended after {timeout:g} s; it continues on the server")
            time.sleep(pause)


def call(client: JobsClient, job: str, method: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``cancel`` or ``retry`` the job; the server's answer."""
    return client.post(f"{_path(job)}:{method}", dict(body or {}))


def delete(client: JobsClient, job: str) -> None:
    """Remove the job and its files from the server."""
    client.delete(_path(job))


def download(client: JobsClient, job: str, name: str, out: Path) -> None:
    """Download a file of the job to ``out``, which appears complete or not at all.

    Raises:
        RequestFailed: the connection broke.
    """
    url = client.post(f"{_path(job)}:generateDownloadUrl", {"artifact": name})["url"]
    with tempfile.TemporaryDirectory(prefix=".sitebookify-", dir=out.parent) as directory:
        part = Path(directory, "part")
        with client.open(url) as source, part.open("wb") as target:
            try:
                shutil.copyfileobj(source, target)
            except http.client.HTTPException as error:  # it came in chunks, and the last one is missing
                raise RequestFailed(f"the download of {name} broke off") from error
        size = part.stat().st_size
        expected = source.headers.get("Content-Length")
        if expected and size != int(expected):
            raise RequestFailed(f"the download of {name} broke off after {size} of {expected} bytes")
        part.rename(out)


def shown(resource: dict[str, Any]) -> str:
    """JSON for people and programs."""
    return visible_json(json.dumps(resource, indent=2, ensure_ascii=False))


def shown_line(resource: dict[str, Any]) -> str:
    """The same on one line."""
    return visible_json(json.dumps(resource, ensure_ascii=False))


def _body(spec: JobSpec) -> dict[str, Any]:
    """The spec as JSON without unset options, which an older server may not know."""
    body: dict[str, Any] = {}
    for option in OPTIONS:
        if option.flag == "":
            continue
        value = getattr(spec, option.name)
        if option.kind is Kind.SECONDS:
            body[option.json_name] = f"{value:g}s"
        elif value:
            body[option.json_name] = value
    return body


def _path(job: str) -> str:
    """The job's path; ``job`` may be ``jobs/ID``, ``operations/ID`` or the id."""
    return f"/v1/jobs/{quote(job.rpartition('/')[2])}"


def _progress(job: dict[str, Any]) -> Progress:
    counts = job["progress"]
    return Progress(
        stage=Stage(counts["stage"]),
        percent=job["progressPercent"],
        message=literal(job.get("message", "")),
        pages_fetched=counts["pagesFetched"],
        pages_failed=counts["pagesFailed"],
        pages_queued=counts["pagesQueued"],
        texts_edited=counts["textsEdited"],
        texts_kept=counts["textsKept"],
    )
