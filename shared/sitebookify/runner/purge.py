"""Removing what a job has in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import structlog

from sitebookify.jobs import Job
from sitebookify.ports import ObjectStore
from sitebookify.repository import JobRepository, data_prefix

log = structlog.get_logger()

_AT_ONCE = 16
"""Deletes under way at a time: one takes a bucket some 25 ms, and a book may have ten thousand objects."""
_BATCH = 1000
"""Names that are held at a time."""


def purge(jobs: JobRepository, store: ObjectStore, job_id: str, *, most: int | None = None) -> bool:
    """Remove a job's objects and, last, its record: a purge that was broken off can be done again.

    ``most`` objects are removed at most. False where there were more: the record stays, and so does the next purge's
    work.

    Raises:
        TransientError: the store is away; part of the objects may be gone.
    """
    if not purge_data(store, job_id, most=most):
        return False
    jobs.delete(job_id)
    log.info("job.purged", job_id=job_id)
    return True


def purge_data(store: ObjectStore, job_id: str, *, most: int | None = None) -> bool:
    """`purge` without the record.

    Raises:
        TransientError: see `purge`.
    """
    names = (info.name for info in store.list(data_prefix(job_id)))
    _delete(store, islice(names, most))
    return most is None or next(names, None) is None


def purge_intermediate(store: ObjectStore, job: Job) -> None:
    """Remove what a job that is done was made of: its book stays, and what is found beside the book's files.

    Raises:
        TransientError: the store is away; what is left goes with the job.
    """
    artifacts = tuple(artifact.object_name for artifact in job.artifacts)
    names = (info.name for info in store.list(data_prefix(job.id)))
    _delete(store, (name for name in names if name != job.failures and not name.startswith(artifacts)))


def _delete(store: ObjectStore, names: Iterable[str]) -> None:
    batches = _batches(names)
    first = next(batches, [])
    if not first:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(first)), thread_name_prefix="purge") as pool:
        for batch in (first, *batches):
            list(pool.map(store.delete, batch))


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, _BATCH)):
        yield batch
