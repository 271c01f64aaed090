"""What pollers read: each job's record at most once a second, however many ask.

A thousand pollers of one job cost the store one conditional read a second (and nothing is transferred while the
record has not changed); the answer's bytes are made once per change. What a poller sees may be a second old. What
this process changes itself it forgets at once, so a client that cancels sees it cancelled.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from sitebookify.book.failures import PageFailure, read_failures
from sitebookify.errors import JobNotFound, JobUnreadable, TransientError
from sitebookify.jobs import Job, JobState
from sitebookify.messages import DEFAULT
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, Stored
from sitebookify_api.conditional import Entity
from sitebookify_api.language import VARY
from sitebookify_api.proto_json import Message
from sitebookify_api.resources import Presenter
from sitebookify_api.sample import SAMPLES, Samples

log = structlog.get_logger()

FRESH_SECONDS = 1.0
"""How long a read serves: the inverse is the most reads per job and second."""
_POLL_SECONDS = 2
_MOST_FAILURES = 20
"""Pages that the operation of a finished job names; all of them are in its report."""
_LONGEST_REASON = 200
_JOBS = 2048
"""Jobs kept, the least recently asked for leave first; about 10 KB each."""


class JobView:
    """A version of a job, with its answers made when they are first asked for."""

    def __init__(self, stored: Stored, presenter: Presenter, failures: Sequence[PageFailure] = ()) -> None:
        self.stored = stored
        self._presenter = presenter
        self._failures = failures
        self._resources: dict[str, Entity] = {}
        self._operations: dict[str, Entity] = {}

    @property
    def job(self) -> Job:
        """The job itself."""
        return self.stored.job

    def resource(self, language: str) -> Entity:
        """The job as JSON."""
        if language not in self._resources:
            self._resources[language] = self._entity(self._presenter.job(self.job, language))
        return self._resources[language]

    def operation(self, language: str) -> Entity:
        """The job's operation as JSON."""
        if language not in self._operations:
            operation = self._presenter.operation(self.job, language, self._failures)
            self._operations[language] = self._entity(operation)
        return self._operations[language]

    def _entity(self, message: Message) -> Entity:
        return Entity(message.to_json(), {**self.poll_hint, "vary": VARY})

    @property
    def poll_hint(self) -> dict[str, str]:
        """A header: while the job goes on, the seconds after which asking again is worth it."""
        return {} if self.job.state.terminal else {"retry-after": str(_POLL_SECONDS)}


@dataclass(slots=True)
class _Entry:
    reading: asyncio.Task[JobView | None]
    fresh_until: float


class JobCache:
    """Reads through to the repository, one read at a time per job; the ``samples`` are in no repository."""

    def __init__(
        self,
        jobs: JobRepository,
        store: ObjectStore,
        presenter: Presenter,
        *,
        clock: Callable[[], float] = time.monotonic,
        samples: Samples | None = None,
    ) -> None:
        self._samples = samples
        self._jobs = jobs
        self._store = store
        self._presenter = presenter
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    async def get(self, job_id: str) -> JobView:
        """The job, at most a second old.

        Raises:
            JobNotFound: no such job.
            JobUnreadable: its record is damaged, or cannot be shown.
            TransientError: the store is away.
        """
        if self._samples and job_id in SAMPLES:
            return JobView(Stored(await self._samples.job(job_id), 1), self._presenter)
        entry = self._entries.get(job_id)
        if entry is None or (entry.reading.done() and self._clock() >= entry.fresh_until):
            entry = self._read(job_id, entry)
        view = entry.reading.result() if entry.reading.done() else await asyncio.shield(entry.reading)
        if view is None:
            raise JobNotFound(job_id)
        return view

    def forget(self, job_id: str) -> None:
        """Read anew next time: the job was changed here."""
        self._entries.pop(job_id, None)

    def _read(self, job_id: str, before: _Entry | None) -> _Entry:
        view = None if before is None or before.reading.exception() else before.reading.result()
        reading = asyncio.create_task(asyncio.to_thread(self._load, job_id, view))
        entry = _Entry(reading, self._clock() + FRESH_SECONDS)
        reading.add_done_callback(lambda done: self._drop_failed(job_id, done))
        self._entries[job_id] = entry
        self._entries.move_to_end(job_id)
        if len(self._entries) > _JOBS:
            self._entries.popitem(last=False)
        return entry

    def _load(self, job_id: str, cached: JobView | None) -> JobView | None:
        try:
            stored = self._jobs.read(job_id, known=cached.stored if cached else None)
        except JobNotFound:
            return None
        if self._jobs.hidden(stored.job):
            return None
        if cached and cached.stored.generation == stored.generation:
            return cached
        view = JobView(stored, self._presenter, self._failures(stored.job))
        try:
            view.resource(DEFAULT)
        except Exception as error:  # a damaged value may raise anything; one job must not spoil a list of others
            raise JobUnreadable(job_id, f"{type(error).__name__}: {error}"[:_LONGEST_REASON]) from error
        return view

    def _failures(self, job: Job) -> Sequence[PageFailure]:
        """Pages that the operation names; none where their list is damaged: the job can be shown without."""
        try:
            return read_failures(self._store, _published(job), most=_MOST_FAILURES)
        except TransientError:
            raise
        except Exception:  # whatever damaged bytes make the parser raise: the job is shown without its failures
            log.exception("failures.unreadable", job_id=job.id)
            return ()

    def _drop_failed(self, job_id: str, reading: asyncio.Task[JobView | None]) -> None:
        """The next to ask tries again; who waited already has the error."""
        entry = self._entries.get(job_id)
        if entry and entry.reading is reading and (reading.cancelled() or reading.exception()):
            del self._entries[job_id]


def _published(job: Job) -> str:
    """Name of the list of failures that the operation tells of; "" before the job is done."""
    return job.failures if job.state is JobState.DONE else ""
