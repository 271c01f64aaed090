"""An object store in a dict: the smallest full implementation of the port."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import IO

from sitebookify.adapters.object_names import check_writable
from sitebookify.errors import ObjectNotFound, PreconditionFailed
from sitebookify.ports import ObjectInfo


class MemoryObjectStore:
    """Keeps objects as (bytes, info); safe between threads."""

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._objects: dict[str, tuple[bytes, ObjectInfo]] = {}
        self._generations = itertools.count(1)
        self._lock = threading.Lock()

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        data, info = self._find(name)
        return None if info.generation == unless_generation else (data, info.generation)

    def stat(self, name: str) -> ObjectInfo:
        return self._find(name)[1]

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        check_writable(name, metadata or {})
        with self._lock:
            self._check(name, if_generation)
            info = ObjectInfo(
                name=name,
                generation=next(self._generations),
                size=len(data),
                updated=self._clock(),
                content_type=content_type,
                metadata=dict(metadata or {}),
            )
            self._objects[name] = (bytes(data), info)
            return info

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        data = self._find(name)[0][offset:]
        return io.BytesIO(data if length is None else data[:length])

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        return self.put(name, b"".join(chunks), content_type=content_type)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        for name in sorted(self._objects):
            if name.startswith(prefix) and name > start_after:
                yield self._objects[name][1]

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        with self._lock:
            if name in self._objects:
                self._check(name, if_generation)
                del self._objects[name]

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        del name, file_name, expires_in
        return None

    def now(self) -> datetime:
        return self._clock()

    def uri(self, name: str) -> str:
        return f"memory:///{name}"

    def _find(self, name: str) -> tuple[bytes, ObjectInfo]:
        try:
            return self._objects[name]
        except KeyError as error:
            raise ObjectNotFound(name) from error

    def _check(self, name: str, if_generation: int | None) -> None:
        standing = self._objects[name][1].generation if name in self._objects else 0
        if if_generation is not None and if_generation != standing:
            raise PreconditionFailed(f"{name} is at generation {standing}, not {if_generation}")


class CountingStore(MemoryObjectStore):
    """Counts objects that are listed or looked at."""

    looks = 0

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        for info in super().list(prefix, start_after=start_after):
            self.looks += 1
            yield info

    def stat(self, name: str) -> ObjectInfo:
        self.looks += 1
        return super().stat(name)
