"""The third net: all records, looked through now and then, so that no index has to be trusted.

What it finds missing in the indexes it adds, jobs of earlier versions too; and it finds jobs that have expired. A scan
goes on from round to round of the reconciler. The larger the store, the rarer it is: it costs a listing call every two
minutes at most, and takes place once a day at least.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from sitebookify.job_index import Scan
from sitebookify.job_summary import Care, JobSummary, UnreadableEntry
from sitebookify.repository import JobRepository

Entry = JobSummary | UnreadableEntry

_SECONDS = 20.0
"""That a round goes on looking; the next one continues."""
_LISTED = 1000
"""Records that a bucket lists in one call."""
_PER_CALL = timedelta(minutes=2)
_LONGEST = timedelta(days=1)
_AT_ONCE = 32
_BATCH = 256


class JobScan:
    """Looks through the records, a part at a time."""

    def __init__(self, jobs: JobRepository, *, seconds: float = _SECONDS) -> None:
        self._jobs = jobs
        self._seconds = seconds

    def part(self, marked: Container[str], see: Callable[[Entry], bool], *, anew: bool) -> Scan | None:
        """Look at records until ``see`` answers False or the time is over; None where no scan is due.

        Args:
            marked: ids of jobs that have a marker.
            see: is told of every record.
            anew: begin a scan now, whatever was done.

        Returns:
            How far the scan has come, to be kept once what was seen is taken care of.
        """
        scan = self._begun(self._jobs.index.scan(), self._jobs.now(), anew=anew)
        if scan is None:
            return None
        end = time.monotonic() + self._seconds
        closely = None if not scan.complete else scan.before
        entries = self._jobs.entries(after=scan.after)
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="scan") as pool:
            while batch := list(islice(entries, _BATCH)):
                list(pool.map(lambda entry: self._ensure(entry, closely, marked), batch))
                going = [see(entry) for entry in batch]
                scan = self._counted(scan, batch)
                if not all(going) or time.monotonic() >= end:
                    return scan
        over = replace(scan, complete=True, after="", ended=self._jobs.now())
        return replace(over, totals=scan.counted, counted={}, reached="")

    def _counted(self, scan: Scan, batch: list[Entry]) -> Scan:
        """The scan after the batch, whose jobs are counted unless they were before it went back."""
        counts = Counter(scan.counted)
        for entry in batch:
            if isinstance(entry, JobSummary) and entry.id > scan.reached and not self._jobs.hidden(entry):
                counts[entry.state.value] += 1
        last = batch[-1].id
        reached = max(scan.reached, last)
        return replace(scan, seen=scan.seen + len(batch), after=last, counted=dict(counts), reached=reached)

    def _begun(self, scan: Scan, now: datetime, *, anew: bool) -> Scan | None:
        if scan.after and not anew:
            return scan
        pause = min(scan.seen // _LISTED * _PER_CALL, _LONGEST)
        if scan.ended is not None and scan.ended <= now < scan.ended + pause and not anew:
            return None
        before = scan.before if scan.after else scan.began
        return replace(scan, after="", began=now, before=before, seen=0, counted={}, reached="")

    def _ensure(self, entry: Entry, since: datetime | None, marked: Container[str]) -> None:
        """Add what the indexes lack of the job; its entry is looked at only if the record was written ``since``."""
        if isinstance(entry, UnreadableEntry):
            if entry.id not in marked:  # so that the reconciler names it every round until somebody does something
                self._jobs.index.mark(entry.id, owed=True)
            return
        if entry.care is not Care.NONE and entry.id not in marked:
            self._jobs.index.mark(entry.id, owed=entry.care is Care.OWED)
        if since is None or entry.updated >= since:
            self._jobs.ensure_entry(entry)


def unfinished(scan: Scan, first: str) -> Scan:
    """The scan, to go on at the job with this id: what was found of it and later ones was not all taken care of."""
    return replace(scan, after=first[:-1])
