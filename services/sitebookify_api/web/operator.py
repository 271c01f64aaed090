"""What the operator of a private server wants to see at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sitebookify.errors import JobNotFound, JobUnreadable
from sitebookify.job_summary import JobSummary
from sitebookify.jobs import Job, JobState
from sitebookify.messages import Catalogue
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository
from sitebookify_api.web.job_window import job_window

HOURS = 24
_MOST_LISTED = 20
_MOST_FINISHED = 10
_MOST_MALFORMED = 1000
_DEAD = frozenset({"DEAD_LETTERED", "ATTEMPTS_EXHAUSTED"})
_OF_ORDERS = frozenset(
    {
        "ADDRESS_REFUSED",
        "BAD_URL",
        "BLOCKED",
        "LANGUAGE_UNKNOWN",
        "NEEDS_JAVASCRIPT",
        "NEEDS_LOGIN",
        "NOTHING_TO_EXTRACT",
        "ROBOTS_DISALLOWED",
        "ROBOTS_UNREADABLE",
    }
)
_OF_START_PAGE = "START_PAGE_"
"""Reasons of errors that say something of the order or its site, and nothing of this server."""
_HOUR = timedelta(hours=1)

Json = dict[str, Any]


def figures(jobs: JobRepository, store: ObjectStore, words: Catalogue, now: datetime) -> Json:
    """Counts and hours of the jobs in the window; records are read of what is running and of the latest failures only.

    ``since`` and ``counted`` say how far the figures can be relied on, see `job_window`; both are None where all jobs
    are in it.
    """
    window = job_window(jobs)
    records = _Records(jobs, window.unreadable)
    summaries = window.jobs
    states = {state: [job for job in summaries if job.state is state] for state in JobState}
    waiting = sorted(states[JobState.QUEUED], key=lambda job: job.create_time)
    running = sorted(states[JobState.RUNNING], key=lambda job: job.create_time)
    done = sorted(states[JobState.DONE], key=lambda job: job.updated, reverse=True)
    failed = sorted(states[JobState.ERROR], key=lambda job: job.updated, reverse=True)
    errors = records.read(failed[:_MOST_LISTED])
    records.read(waiting[:_MOST_LISTED])
    return {
        "now": now.isoformat(),
        "counts": {state.value: window.count(state) for state in JobState},
        "since": window.since.isoformat() if window.since else None,
        "counted": window.counted_at.isoformat() if window.counted_at and not window.whole else None,
        "hours": _hours(summaries, now),
        "waiting": [_named(job.id, job.source_url, job.create_time) for job in waiting[:_MOST_LISTED]],
        "running": [_running(job, now) for job in records.read(running[:_MOST_LISTED])],
        "finished": [_finished(job) for job in done[:_MOST_FINISHED]],
        "errors": [_error(job, words) for job in errors if not _is_dead(job)],
        "deadLetters": [_error(job, words) for job in errors if _is_dead(job)],
        "malformed": sum(1 for _ in islice(store.list("malformed/"), _MOST_MALFORMED)),
        "unreadable": sorted(records.unreadable),
    }


class _Records:
    """Reads job records, and collects the ids of unreadable ones."""

    def __init__(self, jobs: JobRepository, unreadable: Iterable[str]) -> None:
        self._jobs = jobs
        self.unreadable = set(unreadable)

    def read(self, chosen: Sequence[JobSummary]) -> list[Job]:
        """The jobs that can be read."""
        with ThreadPoolExecutor(_MOST_LISTED, thread_name_prefix="status") as pool:
            return [job for job in pool.map(self._one, chosen) if job is not None]

    def _one(self, summary: JobSummary) -> Job | None:
        try:
            return self._jobs.get(summary.id).job
        except JobNotFound:  # deleted since it was listed
            return None
        except JobUnreadable:
            self.unreadable.add(summary.id)
            return None


def _hours(summaries: Sequence[JobSummary], now: datetime) -> list[Json]:
    """For each of the last 24 hours, the oldest first: jobs created and jobs that ended, by how; and the queue.

    Errors count as ``refused`` where the order or its site is the reason. ``waiting`` are the jobs in the queue at the
    hour's end, ``waited`` is the longest time in seconds that a job of the hour was in the queue before its start.
    """
    created: Counter[int] = Counter()
    ended: dict[str, Counter[int]] = {how: Counter() for how in ("done", "error", "refused", "cancelled")}
    waited: Counter[int] = Counter()
    for job in summaries:
        created[(now - job.create_time) // _HOUR] += 1
        if job.state.terminal:
            how = "refused" if _is_refused(job) else job.state.value
            ended[how][(now - job.updated) // _HOUR] += 1
        if job.start_time:
            hour = (now - job.start_time) // _HOUR
            waited[hour] = max(waited[hour], round((job.start_time - job.create_time).total_seconds()))
    return [
        {
            "created": created[age],
            **{how: counter[age] for how, counter in ended.items()},
            "waiting": _in_queue(summaries, now - age * _HOUR),
            "waited": waited[age],
        }
        for age in reversed(range(HOURS))
    ]


def _is_refused(job: JobSummary) -> bool:
    """True where the job failed for a reason that this server cannot help."""
    users_fault = job.reason in _OF_ORDERS or job.reason.startswith(_OF_START_PAGE)
    return job.state is JobState.ERROR and users_fault


def _in_queue(summaries: Iterable[JobSummary], time: datetime) -> int:
    """Jobs that were in the queue at the time; of a job that ended without a start, it is not known."""
    return sum(
        1
        for job in summaries
        if job.create_time <= time and (job.start_time > time if job.start_time else not job.state.terminal)
    )


def _finished(job: JobSummary) -> Json:
    took = round((job.updated - job.start_time).total_seconds()) if job.start_time else None
    return {**_named(job.id, job.source_url, job.updated), "title": job.title, "took": took}


def _named(job_id: str, url: str, time: datetime | None) -> Json:
    return {"id": job_id, "url": url, "time": time.isoformat() if time else None}


def _running(job: Job, now: datetime) -> Json:
    lease = None
    if job.lease:
        lease = {"holder": job.lease.holder[:8], "seconds": round((job.lease.expires_at - now).total_seconds(), 1)}
    return {
        **_named(job.id, job.spec.source_url, job.start_time),
        "stage": job.stage.value,
        "percent": job.progress.percent,
        "pages": job.progress.pages_fetched,
        "step": job.step,
        "attempts": job.attempts,
        "lease": lease,
    }


def _error(job: Job, words: Catalogue) -> Json:
    error = job.error
    return {
        **_named(job.id, job.spec.source_url, job.completion_time),
        "message": words.show(error.message) if error else "",
        "reason": error.reason if error else "",
    }


def _is_dead(job: Job) -> bool:
    return job.error is not None and job.error.reason in _DEAD
