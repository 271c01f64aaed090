"""The sample book of a server without books: a job that is in no record, and files that are made when needed."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from sitebookify import __version__
from sitebookify.book.sample.sample_titles import TITLES
from sitebookify.errors import ObjectNotFound
from sitebookify.formats import Format, file_of
from sitebookify.jobs import Artifact, Job, JobState, Progress, Stage
from sitebookify.ports import ObjectStore
from sitebookify.runner.compute import Compute
from sitebookify.spec import JobSpec

_NAMESPACE = uuid.UUID("6f6c1c39-7a0e-4c51-9a43-6c9c4dd6a5f1")
_CHECKED_FOR = 600.0
"""Seconds for which files that were there are believed to be still there."""
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_EPUB = file_of(Format.EPUB)

SAMPLES: Mapping[str, str] = {str(uuid.uuid5(_NAMESPACE, language)): language for language in TITLES}
"""The languages of the samples, by the id of their jobs."""


def sample_id(language: str) -> str:
    """The job's id of the sample in the language, or in English."""
    chosen = language if language in TITLES else "en"
    return next(job_id for job_id, each in SAMPLES.items() if each == chosen)


class Samples:
    """Makes the samples' files once and keeps them in the store.

    Args:
        compute: where they are made: setting a book takes parsers that the API does not load.
    """

    def __init__(self, store: ObjectStore, compute: Compute) -> None:
        self._store = store
        self._compute = compute
        self._there: dict[str, tuple[float, Artifact]] = {}
        self._making = asyncio.Lock()

    async def job(self, job_id: str) -> Job:
        """The finished job of a sample, by its id in `SAMPLES`.

        Raises:
            TransientError: the store or a worker process is away.
        """
        language = SAMPLES[job_id]
        spec = JobSpec(source_url="https://sample.invalid/", title=TITLES[language], language_code=language)
        job = Job(id=job_id, spec=spec, create_time=_MADE, start_time=_MADE, completion_time=_MADE, state=JobState.DONE)
        progress = Progress(stage=Stage.PACKAGE, percent=100, pages_fetched=3)
        return replace(job, progress=progress, artifacts=(await self._epub(language),))

    async def _epub(self, language: str) -> Artifact:
        async with self._making:
            until, artifact = self._there.get(language, (0.0, None))
            if artifact is None or time.monotonic() > until:
                artifact = await self._stored(language)
                self._there[language] = (time.monotonic() + _CHECKED_FOR, artifact)
            return artifact

    async def _stored(self, language: str) -> Artifact:
        from sitebookify.book.sample.sample_book import sample_book  # noqa: PLC0415 - loads parsers, see ``compute``
        from sitebookify.book.search.search_index import index_name  # noqa: PLC0415 - as above

        name = f"samples/{_edition()}/{language}/{_EPUB.name}"
        try:
            size = (await asyncio.to_thread(self._store.stat, name)).size
        except ObjectNotFound:
            epub, index = await self._compute(sample_book, language)
            await asyncio.to_thread(self._store.put, index_name(name), index, content_type="application/zip")
            await asyncio.to_thread(self._store.put, name, epub, content_type=_EPUB.media_type)
            size = len(epub)
        return Artifact(name=_EPUB.name, object_name=name, content_type=_EPUB.media_type, size=size)


@cache
def _edition() -> str:
    """A name for what the samples are made of: this version, and their pages."""
    digest = hashlib.sha256(__version__.encode())
    folder = files("sitebookify.book.sample")
    for language in sorted(TITLES):
        for page in sorted(folder.joinpath(language).iterdir(), key=lambda page: page.name):
            digest.update(page.read_bytes())
    return digest.hexdigest()[:12]
