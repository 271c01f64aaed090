"""The ways out of a slice, counted: what a job fetches and what it stores."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Unpack

from sitebookify.book.allowance import Limit, Meter
from sitebookify.egress import FetchError, Reason, Response
from sitebookify.egress.fetcher import MAX_BYTES, Fetcher, FetchOptions
from sitebookify.ports import ObjectInfo, ObjectStore


class MeteredFetcher:
    """A fetcher that counts each request and redirect of a job, and makes none beyond the job's limits."""

    def __init__(self, fetcher: Fetcher, meter: Meter) -> None:
        self._fetcher = fetcher
        self._meter = meter

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """The answer, see `Egress.fetch`.

        Raises:
            FetchError: JOB_LIMIT, or why the fetch failed.
        """
        options["follow"] = self._within_limits(options.get("follow"))
        self._start()
        try:
            answer = await self._fetcher.fetch(url, **options)
        except FetchError as error:
            if error.reason is Reason.TOO_LARGE:
                self._meter.count(Limit.BYTES, options.get("max_bytes", MAX_BYTES))
            raise
        self._meter.count(Limit.BYTES, len(answer.body))
        return answer

    def _start(self) -> None:
        if self._meter.reached():
            raise FetchError(Reason.JOB_LIMIT)
        self._meter.count(Limit.REQUESTS)

    def _within_limits(self, follow: Callable[[str], Awaitable[bool]] | None) -> Callable[[str], Awaitable[bool]]:
        async def follow_within_limits(target: str) -> bool:
            if follow is not None and not await follow(target):
                return False
            self._start()
            return True

        return follow_within_limits


class MeteredStore:
    """The store as a job's stages see it; every write counts as an object."""

    def __init__(self, store: ObjectStore, meter: Meter) -> None:
        self._store = store
        self._meter = meter
        self.get = store.get
        self.stat = store.stat
        self.open_read = store.open_read
        self.list = store.list
        self.delete = store.delete
        self.uri = store.uri
        self.now = store.now

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        """See `ObjectStore`."""
        self._meter.count(Limit.OBJECTS)
        return self._store.put(name, data, if_generation=if_generation, content_type=content_type, metadata=metadata)

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`."""
        self._meter.count(Limit.OBJECTS)
        return self._store.write_stream(name, chunks, content_type=content_type)
