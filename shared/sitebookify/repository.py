"""Jobs in the object store: one JSON object each, changed only by compare-and-swap.

Records are ``jobs/{id}.json``; everything else of a job is under ``data/{id}/``, so a listing of ``jobs/`` is exactly
the records. The fields that a listing shows or filters on are repeated in the object's custom metadata, so listing a
thousand jobs reads no record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sitebookify.errors import JobConflict, JobNotFound, ObjectNotFound, PreconditionFailed
from sitebookify.jobs import Job, JobState
from sitebookify.messages import Message
from sitebookify.ports import ObjectInfo, ObjectStore
from sitebookify.secret_key import SecretKey

_PREFIX = "jobs/"
_TRIES = 20


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
    """What a listing knows of a job without reading its record."""

    id: str
    state: JobState
    create_time: datetime
    source_url: str
    updated: datetime
    expire_time: datetime | None
    delete_requested: bool
    webhook_due: datetime | None = None


class JobRepository:
    """Reads and writes job records; permissions are not its concern.

    Args:
        key: encrypts the secrets in records; without one, as in tests, they are stored as they are.
    """

    def __init__(
        self, store: ObjectStore, *, key: SecretKey | None = None, clock: Callable[[], datetime] = utcnow
    ) -> None:
        self._store = store
        self._key = key
        self._clock = clock

    def get(self, job_id: str) -> Stored:
        """The job as clients see it.

        Raises:
            JobNotFound: no such record, or its deletion was asked for.
        """
        stored = self.read(job_id)
        if stored.job.delete_requested:
            raise JobNotFound(job_id)
        return stored

    def read(self, job_id: str, *, known: Stored | None = None) -> Stored:
        """The current record, also of a job that is being deleted.

        If ``known`` is still current, it is returned and nothing is transferred.

        Raises:
            JobNotFound: no such record.
        """
        generation = known.generation if known else None
        try:
            record = self._store.get(_name(job_id), unless_generation=generation)
        except ObjectNotFound as error:
            raise JobNotFound(job_id) from error
        if record is None:
            assert known is not None  # noqa: S101 - without unless_generation a store always returns the object
            return known
        data, generation = record
        return Stored(self._opened(json.loads(data)), generation)

    def create(self, job: Job) -> Stored:
        """Store a new job.

        Raises:
            JobConflict: a job with this id exists.
        """
        try:
            return self._put(job, 0)
        except PreconditionFailed as error:
            raise JobConflict(Message("job.exists", job=job.id)) from error

    def replace(self, known: Stored, job: Job) -> Stored:
        """Write ``job`` if ``known`` is still the current record.

        Raises:
            PreconditionFailed: the record is at another generation; it may hold this very write.
        """
        return self._put(job, known.generation)

    def update(self, job_id: str, change: Callable[[Job], Job]) -> Stored:
        """Apply ``change`` to the current record, repeatedly until no other write comes in between.

        ``change`` must be pure; if it returns an equal job, nothing is written.

        Raises:
            JobNotFound: no such record.
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
        """Every job in order of id, also those that are being deleted; other objects are skipped."""
        for info in self._store.list(_PREFIX):
            if "state" in info.metadata:
                yield _summary(info)

    def delete(self, job_id: str) -> None:
        """Remove the record; a missing job is no error."""
        self._store.delete(_name(job_id))

    def _put(self, job: Job, generation: int) -> Stored:
        job = replace(job, update_time=self._clock())
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
    return {
        "state": job.state,
        "create_time": job.create_time.isoformat(),
        "source_url": job.spec.source_url,
        "expire_time": job.expire_time.isoformat() if job.expire_time else "",
        "delete_requested": "true" if job.delete_requested else "",
        "webhook_due": webhook_due.isoformat() if webhook_due else "",
    }


def _summary(info: ObjectInfo) -> JobSummary:
    return JobSummary(
        id=info.name.removeprefix(_PREFIX).removesuffix(".json"),
        state=JobState(info.metadata["state"]),
        create_time=datetime.fromisoformat(info.metadata["create_time"]),
        source_url=info.metadata["source_url"],
        updated=info.updated,
        expire_time=_time(info.metadata["expire_time"]),
        delete_requested=bool(info.metadata.get("delete_requested")),
        webhook_due=_time(info.metadata.get("webhook_due", "")),
    )


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
