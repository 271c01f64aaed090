"""The body of a webhook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sitebookify.jobs import Job


def message(job: Job) -> dict[str, Any]:
    """What a receiver is sent: the event, and of the job's resource (docs/api.md) what tells how it ended."""
    assert job.completion_time is not None  # noqa: S101 - only ended jobs have news
    moment = _timestamp(job.completion_time)
    data: dict[str, Any] = {
        "name": f"jobs/{job.id}",
        "state": f"STATE_{job.state.name}",
        "spec": {"sourceUrl": job.spec.source_url, "title": job.spec.title},
        "title": job.spec.title or job.title,
        "createTime": _timestamp(job.create_time),
        "completionTime": moment,
        "progress": _progress(job),
        "artifacts": [{"name": item.name, "sizeBytes": str(item.size)} for item in job.artifacts],
    }
    if job.error:
        data["error"] = {"message": str(job.error.message), "reason": job.error.reason}
    return {"type": f"job.{job.state.value}", "timestamp": moment, "data": data}


def _progress(job: Job) -> dict[str, Any]:
    """Pages, and what a language model did and cost."""
    progress, spent = job.progress, job.spent
    return {
        "pagesFetched": progress.pages_fetched,
        "pagesFailed": progress.pages_failed,
        "textsEdited": progress.texts_edited,
        "textsKept": progress.texts_kept,
        "inputTokens": str(spent.input_tokens),
        "outputTokens": str(spent.output_tokens),
        "costUsd": spent.cost,
    }


def _timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
