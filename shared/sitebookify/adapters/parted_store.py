"""An object store of which some folders are in another one: what outlives a job's directory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO

from sitebookify.ports import ObjectInfo, ObjectStore


class PartedObjectStore:
    """An ``ObjectStore``: what is under ``folders``, such as ``answers/``, is in ``other``, the rest in ``store``.

    A listing is of one of them: its prefix names a folder, or something outside of them.
    """

    def __init__(self, store: ObjectStore, other: ObjectStore, *, folders: Collection[str]) -> None:
        self._store = store
        self._other = other
        self._folders = tuple(folders)

    def _of(self, name: str) -> ObjectStore:
        return self._other if name.startswith(self._folders) else self._store

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        """See `ObjectStore`."""
        return self._of(name).get(name, unless_generation=unless_generation)

    def stat(self, name: str) -> ObjectInfo:
        """See `ObjectStore`."""
        return self._of(name).stat(name)

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
        store = self._of(name)
        return store.put(name, data, if_generation=if_generation, content_type=content_type, metadata=metadata)

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        """See `ObjectStore`."""
        return self._of(name).open_read(name, offset=offset, length=length)

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`."""
        return self._of(name).write_stream(name, chunks, content_type=content_type)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`."""
        return self._of(prefix).list(prefix, start_after=start_after)

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """See `ObjectStore`."""
        self._of(name).delete(name, if_generation=if_generation)

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """See `ObjectStore`."""
        return self._of(name).download_url(name, file_name=file_name, expires_in=expires_in)

    def now(self) -> datetime:
        """See `ObjectStore`."""
        return self._store.now()

    def uri(self, name: str) -> str:
        """See `ObjectStore`."""
        return self._of(name).uri(name)
