"""Pages that a finished book does without, as google.rpc.Status: partial failures of its operation (AIP-193)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sitebookify.errors import ObjectNotFound
from sitebookify.formats import REPORT
from sitebookify.jobs import Job, JobState
from sitebookify.ports import ObjectStore
from sitebookify_api.status import Code, Status

_MOST_FAILURES = 20
_MOST_BYTES = 4 * 1024 * 1024
"""Of the report that are read: about 20,000 of its lines."""


def page_failures(store: ObjectStore, job: Job) -> tuple[dict[str, Any], ...]:
    """The first 20 pages that failed, of a job that is done; all of them are in its report.

    Raises:
        TransientError: the store is away.
    """
    report = next((item for item in job.artifacts if item.name == REPORT), None)
    if job.state is not JobState.DONE or report is None or not job.progress.pages_failed:
        return ()
    try:
        with store.open_read(report.object_name) as stream:
            lines = stream.read(_MOST_BYTES).splitlines()
    except ObjectNotFound:  # expired or deleted since
        return ()
    return tuple(status for _, status in zip(range(_MOST_FAILURES), _failures(lines), strict=False))


def _failures(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:  # the last one, cut in two
            return
        if row.get("kind") == "url" and row.get("decision") == "failed":
            yield _status(row)


def _status(row: dict[str, Any]) -> dict[str, Any]:
    answered = f"it answered {row['status']}" if row.get("status") else "it did not answer"
    return Status(
        code=Code.NOT_FOUND if row.get("status") in (404, 410) else Code.UNKNOWN,
        reason=row.get("reason") or "PAGE_FAILED",
        message=f"{row['url']} is not in the book: {answered}",
        metadata={"url": row["url"]},
    ).to_rpc()
