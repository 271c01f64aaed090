"""What the operator of a private server wants to see at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sitebookify.errors import JobNotFound, JobUnreadable
from sitebookify.jobs import Job, JobState
from sitebookify.messages import Catalogue
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, JobSummary

HOURS = 24
_MOST_LISTED = 20
_DEAD = frozenset({"DEAD_LETTERED", "ATTEMPTS_EXHAUSTED"})
_HOUR = timedelta(hours=1)

Json = dict[str, Any]


def figures(jobs: JobRepository, store: ObjectStore, words: Catalogue, now: datetime) -> Json:
    """Counts and hours from one listing; records are read of what is running and of the latest failures only."""
    records = _Records(jobs)
    summaries = [job for job in records.listed() if not job.delete_requested]
    states = {state: [job for job in summaries if job.state is state] for state in JobState}
    waiting = sorted(states[JobState.QUEUED], key=lambda job: job.create_time)
    running = sorted(states[JobState.RUNNING], key=lambda job: job.create_time)
    failed = sorted(states[JobState.ERROR], key=lambda job: job.updated, reverse=True)
    errors = records.read(failed[:_MOST_LISTED])
    records.read(waiting[:_MOST_LISTED])
    return {
        "now": now.isoformat(),
        "counts": {state.value: len(of_state) for state, of_state in states.items()},
        "hours": _hours(summaries, now),
        "waiting": [_named(job.id, job.source_url, job.create_time) for job in waiting[:_MOST_LISTED]],
        "running": [_running(job, now) for job in records.read(running[:_MOST_LISTED])],
        "errors": [_error(job, words) for job in errors if not _is_dead(job)],
        "deadLetters": [_error(job, words) for job in errors if _is_dead(job)],
        "malformed": sum(1 for _ in store.list("malformed/")),
        "unreadable": sorted(records.unreadable),
    }


class _Records:
    """Reads records and notes the ids of those that make no sense."""

    def __init__(self, jobs: JobRepository) -> None:
        self._jobs = jobs
        self.unreadable: set[str] = set()

    def listed(self) -> Iterator[JobSummary]:
        """Every job whose listing can be read."""
        for entry in self._jobs.entries():
            if isinstance(entry, JobSummary):
                yield entry
            else:
                self.unreadable.add(entry.id)

    def read(self, chosen: Iterable[JobSummary]) -> list[Job]:
        """The jobs that can be read."""
        jobs = []
        for summary in chosen:
            try:
                jobs.append(self._jobs.get(summary.id).job)
            except JobNotFound:  # deleted since it was listed
                continue
            except JobUnreadable:
                self.unreadable.add(summary.id)
        return jobs


def _hours(known: Iterable[JobSummary], now: datetime) -> list[Json]:
    """For each of the last 24 hours, the oldest first: jobs created, and jobs that ended by how."""
    created: Counter[int] = Counter()
    ended: dict[JobState, Counter[int]] = {state: Counter() for state in JobState if state.terminal}
    for job in known:
        created[(now - job.create_time) // _HOUR] += 1
        if job.state.terminal:
            ended[job.state][(now - job.updated) // _HOUR] += 1
    return [
        {"created": created[age], **{state.value: counter[age] for state, counter in ended.items()}}
        for age in reversed(range(HOURS))
    ]


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
