"""Jobs in the object store: one JSON object each, changed only by compare-and-swap.

Records are ``jobs/{id}.json``; everything else of a job is under ``data/{id}/``, so a listing of ``jobs/`` is exactly
the records. The fields that a listing shows or filters on are repeated in the object's custom metadata, so listing a
thousand jobs reads no record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from sitebookify.errors import (
    JobConflict,
    JobNotFound,
    JobUnreadable,
    ObjectDamaged,
    ObjectNotFound,
    PreconditionFailed,
)
from sitebookify.jobs import Job, JobState
from sitebookify.messages import Message
from sitebookify.ports import ObjectInfo, ObjectStore
from sitebookify.record_json import aware, optional_time
from sitebookify.secret_key import SecretKey

_PREFIX = "jobs/"
_RECORD = re.compile(r"jobs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json")
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What parsing raises for a record that is none."""
_TRIES = 20
_LONGEST_REASON = 200
_LONGEST_TITLE = 200
"""Characters in a listing; each takes up to twelve bytes of the metadata, which must be ASCII."""


def utcnow() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """A job and the generation it was read at or written as."""

    job: Job
    generation: int


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


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """A record whose metadata cannot be read; its content may be sound."""

    id: str


class JobRepository:
    """Reads and writes job records; permissions are not its concern.

    Args:
        key: encrypts the secrets in records; without one, as in tests, they are stored as they are.
        clock: what time it is for jobs; by default the store's, since machines that share it may have others.
    """

    def __init__(
        self, store: ObjectStore, *, key: SecretKey | None = None, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._store = store
        self._key = key
        self.now = clock or store.now

    def get(self, job_id: str) -> Stored:
        """The job as clients see it.

        Raises:
            JobNotFound: no such record, or it is hidden.
            JobUnreadable: see `read`.
        """
        stored = self.read(job_id)
        if self.hidden(stored.job):
            raise JobNotFound(job_id)
        return stored

    def hidden(self, job: Job | JobSummary) -> bool:
        """True where clients find no such job any more: it is being deleted, or its time is over."""
        return job.delete_requested or (job.expire_time is not None and job.expire_time <= self.now())

    def read(self, job_id: str, *, known: Stored | None = None) -> Stored:
        """The current record, also of a job that is being deleted.

        If ``known`` is still current, it is returned and nothing is transferred.

        Raises:
            JobNotFound: no such record.
            JobUnreadable: the record is damaged, or this version cannot read its form.
        """
        generation = known.generation if known else None
        try:
            record = self._store.get(_name(job_id), unless_generation=generation)
        except ObjectNotFound as error:
            raise JobNotFound(job_id) from error
        except ObjectDamaged as error:
            raise JobUnreadable(job_id, str(error)) from error
        if record is None:
            assert known is not None  # noqa: S101 - without unless_generation a store always returns the object
            return known
        data, generation = record
        return Stored(self._parsed(job_id, data), generation)

    def create(self, job: Job) -> Stored:
        """Store a new job.

        Raises:
            JobConflict: a job with this id exists.
        """
        try:
            return self._put(job, 0)
        except PreconditionFailed as error:
            raise JobConflict(Message("job.exists", job=job.id)) from error

    def replace(self, stored: Stored, job: Job) -> Stored:
        """Write ``job`` if ``stored`` is still the current record.

        Raises:
            PreconditionFailed: the record is at another generation; it may hold this very write.
        """
        return self._put(job, stored.generation)

    def update(self, job_id: str, change: Callable[[Job], Job]) -> Stored:
        """Apply ``change`` to the current record, repeatedly until no other write comes in between.

        ``change`` must be pure; if it returns an equal job, nothing is written.

        Raises:
            JobNotFound: no such record.
            JobUnreadable: see `read`.
            JobConflict: other writers won every race.
        """
        for _ in range(_TRIES):
            stored = self.read(job_id)
            job = change(stored.job)
            if job == stored.job:
                return stored
            try:
                return self._put(job, stored.generation)
            except PreconditionFailed:
                continue
        raise JobConflict(Message("job.contended", job=job_id))

    def list(self) -> Iterator[JobSummary]:
        """Every job in order of id, including jobs that are being deleted; entries that cannot be read are skipped."""
        return (entry for entry in self.entries() if isinstance(entry, JobSummary))

    def entries(self) -> Iterator[JobSummary | UnreadableEntry]:
        """As `list`, with the entries that cannot be read; objects that are no records are skipped."""
        for info in self._store.list(_PREFIX):
            if record := _RECORD.fullmatch(info.name):
                yield _summary(record[1], info) or UnreadableEntry(record[1])

    def delete(self, job_id: str) -> None:
        """Remove the record; a missing job is no error."""
        self._store.delete(_name(job_id))

    def _put(self, job: Job, generation: int) -> Stored:
        job = replace(job, update_time=self.now())
        info = self._store.put(
            _name(job.id),
            json.dumps(self._sealed(job), separators=(",", ":")).encode(),
            if_generation=generation,
            content_type="application/json",
            metadata=_metadata(job),
        )
        return Stored(job, info.generation)

    def _sealed(self, job: Job) -> dict[str, Any]:
        data = job.to_json()
        secret = job.spec.webhook_secret
        if self._key and secret:
            data["spec"]["webhook_secret"] = self._key.sealed(secret, context=job.id)
        return data

    def _parsed(self, job_id: str, data: bytes) -> Job:
        try:
            job = self._opened(json.loads(data))
        except _NONSENSE as error:
            raise JobUnreadable(job_id, f"{type(error).__name__}: {error}"[:_LONGEST_REASON]) from error
        if job.id != job_id:
            raise JobUnreadable(job_id, "it is the record of another job")
        return job

    def _opened(self, data: dict[str, Any]) -> Job:
        secret = data["spec"].get("webhook_secret")
        if self._key and secret:
            data["spec"]["webhook_secret"] = self._key.opened(secret, context=data["id"])
        return Job.from_json(data)


def data_prefix(job_id: str) -> str:
    """The folder of everything of a job except its record."""
    return f"data/{job_id}/"


def _name(job_id: str) -> str:
    return f"{_PREFIX}{job_id}.json"


def _metadata(job: Job) -> dict[str, str]:
    """What `_summary` reads."""
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


def _summary(job_id: str, info: ObjectInfo) -> JobSummary | None:
    """None where the metadata are not those of a job."""
    try:
        expire_time = optional_time(info.metadata["expire_time"])
        return JobSummary(
            id=job_id,
            state=JobState.stored(info.metadata["state"], started=False, ended=expire_time is not None),
            create_time=aware(info.metadata["create_time"]),
            source_url=info.metadata["source_url"],
            updated=info.updated,
            expire_time=expire_time,
            delete_requested=bool(info.metadata.get("delete_requested")),
            webhook_due=optional_time(info.metadata.get("webhook_due", "")),
            dispatched_at=optional_time(info.metadata.get("dispatched_at", "")),
            unsent=bool(info.metadata.get("unsent")),
            due=optional_time(info.metadata.get("due", "")),
            held_until=optional_time(info.metadata.get("held_until", "")),
            title=unquote(info.metadata.get("title", "")),
            start_time=optional_time(info.metadata.get("start_time", "")),
            reason=info.metadata.get("reason", ""),
        )
    except (ValueError, LookupError):
        return None
