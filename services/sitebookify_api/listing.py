"""Pages of jobs (AIP-158): newest first, tokens that hold their place when jobs come and go."""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from sitebookify.errors import InvalidRequest, JobNotFound, JobUnreadable
from sitebookify.job_summary import JobSummary
from sitebookify.messages import Message
from sitebookify.record_json import aware
from sitebookify.repository import JobRepository
from sitebookify_api.job_cache import JobCache, JobView
from sitebookify_api.job_filter import parse_filter
from sitebookify_api.newest import newest_jobs
from sitebookify_api.requests import ListQuery

log = structlog.get_logger()

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
_AT_ONCE = 8
"""Records read at the same time for one page."""

Place = tuple[str, ...]
"""Where a job stands in an order: the values it is ordered by, its id last."""

_KEYS: dict[str, Callable[[JobSummary], str]] = {
    "create_time": lambda job: job.create_time.isoformat(),
    "update_time": lambda job: job.updated.isoformat(),
    "state": lambda job: job.state.name,
    "source_url": lambda job: job.source_url,
}
_ALIASES = {"createTime": "create_time", "updateTime": "update_time", "sourceUrl": "source_url"}


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs, and the token of the next page, "" after the last."""

    views: tuple[JobView, ...]
    next_token: str


@dataclass(frozen=True, slots=True)
class Order:
    """Names of `_KEYS`, each with True where it falls."""

    fields: tuple[tuple[str, bool], ...]

    @classmethod
    def parse(cls, text: str) -> Order:
        """An order such as ``state, create_time desc`` (AIP-132); by default the newest first.

        Raises:
            InvalidRequest: it is not one.
        """
        fields = []
        for part in (text or "create_time desc").split(","):
            name, *direction = part.split() or [""]
            name = _ALIASES.get(name, name)
            if name not in _KEYS or direction not in ([], ["asc"], ["desc"]):
                raise InvalidRequest("orderBy", Message("request.order_by", part=part.strip(), keys=", ".join(_KEYS)))
            fields.append((name, direction == ["desc"]))
        return cls(tuple(fields))

    def place(self, job: JobSummary) -> Place:
        """Where the job stands."""
        return (*(_KEYS[name](job) for name, _ in self.fields), job.id)

    def compare(self, one: Place, other: Place) -> int:
        """Below 0 where ``one`` comes first."""
        falls = [falls for _, falls in self.fields]
        for left, right, down in zip(one, other, [*falls, falls[-1]], strict=True):
            if left != right:
                return -1 if (left < right) is not down else 1
        return 0


class JobListing:
    """Lists from the index of the newest jobs, or in another order from all records; reads only the page's records."""

    def __init__(self, jobs: JobRepository, cache: JobCache) -> None:
        self._jobs = jobs
        self._cache = cache

    async def page(self, query: ListQuery) -> Page:
        """The page that the query asks for.

        Raises:
            InvalidRequest: its filter, order or token is none.
            TransientError: the store is away.
        """
        order = Order.parse(query.order_by)
        condition = parse_filter(query.filter)
        after = _read_token(query)
        size = min(query.page_size, MAX_PAGE_SIZE) or DEFAULT_PAGE_SIZE
        if order == Order.parse("") and await asyncio.to_thread(lambda: self._jobs.index.complete):
            filtered = condition if query.filter.strip() else None
            newest = await asyncio.to_thread(newest_jobs, self._jobs, size, _time_and_id(after), filtered)
            token = _token(query, (newest.last[0].isoformat(), newest.last[1])) if newest.more else ""
            return Page(await self._read(newest.jobs), token)
        summaries = await asyncio.to_thread(lambda: list(self._jobs.list()))
        places = [order.place(job) for job in summaries if not self._jobs.hidden(job) and condition(job)]
        if after is not None:
            places = [place for place in places if order.compare(place, after) > 0]
        places.sort(key=functools.cmp_to_key(order.compare))
        shown = places[:size]
        token = _token(query, shown[-1]) if len(places) > size else ""
        return Page(await self._read([(None, place[-1]) for place in shown]), token)

    async def _read(self, places: Sequence[tuple[datetime | None, str]]) -> tuple[JobView, ...]:
        """The jobs with these ids; where a time is given, only if the job was created then."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(job_id: str) -> JobView | None:
            async with limit:
                try:
                    return await self._cache.get(job_id)
                except JobNotFound:  # deleted since it was listed
                    return None
                except JobUnreadable as error:
                    log.error("record.unreadable", job_id=job_id, why=error.why)  # noqa: TRY400 - `why` says it
                    return None

        views = await asyncio.gather(*(one(job_id) for _, job_id in places))
        return tuple(
            view
            for (created, _), view in zip(places, views, strict=True)
            if view and created in (None, view.job.create_time)
        )


def _time_and_id(place: Place | None) -> tuple[datetime, str] | None:
    """Where a page of the newest jobs begins.

    Raises:
        InvalidRequest: the token names no time.
    """
    if place is None:
        return None
    try:
        return aware(place[0]), place[1]
    except ValueError as error:
        raise InvalidRequest("pageToken", Message("request.page_token")) from error


def _fingerprint(query: ListQuery) -> str:
    return hashlib.sha256(json.dumps([query.filter, query.order_by]).encode()).hexdigest()[:12]


def _token(query: ListQuery, last: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([_fingerprint(query), *last]).encode()).decode()


def _read_token(query: ListQuery) -> Place | None:
    if not query.page_token:
        return None
    try:
        fingerprint, *place = json.loads(base64.urlsafe_b64decode(query.page_token))
        if (
            not all(isinstance(value, str) for value in place)
            or len(place) != len(Order.parse(query.order_by).fields) + 1
        ):
            raise ValueError("not a place")  # noqa: TRY301 - one way out for every token that is none
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidRequest("pageToken", Message("request.page_token")) from error
    if fingerprint != _fingerprint(query):
        raise InvalidRequest("pageToken", Message("request.page_token_other"))
    return tuple(place)
