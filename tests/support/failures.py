"""Pages that are missing from a book, as the pipeline would publish them."""

from __future__ import annotations

from sitebookify.book.crawl.lost import why_lost
from sitebookify.book.failures import PageFailure, pack_failures
from sitebookify.jobs import Stage
from sitebookify.ports import ObjectStore
from sitebookify.repository import data_prefix


def failure(url: str, status: int | None = None, reason: str = "HTTP_STATUS") -> PageFailure:
    """A page that the crawl did not get."""
    return PageFailure(url=url, stage=Stage.CRAWL, status=status, reason=reason, message=why_lost(reason, status))


def publish(store: ObjectStore, job_id: str, *failures: PageFailure) -> str:
    """Store the list and name it, for the job's record."""
    return store.put(f"{data_prefix(job_id)}failures.jsonl.gz", pack_failures(failures)).name
