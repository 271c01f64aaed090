"""The object store in a Cloud Storage bucket."""

from __future__ import annotations

import contextlib
import io
import threading
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO, Any
from urllib.parse import quote

from google.api_core.exceptions import NotModified, RequestRangeNotSatisfiable
from google.api_core.exceptions import PreconditionFailed as Refused
from google.auth.credentials import Signing
from google.cloud.storage import Blob, Bucket, Client  # type: ignore[import-untyped]  # it has no types
from requests import Response

from sitebookify.adapters.chunk_stream import ChunkStream, SourceFailed
from sitebookify.adapters.gcs_client import connect, retries, signer_for, translated
from sitebookify.adapters.object_names import check_writable, is_name
from sitebookify.adapters.range_reader import RangeReader
from sitebookify.adapters.server_clock import ServerClock
from sitebookify.errors import ObjectNotFound, TransientError
from sitebookify.ports import ObjectInfo

_FIELDS = "items(name,generation,size,updated,contentType,metadata),nextPageToken"
_PAGE = 1000  # what one call lists at most
_UPLOAD_CHUNK = 4 * 1024 * 1024
_SMALL = 256 * 1024
_RANGE = 2 * 1024 * 1024
_TIMEOUT = (5, 30)  # seconds to connect, and between two bytes
_LONGEST_URL = timedelta(days=7)  # https://cloud.google.com/storage/docs/access-control/signed-urls

_WRITE_ID = "sitebookify-write"
"""Custom metadata of a conditional write: a nonce, by which its writer knows it again."""


class GcsObjectStore:
    """An ``ObjectStore`` on one bucket. Nothing is connected, nor are credentials looked for, before the first call.

    ``deadline`` is in seconds and covers the retries of one request. A conditional put whose answer was lost is tried
    again and refused for its own first success; the nonce it carries tells that, and it succeeds. Only where another
    write came on top in between does it raise ``PreconditionFailed``, as the port says.
    """

    def __init__(
        self, bucket_name: str, *, client: Client | None = None, signer: Signing | None = None, deadline: float = 15
    ) -> None:
        self._bucket_name = bucket_name
        self._client = client
        self._signer = signer
        self._call: dict[str, Any] = {"retry": retries(deadline), "timeout": _TIMEOUT}
        self._lock = threading.Lock()
        self._clock = ServerClock()
        self._observed = False

    def close(self) -> None:
        """Let the connections go; the next call opens new ones."""
        with self._lock:
            client, self._client, self._observed = self._client, None, False
        if client:
            client.close()

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        """See `ObjectStore`. It is one request."""
        if not is_name(name):
            raise ObjectNotFound(name)
        with translated(name):
            blob = self._blob(name)
            try:
                data: bytes = blob.download_as_bytes(if_generation_not_match=unless_generation, **self._call)
            except NotModified:
                return None
            generation = int(blob.generation)
            return None if generation == unless_generation else (data, generation)  # some emulators never answer 304

    def stat(self, name: str) -> ObjectInfo:
        """See `ObjectStore`."""
        if not is_name(name):
            raise ObjectNotFound(name)
        with translated(name):
            blob = self._blob(name)
            blob.reload(**self._call)
            return _info(blob)

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
        write_id = "" if if_generation is None else uuid.uuid4().hex
        custom = {**(metadata or {}), **({_WRITE_ID: write_id} if write_id else {})}
        check_writable(name, custom)
        with translated(name):
            blob = self._blob(name)
            blob.metadata = custom
            try:
                blob.upload_from_string(
                    data, content_type=content_type, if_generation_match=if_generation, **self._call
                )
            except Refused:
                blob = self._bucket().get_blob(name, **self._call)
                if blob is None or (blob.metadata or {}).get(_WRITE_ID) != write_id:
                    raise
            return _info(blob)

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        """See `ObjectStore`. What is left in less than 256 KiB is one request; more than that comes in ranges of 2 MiB.

        Where it is replaced in between, reading raises ``TransientError``.
        """
        if not is_name(name):
            raise ObjectNotFound(name)
        if length == 0:
            return io.BytesIO()
        data, _ = self._range(name, offset, length or _SMALL)
        if length or len(data) < _SMALL:
            return io.BytesIO(data)
        info = self.stat(name)

        def fetch(start: int, length: int) -> bytes:
            data, generation = self._range(name, start, length)
            if generation != info.generation:
                raise TransientError(f"{name} was replaced while it was read")
            return data

        return RangeReader(info.size, fetch).buffered(_RANGE, offset=offset)

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`. An upload that is broken off stays invisible, and Cloud Storage drops it after a week."""
        check_writable(name, {})
        try:
            with translated(name):
                blob = self._blob(name)
                blob.chunk_size = _UPLOAD_CHUNK
                blob.upload_from_file(ChunkStream(chunks), content_type=content_type, **self._call)
                return _info(blob)
        except SourceFailed as failure:
            raise failure.error from failure.error.__cause__
        except ValueError as error:  # the library's word for a chunk that was taken in part
            raise TransientError(f"{name}: {error}") from error

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`. One request for every 1,000 objects."""
        with translated(prefix):
            blobs = self._connected().list_blobs(
                self._bucket_name,
                prefix=prefix,
                start_offset=start_after,
                fields=_FIELDS,
                page_size=_PAGE,
                **self._call,
            )
            for blob in blobs:
                if blob.name != start_after:
                    yield _info(blob)

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """See `ObjectStore`."""
        if not is_name(name):
            return
        with contextlib.suppress(ObjectNotFound), translated(name):
            self._blob(name).delete(if_generation_match=if_generation, **self._call)

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """See `ObjectStore`. It lives 7 days at most; None where nobody can sign, as on an emulator."""
        with translated(name):
            credentials = self._connected()._credentials  # noqa: SLF001 - the client has no public name for them
            self._signer = self._signer or signer_for(credentials)
            if self._signer is None:
                return None
            url: str = self._blob(name).generate_signed_url(
                version="v4",
                expiration=min(expires_in, _LONGEST_URL),
                credentials=self._signer,
                response_disposition=f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
            )
            return url

    def now(self) -> datetime:
        """See `ObjectStore`: by the ``Date`` of every answer."""
        return self._clock.now()

    def uri(self, name: str) -> str:
        """See `ObjectStore`."""
        return f"gs://{self._bucket_name}/{name}"

    def _range(self, name: str, start: int, length: int) -> tuple[bytes, int]:
        """At most ``length`` bytes, and the generation they are of; behind the end none, of generation 0."""
        with translated(name):
            blob = self._blob(name)
            try:
                data: bytes = blob.download_as_bytes(
                    start=start,
                    end=start + length - 1,
                    checksum=None,  # there is one of the whole only
                    **self._call,
                )
            except RequestRangeNotSatisfiable:
                return b"", 0
            return data, int(blob.generation)

    def _blob(self, name: str) -> Blob:
        return self._bucket().blob(name)

    def _bucket(self) -> Bucket:
        return self._connected().bucket(self._bucket_name)

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = connect()
            if not self._observed:
                self._client._http.hooks["response"].append(self._observe)  # noqa: SLF001 - no public name for the session
                self._observed = True
            return self._client

    def _observe(self, response: Response, **_: object) -> None:
        self._clock.observe(response.headers.get("date", ""), response.elapsed)


def _info(blob: Blob) -> ObjectInfo:
    metadata = blob.metadata or {}
    return ObjectInfo(
        name=blob.name,
        generation=blob.generation,
        size=blob.size or 0,  # some emulators leave a zero out
        updated=blob.updated,
        content_type=blob.content_type,
        metadata={key: value for key, value in metadata.items() if key != _WRITE_ID},
    )
