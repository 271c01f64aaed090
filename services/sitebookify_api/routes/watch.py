"""A job's progress as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Every event is the whole job, so none is ever missed: a client that comes back with ``Last-Event-ID`` is sent the job
as it stands, unless that is what it saw last. After the last event the stream ends; an ``EventSource`` then comes back
once and is answered 204, which tells it to stay away.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sitebookify.errors import JobNotFound, TransientError
from sitebookify_api.access import Guard
from sitebookify_api.endpoint import Endpoint, job_id
from sitebookify_api.job_cache import FRESH_SECONDS, JobCache, JobView
from sitebookify_api.language import language_of
from sitebookify_api.quota import ConcurrencyQuota

_ALIVE_SECONDS = 15.0
_STREAM_SECONDS = 290.0
"""After which a stream ends and the client comes back: Cloud Run ends a request of 300 s as an error."""
"""A comment is sent after so much silence, or proxies take the connection for dead."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class _Stream(StreamingResponse):
    """Holds a place for as long as it is sent."""

    def __init__(self, events: AsyncIterator[bytes], place: AbstractContextManager[None]) -> None:
        super().__init__(events, media_type="text/event-stream", headers=_HEADERS)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events.

        Raises:
            Refused: 429, before anything is sent.
        """
        with self._place:
            await super().__call__(scope, receive, send)


class WatchRoutes:
    """``:watch``. An idle watcher costs a suspended generator and a look at the cache a second.

    ``stop`` ends all streams, or the server would wait for its watchers when it is told to end.
    """

    def __init__(
        self, *, cache: JobCache, guard: Guard, quota: ConcurrencyQuota, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._cache = cache
        self._guard = guard
        self._quota = quota
        self._clock = clock
        self.stop = asyncio.Event()

    async def watch(self, request: Request) -> Response:
        """Stream the job until it has ended."""
        view = await self._cache.get(job_id(request))
        seen = request.headers.get("last-event-id", "")
        if view.job.state.terminal and seen == _event_id(view):
            return Response(status_code=204)
        events = self._events(view, seen, language_of(request))
        return _Stream(events, self._quota.place(self._guard.client(request)))

    async def _events(self, view: JobView, seen: str, language: str) -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        began = sent_at = self._clock()
        while not self.stop.is_set() and self._clock() - began < _STREAM_SECONDS:
            if _event_id(view) != seen:
                seen = _event_id(view)
                sent_at = self._clock()
                yield b"id: %s\nevent: job\ndata: %s\n\n" % (seen.encode(), view.resource(language).body)
            elif self._clock() - sent_at >= _ALIVE_SECONDS:
                sent_at = self._clock()
                yield b": nothing new\n\n"
            if view.job.state.terminal:
                return
            await asyncio.sleep(FRESH_SECONDS)
            try:
                view = await self._cache.get(view.job.id)
            except TransientError:  # the store is away: what was seen last still stands
                continue
            except JobNotFound:
                yield b"event: deleted\ndata: {}\n\n"
                return

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="GET",
                path="/v1/jobs/{job_id:uuid}:watch",
                name="WatchJob",
                summary="Watch a job: a server-sent event for every change, until it ends",
                handle=self.watch,
                answer="text/event-stream",
                also=(204,),
            )
        ]


def _event_id(view: JobView) -> str:
    return str(view.stored.generation)
