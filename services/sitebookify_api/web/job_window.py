"""The jobs on the operator's page: those that need attention, and the newest of the others.

However many records there are, this reads some thousand entries of the two indexes and at most as many records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sitebookify.job_index import Marker
from sitebookify.job_summary import JobSummary, UnreadableEntry
from sitebookify.jobs import JobState
from sitebookify.repository import JobRepository

_MOST_NEWEST = 5000
"""Entries of the newest jobs: five calls to a bucket, and a day of 200 jobs an hour."""
_MOST_MARKED = 2000
"""Jobs that need attention: looking at the records of so many takes a bucket two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWindow:
    """What there is to see.

    Attributes:
        jobs: in no particular order; hidden ones are left out.
        unreadable: ids of jobs whose metadata are damaged.
        whole: True if these are all jobs.
        since: jobs created earlier are included only if they need attention; None: there is no such limit.
        totals: ended jobs of the whole store by state, as the latest scan counted them.
        counted_at: when that scan ended; None: there was none.
    """

    jobs: tuple[JobSummary, ...]
    unreadable: frozenset[str]
    whole: bool
    since: datetime | None
    totals: Mapping[str, int]
    counted_at: datetime | None

    def count(self, state: JobState) -> int:
        """Jobs in the state, as far as is known."""
        seen = sum(job.state is state for job in self.jobs)
        return seen if self.whole or not state.terminal else max(seen, self.totals.get(state.value, 0))


def job_window(jobs: JobRepository, *, newest: int = _MOST_NEWEST, marked: int = _MOST_MARKED) -> JobWindow:
    """Look at ``newest`` and ``marked`` jobs at most.

    Raises:
        TransientError: the store is away.
    """
    markers = list(islice(jobs.index.markers(), marked + 1))
    entries = list(islice(jobs.recent(), newest + 1))
    scan = jobs.index.scan()
    seen = _Seen(jobs, markers[:marked])
    for entry, summary in entries[:newest]:
        seen.add(entry.id, entry.create_time, summary)
    summaries = seen.looked_up(marked)
    beyond = len(entries) > newest
    return JobWindow(
        jobs=tuple(job for job in summaries if isinstance(job, JobSummary) and not jobs.hidden(job)),
        unreadable=frozenset(job.id for job in summaries if isinstance(job, UnreadableEntry)),
        whole=scan.complete and not beyond and len(markers) <= marked,
        since=entries[newest - 1][0].create_time if beyond else None,
        totals=scan.totals,
        counted_at=scan.ended,
    )


class _Seen:
    """Summaries that entries have, and ids of the jobs whose records have to be looked at."""

    def __init__(self, jobs: JobRepository, markers: list[Marker]) -> None:
        self._jobs = jobs
        self._asked = dict.fromkeys(marker.id for marker in markers)
        self._told: dict[str, JobSummary] = {}

    def add(self, job_id: str, create_time: datetime, summary: JobSummary | None) -> None:
        """Take the summary from the entry, unless the job has a marker or has not ended."""
        if job_id in self._asked:
            return
        if summary is None:
            self._asked[job_id] = None
        elif summary.create_time == create_time:
            self._told[job_id] = summary

    def looked_up(self, most: int) -> list[JobSummary | UnreadableEntry]:
        """The summaries of all, once each; of at most twice so many, the record is looked at."""
        asked = islice(self._asked, 2 * most)
        records = [entry for entry in self._jobs.summaries(asked) if entry is not None]
        return [*records, *self._told.values()]
