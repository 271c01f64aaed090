"""Jobs in the object store: one JSON object each, changed only by compare-and-swap.

Records are ``jobs/{id}.json``; everything else of a job is under ``data/{id}/``, so a listing of ``jobs/`` is exactly
the records. The fields that a listing shows or filters on are repeated in the object's custom metadata, so listing a
thousand jobs reads no record. Which jobs need somebody and which are the newest is in the indexes beside them, see
`job_index`.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import structlog

from sitebookify.errors import (
    JobConflict,
    JobNotFound,
    JobUnreadable,
    ObjectDamaged,
    ObjectNotFound,
    PreconditionFailed,
    StoreError,
    TransientError,
)
from sitebookify.job_index import JobIndex, RecentEntry
from sitebookify.job_summary import (
    Care,
    JobSummary,
    UnreadableEntry,
    care_for,
    metadata_of,
    metadata_of_ended,
    summary_of,
    summary_of_ended,
)
from sitebookify.jobs import Job
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore
from sitebookify.secret_key import SecretKey

log = structlog.get_logger()

_PREFIX = "jobs/"
_RECORD = re.compile(r"jobs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json")
_NONSENSE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What parsing raises for a record that is none."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""Most are pairs: emoji, for example."""
_TRIES = 20
_READ_AT_ONCE = 32
"""Looks at records under way at a time, where there are many to look at."""
_BATCH = 256
_LONGEST_REASON = 200


def utcnow() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """A job and the generation it was read at or written as."""

    job: Job
    generation: int


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
        self.index = JobIndex(store)

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
        with ThreadPoolExecutor(1) as beside:  # each of the two writes takes a bucket some 25 ms
            entering = beside.submit(self.index.enter, job.id, job.create_time)
            self.index.mark(job.id, owed=care_for(job) is not Care.UNDER_WAY)
            entering.result()
        try:
            stored = self._put(job, 0, job)
        except PreconditionFailed as error:
            self._leave(job)
            raise JobConflict(Message("job.exists", job=job.id)) from error
        if care_for(job) is Care.NONE:
            self.settle(stored.job, self.index.generation(job.id))
        return stored

    def replace(self, stored: Stored, job: Job) -> Stored:
        """Write ``job`` if ``stored`` is still the current record.

        Raises:
            PreconditionFailed: the record is at another generation; it may hold this very write.
        """
        return self._put(job, stored.generation, stored.job)

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
                return self._put(job, stored.generation, stored.job)
            except PreconditionFailed:
                continue
        raise JobConflict(Message("job.contended", job=job_id))

    def list(self) -> Iterator[JobSummary]:
        """Every job in order of id, including jobs that are being deleted; entries that cannot be read are skipped."""
        return (entry for entry in self.entries() if isinstance(entry, JobSummary))

    def entries(self, *, after: str = "") -> Iterator[JobSummary | UnreadableEntry]:
        """As `list`, after the id, with the entries that cannot be read; objects that are no records are skipped."""
        for info in self._store.list(_PREFIX, start_after=_name(after) if after else ""):
            if record := _RECORD.fullmatch(info.name):
                yield summary_of(record[1], info.metadata, info.updated) or UnreadableEntry(record[1])

    def summary(self, job_id: str) -> JobSummary | UnreadableEntry | None:
        """What `entries` yields of the job; None where there is no record."""
        try:
            info = self._store.stat(_name(job_id))
        except ObjectNotFound:
            return None
        except ObjectDamaged:
            return UnreadableEntry(job_id)
        return summary_of(job_id, info.metadata, info.updated) or UnreadableEntry(job_id)

    def summaries(self, ids: Iterable[str]) -> Iterator[JobSummary | UnreadableEntry | None]:
        """`summary` of each, in their order, many at a time."""
        rest = iter(ids)
        while batch := list(islice(rest, _BATCH)):
            with ThreadPoolExecutor(min(_READ_AT_ONCE, len(batch)), thread_name_prefix="summaries") as pool:
                yield from pool.map(self.summary, batch)

    def active(self) -> frozenset[str]:
        """Ids of the jobs that have not ended; a job that ended a moment ago may be among them."""
        if self.index.complete:
            return frozenset(marker.id for marker in self.index.markers() if not marker.owed)
        return frozenset(job.id for job in self.list() if not job.state.terminal)

    def recent(self, after: tuple[datetime, str] | None = None) -> Iterator[tuple[RecentEntry, JobSummary | None]]:
        """Jobs in order of their creation, the newest first, each with what its entry says if the job has ended.

        An entry may be of a job that is no more, or was created at another time, or goes on again.
        """
        for entry in self.index.recent(after):
            yield entry, summary_of_ended(entry)

    def settle(self, job: Job, marker: int) -> None:
        """Note in the indexes what the record says by now: it needs less than it did.

        ``marker`` is the generation of the job's marker before the record was written, or read; 0: it had none.
        """
        try:
            if care_for(job) is Care.OWED:
                self.index.mark(job.id, owed=True, if_generation=marker)
                return
            self.index.enter(job.id, job.create_time, metadata_of_ended(job))
            if marker:
                self.index.unmark(job.id, marker)
        except (TransientError, StoreError, PreconditionFailed) as error:
            log.debug("job.not_settled", job_id=job.id, why=str(error))  # the reconciler does it

    def ensure_entry(self, summary: JobSummary) -> None:
        """Write the job's entry among the newest if it is missing, or not what the job came to.

        Raises:
            TransientError: the store is away.
        """
        entry = self.index.entry(summary.id, summary.create_time)
        if summary.care is not Care.NONE:
            if entry is None:
                self.index.enter(summary.id, summary.create_time)
        elif entry is None or entry.get("state") != summary.state.value:
            with contextlib.suppress(JobNotFound, JobUnreadable):
                job = self.read(summary.id).job
                if care_for(job) is Care.UNDER_WAY:  # the listing is wrong, which the reconciler sees by the marker
                    self.index.mark(job.id)
                else:
                    self.settle(job, 0)

    def delete(self, job_id: str) -> None:
        """Remove the record, and the job from the indexes; a missing job is no error."""
        marker = self.index.generation(job_id)
        summary = self.summary(job_id)
        if isinstance(summary, JobSummary):
            self.index.leave(job_id, summary.create_time)
        self._store.delete(_name(job_id))
        if marker:
            self.index.unmark(job_id, marker)
        self.index.unmark_owed(job_id)  # a worker may have noted meanwhile that the job has ended, see `settle`

    def _leave(self, job: Job) -> None:
        """Remove the entry of a job that was not created, since there is one with its id."""
        summary = self.summary(job.id)
        if isinstance(summary, JobSummary) and summary.create_time != job.create_time:
            self.index.leave(job.id, job.create_time)

    def _put(self, job: Job, generation: int, before: Job) -> Stored:
        """Write the record; first mark a job that needs more than ``before``, and last settle one that needs less."""
        care, was = care_for(job), care_for(before)
        marker = 0
        if care > was:
            self.index.mark(job.id, owed=care is Care.OWED)
        elif care < was:
            marker = self.index.generation(job.id)
        stored = self._write(job, generation)
        if care < was:
            self.settle(stored.job, marker)
        return stored

    def _write(self, job: Job, generation: int) -> Stored:
        job = replace(job, update_time=self.now())
        info = self._store.put(
            _name(job.id),
            json.dumps(self._sealed(job), separators=(",", ":")).encode(),
            if_generation=generation,
            content_type="application/json",
            metadata=metadata_of(job),
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
            job = self._opened(_decoded(data))
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


def _decoded(data: bytes) -> Any:
    """The record's JSON; halves of surrogate pairs, which no answer can contain, become replacement characters.

    Raises:
        ValueError, RecursionError: it is none.
    """
    value = json.loads(data, parse_constant=_no_number)
    if _SURROGATE.search(data):
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        return json.loads(text)
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def data_prefix(job_id: str) -> str:
    """The folder of everything of a job except its record."""
    return f"data/{job_id}/"


def _name(job_id: str) -> str:
    return f"{_PREFIX}{job_id}.json"
