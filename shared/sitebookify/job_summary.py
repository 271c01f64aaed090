"""What listings know of a job: fields of its record that are repeated in the metadata of an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from urllib.parse import quote, unquote

from sitebookify.job_index import RecentEntry
from sitebookify.jobs import Job, JobState
from sitebookify.record_json import aware, optional_time

_UPDATED = "update_time"
"""Beside a record's metadata, what an entry of the newest jobs repeats of a job that has ended."""
_LONGEST_TITLE = 200
"""Characters in a listing; each takes up to twelve bytes of the metadata, which must be ASCII."""


class Care(IntEnum):
    """Whether a job needs somebody."""

    NONE = 0
    OWED = 1
    """It has ended; that is still to be told, or it is being deleted."""
    UNDER_WAY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSummary:
    """What a listing knows of a job without reading its record.

    Attributes:
        dispatched_at: when the message that continues the job was put into the outbox, or sent; None of a job that has
            ended, and in a record of an earlier version.
        unsent: the message is in the outbox.
        due: when it is to be sent, if the job rests first.
        held_until: end of the lease, as of the record's last write.
        title: of the book; like the next two, empty in a record of an earlier version.
        start_time: of the work.
        reason: that of its error.
    """

    id: str
    state: JobState
    create_time: datetime
    source_url: str
    updated: datetime
    expire_time: datetime | None
    delete_requested: bool
    webhook_due: datetime | None = None
    dispatched_at: datetime | None = None
    unsent: bool = False
    due: datetime | None = None
    held_until: datetime | None = None
    title: str = ""
    start_time: datetime | None = None
    reason: str = ""

    @property
    def care(self) -> Care:
        """Whether the job needs somebody."""
        return _care(self.state, told=self.webhook_due is None, deleted=self.delete_requested)


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """A record whose metadata cannot be read; its content may be sound."""

    id: str


def care_for(job: Job) -> Care:
    """Whether the job needs somebody."""
    told = job.webhook is None or job.webhook.due is None
    return _care(job.state, told=told, deleted=job.delete_requested)


def _care(state: JobState, *, told: bool, deleted: bool) -> Care:
    if not state.terminal:
        return Care.UNDER_WAY
    return Care.NONE if told and not deleted else Care.OWED


def metadata_of(job: Job) -> dict[str, str]:
    """What `summary_of` reads."""
    webhook_due = job.webhook.due if job.webhook else None
    out = job.dispatch
    return {
        "state": job.state,
        "create_time": job.create_time.isoformat(),
        "source_url": job.spec.source_url,
        "expire_time": job.expire_time.isoformat() if job.expire_time else "",
        "delete_requested": "true" if job.delete_requested else "",
        "webhook_due": webhook_due.isoformat() if webhook_due else "",
        "dispatched_at": out.at.isoformat() if out else "",
        "unsent": "true" if out and not out.sent else "",
        "due": out.due.isoformat() if out and out.due else "",
        "held_until": job.lease.expires_at.isoformat() if job.lease else "",
        "title": quote((job.spec.title or job.title)[:_LONGEST_TITLE]),
        "start_time": job.start_time.isoformat() if job.start_time else "",
        "reason": job.error.reason if job.error else "",
    }


def metadata_of_ended(job: Job) -> dict[str, str]:
    """What `summary_of_ended` reads."""
    return {**metadata_of(job), _UPDATED: (job.update_time or job.create_time).isoformat()}


def summary_of(job_id: str, metadata: Mapping[str, str], updated: datetime) -> JobSummary | None:
    """None where the metadata are not those of a job."""
    try:
        expire_time = optional_time(metadata["expire_time"])
        return JobSummary(
            id=job_id,
            state=JobState.stored(metadata["state"], started=False, ended=expire_time is not None),
            create_time=aware(metadata["create_time"]),
            source_url=metadata["source_url"],
            updated=updated,
            expire_time=expire_time,
            delete_requested=bool(metadata.get("delete_requested")),
            webhook_due=optional_time(metadata.get("webhook_due", "")),
            dispatched_at=optional_time(metadata.get("dispatched_at", "")),
            unsent=bool(metadata.get("unsent")),
            due=optional_time(metadata.get("due", "")),
            held_until=optional_time(metadata.get("held_until", "")),
            title=unquote(metadata.get("title", "")),
            start_time=optional_time(metadata.get("start_time", "")),
            reason=metadata.get("reason", ""),
        )
    except (ValueError, LookupError):
        return None


def summary_of_ended(entry: RecentEntry) -> JobSummary | None:
    """What the entry says; None where it says nothing, since the job had not ended when it was written."""
    try:
        updated = aware(entry.metadata[_UPDATED])
    except (ValueError, LookupError):
        return None
    return summary_of(entry.id, entry.metadata, updated)
