"""How much may be under way at once; beyond it a client is told 429 and when to come again."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from sitebookify.messages import Message
from sitebookify.repository import JobRepository
from sitebookify_api.status import Code, Refused, Status

log = structlog.get_logger()

_T = TypeVar("_T")
_SNAPSHOT_SECONDS = 5.0
"""How old the count of active jobs may be: the listing behind it is not for every request."""
_REFUSAL_SECONDS = 1.0
"""How old it may be where a request is refused for it."""
_PATIENCE_SECONDS = 2.0
"""How long a request that would be refused waits for a newer listing."""
_SHARE_OF_TIME = 10
"""The listing takes a tenth of the time at most, however many jobs there are."""
_SHARES = 4
"""Clients that can fill a `ConcurrencyQuota` together."""
_PLACE_SECONDS = 5.0
"""After which a place of a `ConcurrencyQuota` may be free."""


async def finished_in_thread(function: Callable[..., _T], *args: Any) -> _T:
    """The function's value; where the caller is cancelled, that waits for the thread: it cannot be stopped."""
    work = asyncio.ensure_future(asyncio.to_thread(function, *args))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


def exhausted(reason: str, message: Message, retry_after: float) -> Refused:
    """429 RESOURCE_EXHAUSTED."""
    return Refused(Status(code=Code.RESOURCE_EXHAUSTED, reason=reason, message=message, retry_after=retry_after))


@dataclass(frozen=True, slots=True)
class _Created:
    client: str
    request_id: str
    at: float


class JobQuota:
    """Bounds queued and running jobs: all of them by the store's listing, a client's by what this process created.

    The listing (of the markers of such jobs, see `job_index`) is read in the background: only a process's first request
    waits for it. So the bound for all holds over every process but for what others created since the last listing; the
    bound per client holds per process, and a restart begins it anew.
    """

    def __init__(
        self, jobs: JobRepository, *, per_client: int, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._jobs = jobs
        self._per_client = per_client
        self._total = total
        self._clock = clock
        self._created: dict[str, _Created] = {}
        self._pending: Counter[tuple[str, str]] = Counter()
        self._active: frozenset[str] = frozenset()
        self._listed_at = float("-inf")
        self._longest_listing = 0.0
        self._listing: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def place(self, client: str, request_id: str) -> AsyncIterator[Callable[[str], None]]:
        """A place for one more job of the client; inside the block, call the value with the created job's id.

        A request id that was seen takes no place: it makes no job.

        Raises:
            Refused: 429, the client or the server has as many as it may.
        """
        await self._look(_SNAPSHOT_SECONDS, patience=0 if self._listed else None)
        if not self._seen(client, request_id):
            await self._check(client)
        self._pending[client, request_id] += 1
        try:
            yield lambda job_id: self._note(job_id, _Created(client, request_id, self._clock()))
        finally:
            self._pending[client, request_id] -= 1
            self._pending += Counter()  # drops the zeros

    async def _check(self, client: str) -> None:
        if self._refusal(client):
            await self._look(_REFUSAL_SECONDS, patience=_PATIENCE_SECONDS)  # jobs may have ended meanwhile
        if refusal := self._refusal(client):
            raise refusal

    def _refusal(self, client: str) -> Refused | None:
        fresh = sum(job_id not in self._active for job_id in self._created)
        if len(self._active) + fresh + self._under_way() >= self._total:
            return exhausted("SERVER_BUSY", Message("api.server_busy", count=self._total), 60)
        own = sum(created.client == client for created in self._created.values()) + self._under_way(client)
        if own >= self._per_client:
            return exhausted("TOO_MANY_JOBS", Message("api.too_many_jobs", count=own), 30)
        return None

    def _under_way(self, client: str | None = None) -> int:
        """Requests that may make a job each, of one client or of all: those with one id make one together."""
        requests = [key for key in self._pending if client in (None, key[0])]
        return sum(1 if request_id else self._pending[owner, request_id] for owner, request_id in requests)

    def _seen(self, client: str, request_id: str) -> bool:
        if not request_id:
            return False
        created = any(each.client == client and each.request_id == request_id for each in self._created.values())
        return created or self._pending[client, request_id] > 0

    def _note(self, job_id: str, created: _Created) -> None:
        self._created.setdefault(job_id, created)

    @property
    def _listed(self) -> bool:
        return self._listed_at > float("-inf")

    async def _look(self, oldest: float, *, patience: float | None) -> None:
        """Read the listing if it is older than that, and wait ``patience`` seconds for it; None: to its end.

        Raises:
            TransientError: the store is away, and there is no listing yet.
        """
        now = self._clock()
        if self._listing is None and now - self._listed_at >= max(oldest, self._longest_listing * _SHARE_OF_TIME):
            self._listing = asyncio.create_task(self._list(now))
            self._listing.add_done_callback(self._end_listing)
        if self._listing is None or patience == 0:
            return
        listing = self._listing
        await asyncio.wait({listing}, timeout=patience)
        if not self._listed and listing.done():
            listing.result()

    def _end_listing(self, listing: asyncio.Task[None]) -> None:
        self._listing = None
        if not listing.cancelled() and (error := listing.exception()):
            log.warning("quota.not_listed", why=str(error))

    async def _list(self, now: float) -> None:
        self._active = await asyncio.to_thread(self._jobs.active)
        self._listed_at = now
        self._longest_listing = self._clock() - now
        self._created = {
            job_id: created for job_id, created in self._created.items() if job_id in self._active or created.at >= now
        }


class ConcurrencyQuota:
    """Bounds what may be under way at once of one kind: ``total``, and a quarter of that for each client.

    Args:
        reason: of the refusal, for programs.
        message: of the refusal, for people.
    """

    def __init__(self, *, total: int, reason: str, message: Message) -> None:
        self._per_client = max(1, total // _SHARES)
        self._total = total
        self._reason = reason
        self._message = message
        self._running: Counter[str] = Counter()

    @contextlib.contextmanager
    def place(self, client: str) -> Iterator[None]:
        """A place for one more of the client.

        Raises:
            Refused: 429, there is none.
        """
        if self._running.total() >= self._total or self._running[client] >= self._per_client:
            raise exhausted(self._reason, self._message, _PLACE_SECONDS)
        self._running[client] += 1
        try:
            yield
        finally:
            self._running[client] -= 1
            self._running += Counter()
