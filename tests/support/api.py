"""The API over fakes: an object store in memory and a dispatcher that keeps what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from sitebookify.book.search.search_index import index_name
from sitebookify.jobs import Artifact, Job, JobError, JobState, ended, new_job
from sitebookify.messages import Message, literal
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.commands import JobCommands
from sitebookify.settings import Settings, load_settings
from sitebookify.spec import JobSpec
from sitebookify_api.app import Dependencies, create_app
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore

SPEC = {"sourceUrl": "https://example.com/docs/"}
RETENTION = timedelta(days=30)


@dataclass
class Api:
    """The application, what it stands on, and a client of it."""

    settings: Settings = field(default_factory=lambda: load_settings(server_private=True))
    store: ObjectStore = field(default_factory=MemoryObjectStore)
    dispatcher: RecordingDispatcher = field(default_factory=RecordingDispatcher)
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.jobs = JobRepository(self.store)
        self.commands = JobCommands(jobs=self.jobs, store=self.store, dispatcher=self.dispatcher, retention=RETENTION)
        self.app = create_app(self.dependencies())

    def dependencies(self) -> Dependencies:
        return Dependencies(
            settings=self.settings,
            jobs=self.jobs,
            commands=self.commands,
            store=self.store,
            clock=self.clock,
        )

    def client(self, *, raising: bool = True, **options: Any) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=raising)
        return httpx2.AsyncClient(transport=transport, base_url="http://localhost", **options)

    def add(self, change: Callable[[Job], Job] = lambda job: job, **spec: Any) -> Job:
        """Put a queued job into the store, changed as wanted."""
        spec = {"source_url": "https://example.com/docs/", **spec}
        return self.jobs.create(change(new_job(JobSpec(**spec), now=datetime.now(UTC)))).job

    def finished(self, files: dict[str, bytes], *, index: bytes = b"", **spec: Any) -> Job:
        """Put a job into the store that is done and has these files, and this search index beside its EPUB."""

        def change(job: Job) -> Job:
            if index:
                self.store.put(index_name(f"{data_prefix(job.id)}files/book.epub"), index)
            artifacts = tuple(self._artifact(job.id, name, data) for name, data in files.items())
            job = job.moved(JobState.RUNNING, job.create_time)
            return replace(ended(job, JobState.DONE, now=job.create_time, retention=RETENTION), artifacts=artifacts)

        return self.add(change, **spec)

    def failed(self, message: Message | str, reason: str, **spec: Any) -> Job:
        """Put a job into the store that ended in error."""
        error = JobError(message=literal(message) if isinstance(message, str) else message, reason=reason)
        return self.add(
            lambda job: ended(job, JobState.ERROR, now=job.create_time, retention=RETENTION, error=error), **spec
        )

    def _artifact(self, job_id: str, name: str, data: bytes) -> Artifact:
        info = self.store.put(f"{data_prefix(job_id)}files/{name}", data)
        types = {
            "md": "text/markdown; charset=utf-8",
            "epub": "application/epub+zip",
            "zip": "application/zip",
            "html": "text/html; charset=utf-8",
            "pdf": "application/pdf",
        } | {"jsonl": "application/jsonl"}
        content_type = types[name.rpartition(".")[2]]
        return Artifact(name=name, object_name=info.name, content_type=content_type, size=info.size)
