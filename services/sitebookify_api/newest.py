"""The newest jobs, from their index: a page costs the same however many jobs there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sitebookify.job_index import RecentEntry
from sitebookify.job_summary import JobSummary
from sitebookify.repository import JobRepository

_BATCH = 100
_MOST = 2000
"""Entries that a request looks at: a page whose filter fits none of so many is short or empty, with a token."""

Place = tuple[datetime, str]
Condition = Callable[[JobSummary], bool]
Entry = tuple[RecentEntry, JobSummary | None]
"""An entry of the index, and the summary of its job; None where the entry does not have one."""


@dataclass(frozen=True, slots=True)
class Newest:
    """A page of jobs by creation time and id; ``more``: another page may follow, which starts after ``last``."""

    jobs: list[Place]
    more: bool
    last: Place


def newest_jobs(jobs: JobRepository, size: int, after: Place | None, condition: Condition | None) -> Newest:
    """The newest jobs after a place; without a ``condition``, jobs that are hidden or gone may be among them.

    An entry says what a job came to, unless it has a marker: then, or if the entry says nothing, the record is asked.

    Raises:
        TransientError: the store is away.
    """
    marked = {marker.id for marker in jobs.index.markers()} if condition else set()
    chosen: list[Place] = []
    place, seen = (after or (datetime.max.replace(tzinfo=UTC), "")), 0
    for batch in _batches(jobs.recent(after)):
        for entry, summary in _looked_up(jobs, batch, marked, all_of_them=condition is not None):
            fits = _fits(jobs, entry, summary, condition)
            if fits and len(chosen) == size:
                return Newest(chosen, more=True, last=place)
            place = (entry.create_time, entry.id)
            if fits:
                chosen.append(place)
        seen += len(batch)
        if seen >= _MOST:
            return Newest(chosen, more=True, last=place)
    return Newest(chosen, more=False, last=place)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _looked_up(jobs: JobRepository, batch: list[Entry], marked: set[str], *, all_of_them: bool) -> Iterator[Entry]:
    """The entries with current summaries: records are read only where an entry may be out of date."""
    asked = []
    for entry, summary in batch:
        unsure = summary is None or entry.id in marked
        if unsure if all_of_them else (summary is not None and jobs.hidden(summary)):
            asked.append(entry.id)
    true = dict(zip(asked, jobs.summaries(asked), strict=True))
    for entry, summary in batch:
        current = true.get(entry.id, summary)
        yield entry, current if isinstance(current, JobSummary) else None


def _fits(jobs: JobRepository, entry: RecentEntry, summary: JobSummary | None, condition: Condition | None) -> bool:
    if summary is None:
        return condition is None
    if summary.create_time != entry.create_time or jobs.hidden(summary):
        return False
    return condition is None or condition(summary)
