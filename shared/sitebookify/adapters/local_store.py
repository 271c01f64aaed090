"""The object store in a local directory, shared by several processes.

An object is one file: a JSON line with its generation, content type and metadata, then its bytes. So one atomic
rename changes all of them together, and a killed writer leaves the old version whole. Writers of one name take
turns by a file lock; readers need none, since a file that was opened stays as it was.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote

from sitebookify.errors import ObjectNotFound, PreconditionFailed, StoreError, TransientError
from sitebookify.ports import ObjectInfo

_LOCKS = 64
_LONGEST_HEADER = 64 * 1024
_STALE_SECONDS = 86_400
_SUFFIX = ".object"
_GENERATION_ROOM = len(', "generation": ') + 20


class LocalObjectStore:
    """An ``ObjectStore`` under ``root``.

    ``objects/`` holds a file for each object: names are split at ``/`` into directories and every part is
    percent-encoded, so no name leads out of the root. ``locks/`` and ``tmp/`` are for writers.
    """

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._locks = root / "locks"
        self._tmp = root / "tmp"
        self._ready = False

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, ObjectInfo] | None:
        """See `ObjectStore`."""
        with _translated(name), self._open(name) as file:
            info = _info(name, file)
            return None if info.generation == unless_generation else (file.read(), info)

    def stat(self, name: str) -> ObjectInfo:
        """See `ObjectStore`."""
        with _translated(name), self._open(name) as file:
            return _info(name, file)

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        """See `ObjectStore`. A conditional put is on the disk, not only in its cache, when this returns."""
        header = {"content_type": content_type, "metadata": dict(metadata or {})}
        return self._write(name, iter((data,)), header, if_generation)

    def open_read(self, name: str, *, offset: int = 0) -> IO[bytes]:
        """See `ObjectStore`."""
        with _translated(name), contextlib.ExitStack() as stack:
            file = stack.enter_context(self._open(name))
            _info(name, file)
            file.seek(offset, os.SEEK_CUR)
            stack.pop_all()
            return file

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`."""
        return self._write(name, chunks, {"content_type": content_type, "metadata": {}}, None)

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`. Objects written or deleted meanwhile may or may not be among them."""
        folder = prefix.rpartition("/")[0]
        base = self._objects.joinpath(*map(_encoded, folder.split("/"))) if folder else self._objects
        for name in _names(base, folder + "/" if folder else ""):
            if name.startswith(prefix) and name > start_after:
                with contextlib.suppress(ObjectNotFound):
                    yield self.stat(name)

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """See `ObjectStore`."""
        path = self._path(name)
        with _translated(name):
            self._prepare()
            with self._turn(name):
                _check(name, self._standing(name), if_generation)
                path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not empty, or another writer just made it
                path.parent.rmdir()

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """See `ObjectStore`: the API serves local objects itself."""
        del name, file_name, expires_in
        return None

    def uri(self, name: str) -> str:
        """See `ObjectStore`."""
        return self._path(name).resolve().as_uri()

    def _write(
        self, name: str, chunks: Iterator[bytes], header: dict[str, Any], if_generation: int | None
    ) -> ObjectInfo:
        path = self._path(name)
        room = len(json.dumps(header)) + _GENERATION_ROOM
        with _translated(name):
            self._prepare()
            _check(name, self._standing(name), if_generation)  # fail before the work where it must fail
            body = self._tmp / uuid.uuid4().hex
        try:
            with _translated(name), body.open("xb") as file:
                file.write(b" " * room + b"\n")
            with body.open("ab") as file:
                for chunk in chunks:  # what this raises is the caller's own and passes through
                    with _translated(name):
                        file.write(chunk)
            with _translated(name), self._turn(name):
                standing = self._standing(name)
                _check(name, standing, if_generation)
                header["generation"] = max(standing + 1, time.time_ns())
                _seal(body, header, sync=if_generation is not None)
                path.parent.mkdir(parents=True, exist_ok=True)
                with body.open("rb") as file:
                    info = _info(name, file)
                body.replace(path)
                return info
        finally:
            body.unlink(missing_ok=True)

    def _prepare(self) -> None:
        """Make the directories once, and remove what killed writers left there a day ago or longer."""
        if self._ready:
            return
        for folder in (self._objects, self._locks, self._tmp):
            folder.mkdir(parents=True, exist_ok=True)
        for left in self._tmp.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - _STALE_SECONDS:
                    left.unlink()
        self._ready = True

    @contextlib.contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        """Be the only writer of the name, among threads and processes; the lock goes with its file descriptor."""
        stripe = int(hashlib.sha256(name.encode()).hexdigest(), 16) % _LOCKS
        with (self._locks / str(stripe)).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _standing(self, name: str) -> int:
        """The generation that stands there now; 0 for none."""
        try:
            with self._open(name) as file:
                return _info(name, file).generation
        except ObjectNotFound:
            return 0

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._path(name).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectNotFound(name) from error

    def _path(self, name: str) -> Path:
        parts = [_encoded(part) for part in name.split("/")]
        return self._objects.joinpath(*parts[:-1], parts[-1] + _SUFFIX)


def _encoded(part: str) -> str:
    """One part of a name as a file name; a leading dot is encoded too, so ``..`` is only a name."""
    encoded = quote(part, safe=" ()[]{}@+,=;!'")
    return "%2E" + encoded[1:] if encoded.startswith(".") else encoded


def _names(folder: Path, prefix: str) -> Iterator[str]:
    """Names of the objects in a folder and below, in order: a folder's place is that of its name and a slash."""
    try:
        with os.scandir(folder) as found:
            entries = [(_entry_name(entry), entry.path, entry.is_dir()) for entry in found]
    except (FileNotFoundError, NotADirectoryError):
        return
    for name, path, is_folder in sorted(entries):
        if is_folder:
            yield from _names(Path(path), prefix + name)
        else:
            yield prefix + name


def _entry_name(entry: os.DirEntry[str]) -> str:
    return unquote(entry.name) + "/" if entry.is_dir() else unquote(entry.name.removesuffix(_SUFFIX))


def _info(name: str, file: IO[bytes]) -> ObjectInfo:
    """Read the header; the file is then at the object's first byte."""
    line = file.readline(_LONGEST_HEADER)
    try:
        header = json.loads(line)
        status = os.fstat(file.fileno())
        return ObjectInfo(
            name=name,
            generation=header["generation"],
            size=status.st_size - len(line),
            updated=datetime.fromtimestamp(status.st_mtime, UTC),
            content_type=header["content_type"],
            metadata=header["metadata"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{name}: {file.name} was not written by this store, or is damaged") from error


def _seal(body: Path, header: dict[str, Any], *, sync: bool) -> None:
    """Write the header into the room that was left for it."""
    with body.open("r+b") as file:
        file.write(json.dumps(header).encode())
        file.flush()
        if sync:
            os.fsync(file.fileno())


def _check(name: str, standing: int, wanted: int | None) -> None:
    if wanted is not None and standing != wanted:
        raise PreconditionFailed(f"{name} is at generation {standing}, not {wanted}")


@contextlib.contextmanager
def _translated(name: str) -> Iterator[None]:
    """The operating system's errors (no space, no right, too many files) as the tree's."""
    try:
        yield
    except OSError as error:
        raise TransientError(f"{name}: {error.strerror or error}") from error
