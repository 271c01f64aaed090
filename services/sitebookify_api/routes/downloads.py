"""A job's files: by the job's id, or by a URL that expires."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import IO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sitebookify.errors import FailedPrecondition
from sitebookify.jobs import Artifact, Job, JobState
from sitebookify.messages import Message
from sitebookify.ports import ObjectStore
from sitebookify_api.access import Access
from sitebookify_api.byte_range import ByteRange, requested_range
from sitebookify_api.conditional import lists
from sitebookify_api.endpoint import Endpoint, answer, job_id
from sitebookify_api.job_cache import JobCache
from sitebookify_api.requests import DownloadUrlInput, SignedQuery
from sitebookify_api.resources import ZIP_NAME, DownloadUrl
from sitebookify_api.signing import UrlSigner
from sitebookify_api.status import Code, Refused, Status

_CHUNK = 256 * 1024
_LONGEST_COUNTED = 31 * 1024 * 1024
"""Bytes of the longest answer with a Content-Length: beyond 32 MiB, Cloud Run passes on only what comes in chunks
(https://cloud.google.com/run/quotas#request_limits)."""


class DownloadRoutes:
    """``:generateDownloadUrl`` and the files themselves.

    Args:
        public_url: base of the URLs given out; empty: what the request was sent to.
        lifetime: how long a URL is good for.
    """

    def __init__(
        self, *, cache: JobCache, store: ObjectStore, signer: UrlSigner, public_url: str, lifetime: timedelta
    ) -> None:
        self._cache = cache
        self._store = store
        self._signer = signer
        self._public_url = public_url
        self._lifetime = lifetime

    async def generate_url(self, request: Request, *, body: DownloadUrlInput) -> Response:
        """Answer a URL for one of the job's files."""
        job = (await self._cache.get(job_id(request))).job
        artifact = find_artifact(job, body.artifact or ZIP_NAME)
        expire_time = datetime.now(UTC).replace(microsecond=0) + self._lifetime
        url = await self._url_of_store(job, artifact)
        if url is None:
            base = self._public_url or str(request.base_url).rstrip("/")
            url = base + self._signer.sign(_path(job, artifact), int(expire_time.timestamp()))
        return answer(DownloadUrl(url=url, expire_time=expire_time))

    async def _url_of_store(self, job: Job, artifact: Artifact) -> str | None:
        """Where the store itself serves the file; None where it does not."""
        return await asyncio.to_thread(
            self._store.download_url,
            artifact.object_name,
            file_name=file_name(job, artifact),
            expires_in=self._lifetime,
        )

    async def archive(self, request: Request, *, query: SignedQuery) -> Response:
        """Answer the zip."""
        del query
        return await self._serve(request, ZIP_NAME)

    async def file(self, request: Request, *, query: SignedQuery) -> Response:
        """Answer one file."""
        del query
        return await self._serve(request, request.path_params["name"])

    async def _serve(self, request: Request, name: str) -> Response:
        job = (await self._cache.get(job_id(request))).job
        artifact = find_artifact(job, name)
        headers = {
            "etag": f'"{hashlib.sha256(artifact.object_name.encode()).hexdigest()[:24]}"',
            "accept-ranges": "bytes",
            "cache-control": "private, no-cache",
            "content-type": artifact.content_type,
            "content-disposition": content_disposition(file_name(job, artifact), fallback=artifact.name),
        }
        if lists(request.headers.get("if-none-match", ""), headers["etag"]):
            return Response(status_code=304, headers=headers)
        current = request.headers.get("if-range", headers["etag"]) == headers["etag"]
        part = requested_range(request.headers.get("range", "") if current else "", artifact.size)
        if part.length > _LONGEST_COUNTED and request.method == "GET":
            url = await self._url_of_store(job, artifact)
            if url is not None:
                return Response(status_code=302, headers={"location": url, "cache-control": "no-store"})
        return await self._stream(request, artifact, part, headers)

    async def _stream(self, request: Request, artifact: Artifact, part: ByteRange, headers: dict[str, str]) -> Response:
        if part.length <= _LONGEST_COUNTED or request.method == "HEAD":
            headers["content-length"] = str(part.length)
        if part.partial:
            headers["content-range"] = part.content_range
        status = 206 if part.partial else 200
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        source = await asyncio.to_thread(self._store.open_read, artifact.object_name, offset=part.start)
        return StreamingResponse(_chunks(source, part.length), status_code=status, headers=headers)

    def endpoints(self) -> list[Endpoint]:
        """What this class serves."""
        return [
            Endpoint(
                method="POST",
                path="/v1/jobs/{job_id:uuid}:generateDownloadUrl",
                name="GenerateJobDownloadUrl",
                summary="Create a URL for one of the job's files that works without a key until it expires",
                handle=self.generate_url,
                body=DownloadUrlInput,
                answer=DownloadUrl,
            ),
            Endpoint(
                method="GET",
                path="/artifacts/{job_id:uuid}",
                name="DownloadArchive",
                summary="Download the zip with everything",
                handle=self.archive,
                query=SignedQuery,
                access=Access.FILE,
                also=(206, 302, 304, 416),
                answer="application/zip",
            ),
            Endpoint(
                method="GET",
                path="/jobs/{job_id:uuid}/{name}",
                name="DownloadFile",
                summary="Download a file by its name, such as book.md or book.epub",
                handle=self.file,
                query=SignedQuery,
                access=Access.FILE,
                also=(206, 302, 304, 416),
                answer="application/octet-stream",
            ),
        ]


_NOT_IN_NAMES = re.compile('[\x00-\x1f\x7f-\x9f/\\\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
"""What file systems refuse, and what makes a name look like another one, such as ``gpj.exe``."""
_DEVICE = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]", re.IGNORECASE)
"""Windows opens a device under these names, whatever their extension."""


def find_artifact(job: Job, name: str) -> Artifact:
    """The job's file of this name; a job that makes its book anew has the earlier one's until then.

    Raises:
        FailedPrecondition: the job has no book yet.
        Refused: it has no such file.
    """
    if job.state is not JobState.DONE and not job.artifacts:
        raise FailedPrecondition(Message("job.no_files_yet", job=job.id, state=job.state.message))
    for artifact in job.artifacts:
        if artifact.name == name:
            return artifact
    names = ", ".join(item.name for item in job.artifacts)
    message = Message("api.no_such_file", files=names) if names else Message("api.no_files")
    raise Refused(Status(code=Code.NOT_FOUND, reason="FILE_NOT_FOUND", message=message))


def file_name(job: Job, artifact: Artifact) -> str:
    """What a reader's disk should call the file: the book's title, or the file's own name."""
    title = " ".join(_NOT_IN_NAMES.sub(" ", job.spec.title or job.title).split())[:100].strip(" .")
    suffix = artifact.name.rpartition(".")[2]
    if not title or _DEVICE.fullmatch(title.partition(".")[0].strip()):
        return artifact.name
    return f"{title}.{suffix}"


def content_disposition(name: str, *, fallback: str) -> str:
    """The header of RFC 6266, with ``fallback`` for readers that know ASCII names only."""
    if re.fullmatch(r"[A-Za-z0-9 ._()-]+", name):
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def _path(job: Job, artifact: Artifact) -> str:
    return f"/artifacts/{job.id}" if artifact.name == ZIP_NAME else f"/jobs/{job.id}/{quote(artifact.name)}"


async def _chunks(source: IO[bytes], length: int) -> AsyncIterator[bytes]:
    try:
        while length > 0 and (chunk := await asyncio.to_thread(source.read, min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk
    finally:
        await asyncio.to_thread(source.close)
