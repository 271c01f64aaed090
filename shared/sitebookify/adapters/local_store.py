"""The object store in a local directory that several processes share.

Every object is one file (see `local_file`) that is written aside and renamed into place: a killed writer leaves the
old version whole, and who has opened a version reads that version to its end. Writers of a name take turns by a file
lock, so that a generation can be compared and swapped; readers wait for nobody.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import quote

import structlog

from sitebookify.adapters.local_file import last_line, link_or_copy, read_info
from sitebookify.adapters.local_layout import path_of, walk
from sitebookify.adapters.local_lock import NameLocks
from sitebookify.adapters.object_names import check_writable, is_name
from sitebookify.adapters.private_directory import close_to_others, make_private
from sitebookify.adapters.range_reader import RangeReader
from sitebookify.errors import (
    ObjectDamaged,
    ObjectNotFound,
    PreconditionFailed,
    StoreFull,
    StoreReadOnly,
    TransientError,
)
from sitebookify.ports import ObjectInfo

log = structlog.get_logger()

_STALE_SECONDS = 3600
_TRIES = 100
_READ_AHEAD = 64 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class LocalObjectStore:
    """An ``ObjectStore`` under ``root``; the directory is made by the first write.

    A conditional put has reached the disk when it returns. Other writes may be lost when the machine, not just the
    process, goes down within the next seconds: they can be made again, and syncing each would take most of the time.
    """

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._drafts = root / "tmp"
        self._lock_files = root / "locks"
        self._locks = NameLocks(self._lock_files)
        self._prepared = False

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        """See `ObjectStore`."""
        with _translated(name), self._open(name) as file:
            info = read_info(file, name)
            return None if info.generation == unless_generation else (file.read(info.size), info.generation)

    def stat(self, name: str) -> ObjectInfo:
        """See `ObjectStore`."""
        with _translated(name), self._open(name) as file:
            return read_info(file, name)

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
        return self._write(name, iter((data,)), if_generation, content_type, metadata or {})

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        """See `ObjectStore`."""
        with _translated(name), contextlib.ExitStack() as unless_opened:
            file = unless_opened.enter_context(self._open(name))
            info = read_info(file, name)
            unless_opened.pop_all()
        size = info.size if length is None else min(info.size, offset + length)

        def fetch(start: int, length: int) -> bytes:
            with _translated(name):
                return os.pread(file.fileno(), length, start)

        return RangeReader(size, fetch, file.close).buffered(_READ_AHEAD, offset=offset)

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`."""
        return self._write(name, chunks, None, content_type, {})

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`. A file that is damaged, or not the store's, is logged and has no metadata."""
        with _translated(prefix):
            for name, path in walk(self._objects, prefix, start_after):
                try:
                    yield self.stat(name)
                except ObjectNotFound:  # deleted meanwhile
                    continue
                except ObjectDamaged as error:
                    log.warning("store.damaged_file", path=str(path), why=str(error))
                    if (info := _info_of_damaged(name, path)) is not None:
                        yield info

    def link(self, name: str, other: LocalObjectStore) -> None:
        """Put the object into another store too: as the same file where the file system can do that, else as a copy.

        A file never changes once it is in place, so neither store notices what happens to the object in the other.

        Raises:
            ObjectNotFound: no such object.
            TransientError: the other store's directory cannot be written.
        """
        place = path_of(other._objects, name)
        with _translated(name), self._open(name) as file:
            make_private(place.parent)
            place.unlink(missing_ok=True)
            link_or_copy(file.name, place)

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """See `ObjectStore`."""
        if not is_name(name):
            return
        path = path_of(self._objects, name)
        with _translated(name), contextlib.suppress(FileNotFoundError), self._turn_at(name, if_generation):
            if path.exists():
                self._admit(name, if_generation)
                path.unlink()
                self._remove_empty(path.parent)

    @contextlib.contextmanager
    def _turn_at(self, name: str, if_generation: int | None) -> Iterator[None]:
        """Be alone with the name; an unconditional delete goes on where the disk has no space for a lock's file."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._locks.held(name))
            except OSError as error:
                if error.errno not in _FULL or if_generation is not None:
                    raise
            yield

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """See `ObjectStore`: the API serves local objects itself."""
        del name, file_name, expires_in
        return None

    def now(self) -> datetime:
        """See `ObjectStore`: all who share the directory are on this machine."""
        return datetime.now(UTC)

    def uri(self, name: str) -> str:
        """See `ObjectStore`."""
        return "file://" + quote(str(path_of(self._objects, name).absolute()), safe="/+,")

    def _write(
        self,
        name: str,
        chunks: Iterator[bytes],
        if_generation: int | None,
        content_type: str,
        metadata: Mapping[str, str],
    ) -> ObjectInfo:
        check_writable(name, metadata)
        with self._draft(name) as file:
            size = _copy(chunks, file, name)
            with _translated(name), self._locks.held(name):
                standing = self._admit(name, if_generation)
                info = ObjectInfo(
                    name=name,
                    generation=max(standing + 1, time.time_ns()),
                    size=size,
                    updated=datetime.now(UTC),
                    content_type=content_type,
                    metadata=dict(metadata),
                )
                _write_all(file, last_line(info))
                self._publish(file, path_of(self._objects, name), durable=if_generation is not None)
        return info

    @contextlib.contextmanager
    def _draft(self, name: str) -> Iterator[io.FileIO]:
        """A new file beside the objects, gone at the end unless it was renamed into place."""
        path = f"{self._drafts}/{uuid.uuid4().hex}"
        with _translated(name):
            if not self._prepared:
                self._prepare()
            try:
                file = io.FileIO(path, "xb", opener=_for_owner)
            except FileNotFoundError:
                self._prepare()
                file = io.FileIO(path, "xb", opener=_for_owner)
        try:
            with file:
                yield file
        except BaseException:
            with contextlib.suppress(OSError):  # it stays until it is stale
                Path(path).unlink()
            raise

    def _prepare(self) -> None:
        """Make the directories, close what was open to others, and remove drafts of writers that were killed.

        Once in a process's life.
        """
        for directory in (self._lock_files, self._drafts):  # a writer who finds the drafts' needs the locks' next
            make_private(directory)
        self._prepared = True
        for directory in (self._objects, self._drafts, self._lock_files):
            close_to_others(directory)
        for left in self._drafts.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                    left.unlink()

    def _publish(self, draft: io.FileIO, path: Path, *, durable: bool) -> None:
        if durable:
            os.fsync(draft.fileno())
        for _ in range(_TRIES):
            with contextlib.suppress(FileNotFoundError):
                os.replace(draft.name, path)  # noqa: PTH105 - pathlib takes ten times as long
                break
            with contextlib.suppress(FileNotFoundError, FileExistsError):  # a delete removes directories left empty
                make_private(path.parent)
        else:
            raise TransientError(f"{path}: its directory, or the draft, disappears again and again")
        if durable:
            _sync_directory(path.parent)

    def _remove_empty(self, directory: Path) -> None:
        with contextlib.suppress(OSError):  # not empty: that one and those above it stay
            while directory != self._objects:
                directory.rmdir()
                directory = directory.parent

    def _admit(self, name: str, generation: int | None) -> int:
        """The generation that stands there now, 0 for none, where it is the one wanted."""
        try:
            standing = self.stat(name).generation
        except ObjectNotFound:
            standing = 0
        except ObjectDamaged:
            if generation is not None:
                raise
            return 0  # damaged: any whole version is better
        if generation not in {None, standing}:
            raise PreconditionFailed(f"{name} is at generation {standing}, not {generation}")
        return standing

    def _open(self, name: str) -> io.FileIO:
        if not is_name(name):
            raise ObjectNotFound(name)
        try:
            return io.FileIO(path_of(self._objects, name))
        except FileNotFoundError as error:
            raise ObjectNotFound(name) from error


def _info_of_damaged(name: str, path: Path) -> ObjectInfo | None:
    """What the file system knows; None where the file has gone meanwhile."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return ObjectInfo(
        name=name,
        generation=max(1, stat.st_mtime_ns),
        size=stat.st_size,
        updated=datetime.fromtimestamp(stat.st_mtime, UTC),
        content_type="",
        metadata={},
    )


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _copy(chunks: Iterator[bytes], file: io.FileIO, name: str) -> int:
    """Write the chunks and count their bytes. What the iterator raises is the caller's own and passes through."""
    size = 0
    for chunk in chunks:
        with _translated(name):
            _write_all(file, chunk)
        size += len(chunk)
    return size


def _write_all(file: io.FileIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _translated(name: str) -> Iterator[None]:
    """The operating system's errors (no space, no right, too many files) as the tree's."""
    try:
        yield
    except OSError as error:
        kind = StoreFull if error.errno in _FULL else StoreReadOnly if error.errno in _READ_ONLY else TransientError
        raise kind(f"{error.filename or name}: {error.strerror or error}") from error
