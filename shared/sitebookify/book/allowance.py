"""What one job may use of other people's servers, of time and of the store: a hostile site must not use more.

All of it grows with the pages that were ordered. A job that reaches a limit while it crawls makes a book of what it
has, and says so; what it needs afterwards has the other half.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sitebookify.errors import PermanentError
from sitebookify.jobs import ModelUse, Spent
from sitebookify.messages import Message
from sitebookify.spec import JobSpec

MORE_PAGES = 20
"""Pages' worth that every job may use besides: robots.txt, sitemaps, a start page with many pictures."""
_END = 2.0
"""Times the limit of time after which a job is ended, wherever it is."""
_MINUTE = 60


class Limit(StrEnum):
    """What a job has used up."""

    REQUESTS = "requests"
    SECONDS = "seconds"
    BYTES = "bytes"
    OBJECTS = "objects"


_UNITS = {Limit.SECONDS: _MINUTE, Limit.BYTES: 1_000_000}
"""In which people are told of a limit: minutes and MB."""
WHOLE: Mapping[Limit, float] = dict.fromkeys(Limit, 1.0)
CRAWL_SHARE: Mapping[Limit, float] = {**dict.fromkeys(Limit, 0.5), Limit.SECONDS: 0.9}
"""Of each limit, for the crawl; the rest is for the pictures of the pages it found, which need little time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAllowance:
    """What a job may use for each page that was ordered, and for `MORE_PAGES` more."""

    requests: int = 40
    seconds: float = 75.0
    bytes: int = 8_000_000
    objects: int = 60

    def of(self, spec: JobSpec) -> Spent:
        """What the job may use in all. The time grows with the delay that its client wants between requests."""
        pages = spec.max_pages + MORE_PAGES
        return Spent(
            requests=self.requests * pages,
            seconds=max(self.seconds, 2 * spec.request_delay) * pages,
            bytes=self.bytes * pages,
            objects=self.objects * pages,
        )


class Meter:
    """Counts what a job uses in a slice, on top of what it used before.

    Args:
        limit: what it may use in all.
        before: what it used in earlier slices, as its record says.
    """

    def __init__(self, limit: Spent, before: Spent, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._before = before
        self._clock = clock
        self._began = clock()
        self._counts = dict.fromkeys((Limit.REQUESTS, Limit.BYTES, Limit.OBJECTS), 0)
        self._lock = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What the job has used so far."""
        counts, before = self._counts, self._before
        return replace(
            before,
            requests=before.requests + counts[Limit.REQUESTS],
            seconds=round(before.seconds + self._clock() - self._began, 1),
            bytes=before.bytes + counts[Limit.BYTES],
            objects=before.objects + counts[Limit.OBJECTS],
        )

    def model_used(self, use: ModelUse) -> None:
        """Take note of what the job has asked a language model in all."""
        self._before = replace(
            self._before,
            model_requests=use.requests,
            input_tokens=use.input_tokens,
            output_tokens=use.output_tokens,
            cost=round(use.cost, 6),
        )

    def count(self, what: Limit, number: int = 1) -> None:
        """Take note of a use; from any thread."""
        with self._lock:
            self._counts[what] += number

    def reached(self, share: Mapping[Limit, float] = WHOLE) -> Limit | None:
        """The first limit of which this share is used up."""
        spent = self.spent
        return next((limit for limit in Limit if getattr(spent, limit) >= self._most(limit, share)), None)

    def _most(self, limit: Limit, share: Mapping[Limit, float]) -> float:
        return share[limit] * float(getattr(self._limit, limit))

    def explain(self, limit: Limit, share: Mapping[Limit, float] = WHOLE) -> Message:
        """Why the book is incomplete, for people."""
        most = max(1, round(self._most(limit, share) / _UNITS.get(limit, 1)))
        match limit:
            case Limit.REQUESTS:
                return Message("job.incomplete.requests", most=most)
            case Limit.SECONDS:
                return Message("job.incomplete.seconds", most=most)
            case Limit.BYTES:
                return Message("job.incomplete.bytes", most=most)
            case Limit.OBJECTS:
                return Message("job.incomplete.objects", most=most)

    def check_end(self) -> None:
        """Raise once the job has taken twice its time, for what no stage stops by itself.

        Raises:
            PermanentError: JOB_TIME_LIMIT.
        """
        most = _END * self._limit.seconds
        if self.spent.seconds >= most:
            raise PermanentError(Message("job.time_limit", most=max(1, round(most / _MINUTE))), reason="JOB_TIME_LIMIT")
