"""The object store in a bucket of S3, or of a server that speaks S3's protocol and honours its preconditions."""

from __future__ import annotations

import contextlib
import io
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import quote

from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no types

from sitebookify.adapters.chunk_stream import ChunkStream, SourceFailed
from sitebookify.adapters.object_names import check_writable, is_name
from sitebookify.adapters.range_reader import RangeReader
from sitebookify.adapters.s3_client import code_of, connect, endpoint, observe, translated
from sitebookify.adapters.s3_frame import Frame, metadata_of
from sitebookify.adapters.server_clock import ServerClock
from sitebookify.errors import ObjectNotFound, PreconditionFailed, TransientError
from sitebookify.ports import ObjectInfo

_PART = 8 * 1024 * 1024
"""Bytes of a part of a long upload; S3 wants 5 MiB at least, and takes 10,000 parts."""
_SMALL = 256 * 1024
_RANGE = 2 * 1024 * 1024
_LONGEST_URL = timedelta(days=7)  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
_TAGS = 4_096
"""Names whose last known ETag is kept."""
_HEADS = 16
"""Objects whose metadata is asked for at a time while they are listed."""
_ASKED_AHEAD = 4 * _HEADS
_BEHIND_THE_END = frozenset({"InvalidRange", "416"})


class S3ObjectStore:
    """An ``ObjectStore`` on one bucket. Nothing is connected before the first call.

    A generation is a random number in a header of the object, and behind the bytes that ``put`` stores, so that each
    version has an ETag of its own: that is the condition that S3 checks. A conditional put whose answer was lost knows
    its own success by the generation.

    S3 lists no metadata, so each object that is listed is one more request. ``public_endpoint`` is where browsers reach
    the bucket; "" for Amazon's own address, and where there is none, so that the API serves the bytes.
    """

    def __init__(self, bucket: str, *, public_endpoint: str = "", deadline: float = 15) -> None:
        self._bucket = bucket
        self._public_endpoint = public_endpoint
        self._deadline = deadline
        self._client: Any = None
        self._signer: Any = None
        self._turn = threading.Lock()
        self._tags = _Tags()
        self._clock = ServerClock()

    def close(self) -> None:
        """Let the connections go; the next call opens new ones."""
        with self._turn:
            client, self._client = self._client, None
        if client:
            client.close()

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        """See `ObjectStore`. It is one request, and the bytes come also where they are not asked for."""
        if not is_name(name):
            raise ObjectNotFound(name)
        with translated(name):
            answer = self._connected().get_object(Bucket=self._bucket, Key=name)
            with contextlib.closing(answer["Body"]) as body:
                data: bytes = body.read()
        frame = self._seen(name, answer)
        if frame.generation == unless_generation:
            return None
        return data[: len(data) - frame.tail], frame.generation

    def stat(self, name: str) -> ObjectInfo:
        """See `ObjectStore`."""
        if not is_name(name):
            raise ObjectNotFound(name)
        with translated(name):
            answer = self._connected().head_object(Bucket=self._bucket, Key=name)
        frame = self._seen(name, answer)
        metadata = frame.metadata
        if metadata is None:
            metadata = self._metadata_behind(name, answer, frame)
        return ObjectInfo(
            name=name,
            generation=frame.generation,
            size=answer["ContentLength"] - frame.tail,
            updated=answer["LastModified"],
            content_type=answer["ContentType"],
            metadata=metadata,
        )

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        """See `ObjectStore`. It is two requests, and one more where the standing ETag is not known here."""
        check_writable(name, metadata or {})
        frame, tail = Frame.new(metadata or {})
        conditions = self._conditions(name, if_generation)
        try:
            with translated(name):
                answer = self._connected().put_object(
                    Bucket=self._bucket,
                    Key=name,
                    Body=data + tail,
                    ContentType=content_type,
                    Metadata=frame.header(),
                    **conditions,
                )
        except ObjectNotFound as error:  # what should have been replaced is gone
            raise PreconditionFailed(f"{name} is not there") from error
        except PreconditionFailed:
            self._tags.forget(name)
            return self._own(name, frame)
        return self._written(
            _info(name, frame, answer, size=len(data), content_type=content_type, metadata=metadata or {})
        )

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        """See `ObjectStore`. What is left in less than 256 KiB is one request; more than that comes in ranges of 2 MiB.

        Where it is replaced in between, reading raises ``TransientError``.
        """
        if not is_name(name):
            raise ObjectNotFound(name)
        if length == 0:
            return io.BytesIO()
        with translated(name):
            data, answer = self._range(name, offset, length or _SMALL)
        if answer is None:
            return io.BytesIO()
        frame = Frame.of(answer)
        stored = int(answer["ContentRange"].rpartition("/")[2])
        size = stored - frame.tail
        if length or size - offset <= len(data):
            return io.BytesIO(data[: max(0, size - offset)])

        def fetch(start: int, length: int) -> bytes:
            try:
                with translated(name):
                    return self._range(name, start, length, IfMatch=answer["ETag"])[0]
            except PreconditionFailed as error:
                raise TransientError(f"{name} was replaced while it was read") from error

        return RangeReader(size, fetch).buffered(_RANGE, offset=offset)

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        """See `ObjectStore`. What is longer than 8 MiB is sent in parts, which are invisible until the last one."""
        check_writable(name, {})
        frame = Frame.bare()
        attributes: dict[str, Any] = {"ContentType": content_type, "Metadata": frame.header()}
        stream = ChunkStream(chunks)
        try:
            first = stream.read(_PART)
            with translated(name):
                if len(first) < _PART:
                    answer = self._connected().put_object(Bucket=self._bucket, Key=name, Body=first, **attributes)
                else:
                    answer = self._send_parts(name, first, stream, attributes)
        except SourceFailed as failure:
            raise failure.error from failure.error.__cause__
        return self._written(_info(name, frame, answer, size=stream.tell(), content_type=content_type, metadata={}))

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore`. One request for every 1,000 objects, and one for each of them."""
        with ThreadPoolExecutor(_HEADS) as pool:
            for names in self._pages(prefix, start_after):
                for first in range(0, len(names), _ASKED_AHEAD):  # who reads a few pays for a few
                    yield from filter(None, pool.map(self._stat_if_there, names[first : first + _ASKED_AHEAD]))

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        """See `ObjectStore`."""
        if not is_name(name):
            return
        conditions: dict[str, str] = {}
        with contextlib.suppress(ObjectNotFound), translated(name):
            if if_generation is not None:
                self.stat(name)
                conditions["IfMatch"] = self._tag(name, if_generation)
            self._connected().delete_object(Bucket=self._bucket, Key=name, **conditions)

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        """See `ObjectStore`. It lives 7 days at most, and no longer than the credentials that signed it."""
        if endpoint() and not self._public_endpoint:
            return None
        with translated(name), self._turn:
            self._signer = self._signer or connect(deadline=self._deadline, address=self._public_endpoint)
            url: str = self._signer.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": name,
                    "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
                },
                ExpiresIn=int(min(expires_in, _LONGEST_URL).total_seconds()),
            )
            return url

    def now(self) -> datetime:
        """See `ObjectStore`: by the ``Date`` of every answer."""
        return self._clock.now()

    def uri(self, name: str) -> str:
        """See `ObjectStore`."""
        return f"s3://{self._bucket}/{name}"

    def _conditions(self, name: str, if_generation: int | None) -> dict[str, str]:
        if if_generation is None:
            return {}
        if if_generation == 0:
            return {"IfNoneMatch": "*"}
        if not self._tags.of(name, if_generation):
            try:
                self.stat(name)
            except ObjectNotFound as error:
                raise PreconditionFailed(f"{name} is not there") from error
        return {"IfMatch": self._tag(name, if_generation)}

    def _tag(self, name: str, generation: int) -> str:
        """The ETag that had the generation when the object was last seen."""
        tag = self._tags.of(name, generation)
        if not tag:
            raise PreconditionFailed(f"{name} is at another generation")
        return tag

    def _seen(self, name: str, answer: Mapping[str, Any]) -> Frame:
        frame = Frame.of(answer)
        self._tags.note(name, frame.generation, answer["ETag"])
        return frame

    def _written(self, info: ObjectInfo) -> ObjectInfo:
        """The same with the time at which S3 says that it was written; its answer to a write says when it answered."""
        with contextlib.suppress(ObjectNotFound):
            standing = self.stat(info.name)
            if standing.generation == info.generation:
                return standing
        return info  # others have replaced or deleted it since

    def _own(self, name: str, frame: Frame) -> ObjectInfo:
        """What is known of a refused write that stands there: it was tried again after an answer that was lost."""
        with contextlib.suppress(ObjectNotFound):
            info = self.stat(name)
            if info.generation == frame.generation:
                return info
        raise PreconditionFailed(f"{name} is at another generation")

    def _metadata_behind(self, name: str, answer: Mapping[str, Any], frame: Frame) -> dict[str, str]:
        start = answer["ContentLength"] - frame.tail
        try:
            with translated(name):
                return metadata_of(self._range(name, start, frame.tail, IfMatch=answer["ETag"])[0])
        except PreconditionFailed as error:
            raise TransientError(f"{name} was replaced while it was read") from error

    def _range(self, name: str, start: int, length: int, **conditions: str) -> tuple[bytes, dict[str, Any] | None]:
        """At most ``length`` bytes, and S3's answer, which is None behind the end."""
        span = f"bytes={start}-{start + length - 1}"
        try:
            answer = self._connected().get_object(Bucket=self._bucket, Key=name, Range=span, **conditions)
        except ClientError as error:
            if code_of(error) in _BEHIND_THE_END:
                return b"", None
            raise
        with contextlib.closing(answer["Body"]) as body:
            return body.read(), answer

    def _send_parts(
        self, name: str, first: bytes, stream: ChunkStream, attributes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """S3's answer to the last request of an upload in parts."""
        client = self._connected()
        upload = {"Bucket": self._bucket, "Key": name}
        upload["UploadId"] = client.create_multipart_upload(**upload, **attributes)["UploadId"]
        data = first
        parts: deque[dict[str, Any]] = deque()
        try:
            while data:
                part = {"PartNumber": len(parts) + 1}
                parts.append(part | {"ETag": client.upload_part(**upload, **part, Body=data)["ETag"]})
                data = stream.read(_PART)
            answer: dict[str, Any] = client.complete_multipart_upload(**upload, MultipartUpload={"Parts": [*parts]})
        except BaseException:
            with contextlib.suppress(Exception):  # the bucket's lifecycle rule removes what this cannot
                client.abort_multipart_upload(**upload)
            raise
        return answer

    def _pages(self, prefix: str, start_after: str) -> Iterator[Sequence[str]]:
        with translated(prefix):
            pages = self._connected().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, StartAfter=start_after):
                yield [entry["Key"] for entry in page.get("Contents", ())]

    def _stat_if_there(self, name: str) -> ObjectInfo | None:
        with contextlib.suppress(ObjectNotFound):
            return self.stat(name)
        return None

    def _connected(self) -> Any:
        with self._turn:
            if self._client is None:
                self._client = connect(deadline=self._deadline)
                observe(self._client, self._clock)
            return self._client


def _info(
    name: str, frame: Frame, answer: Mapping[str, Any], *, size: int, content_type: str, metadata: Mapping[str, str]
) -> ObjectInfo:
    answered = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    return ObjectInfo(
        name=name,
        generation=frame.generation,
        size=size,
        updated=answered,
        content_type=content_type,
        metadata=metadata,
    )


class _Tags:
    """The generation and the ETag at which names were last seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._turn = threading.Lock()

    def of(self, name: str, generation: int) -> str:
        """The ETag of that generation, or "" where it is not known."""
        with self._turn:
            seen = self._seen.get(name)
        return seen[1] if seen and seen[0] == generation else ""

    def note(self, name: str, generation: int, tag: str) -> None:
        """Keep it, instead of what was seen the longest time ago."""
        with self._turn:
            self._seen[name] = generation, tag
            self._seen.move_to_end(name)
            if len(self._seen) > _TAGS:
                self._seen.popitem(last=False)

    def forget(self, name: str) -> None:
        """Look again before the next write."""
        with self._turn:
            self._seen.pop(name, None)
