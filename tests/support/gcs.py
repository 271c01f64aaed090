"""A fake of Cloud Storage: the part of its JSON API that the adapter uses, with generations as they really are.

It runs in a thread (`GcsFake.serving`) or as a process (``python -m support.gcs PORT``), there with faults if asked
(see `support.faults`). To see that it agrees with another implementation, point the contract suite at that one:
``SITEBOOKIFY_TEST_GCS=http://127.0.0.1:9000 pytest tests/contract/test_object_store.py -k gcs``. Google's own
(googleapis/storage-testbench 0.45, in no registry of packages) passes, but for names such as ``a/./b``.
"""

from __future__ import annotations

import argparse
import base64
import collections
import itertools
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import google_crc32c
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from support.faults import Faults

_REASONS = {
    400: "Invalid argument.",
    404: "No such object",
    412: "At least one of the pre-conditions you specified did not hold.",
    416: "The requested range cannot be satisfied.",
}


class Answer(Exception):
    """Ends a request with this status."""

    def __init__(self, status: int, message: str = "") -> None:
        self.status = status
        self.message = message or _REASONS.get(status, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an object."""

    name: str
    generation: int
    data: bytes
    content_type: str
    metadata: dict[str, str]
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))

    def resource(self) -> dict[str, Any]:
        """The object resource of the JSON API; its numbers are strings."""
        return {
            "kind": "storage#object",
            "name": self.name,
            "generation": str(self.generation),
            "metageneration": "1",
            "size": str(len(self.data)),
            "updated": self.updated.isoformat().replace("+00:00", "Z"),
            "contentType": self.content_type,
            "crc32c": crc32c(self.data),
            **({"metadata": self.metadata} if self.metadata else {}),
        }


@dataclass(slots=True)
class Upload:
    """A resumable upload's session."""

    resource: dict[str, Any]
    params: dict[str, str]
    data: bytearray = field(default_factory=bytearray)
    finished: Version | None = None


class GcsFake:
    """Buckets in memory; one event loop serves them, so every request is atomic."""

    def __init__(self, *buckets: str) -> None:
        self.buckets: dict[str, dict[str, Version]] = {name: {} for name in buckets}
        self.uploads: dict[str, Upload] = {}
        self.requests: list[str] = []
        self._generations = itertools.count(time.time_ns() // 1000)

    def app(self) -> Starlette:
        """The API as an ASGI application."""
        objects = "/storage/v1/b/{bucket}/o"
        return Starlette(
            routes=[
                Route(objects, self._list),
                Route(objects + "/{name:path}", self._object, methods=["GET", "DELETE"]),
                Route("/download" + objects + "/{name:path}", self._object),
                Route("/upload" + objects, self._upload, methods=["POST"]),
                Route("/upload" + objects, self._upload_chunk, methods=["PUT"]),
            ],
            exception_handlers={Answer: _error},
        )

    @contextmanager
    def serving(self, app: ASGIApp | None = None, *, dated: bool = True) -> Iterator[str]:
        """The base URL, as ``STORAGE_EMULATOR_HOST`` takes it; ``app`` stands before the fake, where given.

        Answers are ``dated`` by this machine's clock, unless ``app`` does it.
        """
        listener = socket.socket(proto=socket.IPPROTO_TCP)  # said so that asyncio turns Nagle's algorithm off
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who connects before the server has started waits for it
        server = uvicorn.Server(
            uvicorn.Config(app or self.app(), log_level="warning", lifespan="off", date_header=dated)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()

    async def _list(self, request: Request) -> Response:
        params = request.query_params
        start = params.get("pageToken") or params.get("startOffset") or ""
        prefix, page = params.get("prefix") or "", int(params.get("maxResults", "1000"))
        versions = self._bucket(request)
        names = sorted(name for name in versions if name.startswith(prefix) and name >= start)
        self.requests.append("list")
        following = {"nextPageToken": names[page]} if len(names) > page else {}
        return JSONResponse({"items": [versions[name].resource() for name in names[:page]], **following})

    async def _object(self, request: Request) -> Response:
        versions, name = self._bucket(request), request.path_params["name"]
        media = request.query_params.get("alt") == "media"
        self.requests.append(f"{request.method} {'media' if media else 'resource'}")
        version = versions.get(name)
        if version is None:
            raise Answer(404, f"No such object: {request.path_params['bucket']}/{name}")
        _check(version, request.query_params)
        if request.method == "DELETE":
            del versions[name]
            return Response(status_code=204)
        return _media(version, request.headers.get("range")) if media else JSONResponse(version.resource())

    async def _upload(self, request: Request) -> Response:
        versions, params = self._bucket(request), dict(request.query_params)
        self.requests.append(f"upload {params['uploadType']}")
        if params["uploadType"] == "multipart":
            resource, data = _parts(request.headers["content-type"], await request.body())
            return JSONResponse(self._write(versions, resource, data, params).resource())
        resource = {"contentType": request.headers.get("x-upload-content-type"), **await request.json()}
        _check(versions.get(resource["name"]), params)
        upload_id = uuid.uuid4().hex
        self.uploads[upload_id] = Upload(resource, params)
        return Response(headers={"location": f"{request.url}&upload_id={upload_id}"})

    async def _upload_chunk(self, request: Request) -> Response:
        upload = self.uploads[request.query_params["upload_id"]]
        chunk = await request.body()
        self.requests.append("upload chunk")
        match = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", request.headers["content-range"])
        if match is None:
            raise Answer(400)
        start, total = match.groups()
        if upload.finished is None:
            if start is not None:
                upload.data[int(start) :] = chunk
            if total == "*" or len(upload.data) < int(total):
                last = {"range": f"bytes=0-{len(upload.data) - 1}"} if upload.data else {}
                return Response(status_code=308, headers=last)
            versions = self._bucket(request)
            upload.finished = self._write(versions, upload.resource, bytes(upload.data), upload.params)
        return JSONResponse(upload.finished.resource())

    def _write(
        self, versions: dict[str, Version], resource: dict[str, Any], data: bytes, params: dict[str, str]
    ) -> Version:
        name = resource["name"]
        _check(versions.get(name), params)
        if resource.get("crc32c", crc32c(data)) != crc32c(data):
            raise Answer(400, "the checksum is that of other bytes")
        versions[name] = Version(
            name=name,
            generation=next(self._generations),
            data=data,
            content_type=resource["contentType"],
            metadata=resource.get("metadata", {}),
        )
        return versions[name]

    def _bucket(self, request: Request) -> dict[str, Version]:
        try:
            return self.buckets[request.path_params["bucket"]]
        except KeyError:
            raise Answer(404, "The specified bucket does not exist.") from None


def crc32c(data: bytes) -> str:
    """The checksum as the API writes it."""
    return base64.b64encode(google_crc32c.Checksum(data).digest()).decode()


def _check(version: Version | None, params: Any) -> None:
    standing = version.generation if version else 0
    if int(params.get("ifGenerationMatch", standing)) != standing:
        raise Answer(412)
    if int(params.get("ifGenerationNotMatch", -1)) == standing:
        raise Answer(304)


def _media(version: Version, wanted: str | None) -> Response:
    headers = {
        "x-goog-generation": str(version.generation),
        "x-goog-hash": f"crc32c={crc32c(version.data)}",
        "content-type": version.content_type,
    }
    if wanted is None:
        return Response(version.data, headers=headers)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    data = version.data[int(first) : int(last or len(version.data)) + 1]
    if not data:
        raise Answer(416)
    headers["content-range"] = f"bytes {first}-{int(first) + len(data) - 1}/{len(version.data)}"
    return Response(data, status_code=206, headers=headers)


def _parts(content_type: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """The resource and the bytes of a multipart upload."""
    boundary = content_type.partition("boundary=")[2].strip("\"'").encode()
    _, first, second, _ = body.split(b"--" + boundary)
    header, _, data = second.partition(b"\r\n\r\n")
    resource = {"contentType": header.decode().partition(": ")[2].strip()} | json.loads(first.partition(b"\r\n\r\n")[2])
    return resource, data.removesuffix(b"\r\n")


async def _error(_: Request, answer: Exception) -> Response:
    assert isinstance(answer, Answer)
    if answer.status == 304:
        return Response(status_code=304)
    body = {"error": {"code": answer.status, "message": answer.message, "errors": []}}
    return JSONResponse(body, status_code=answer.status)


def main() -> None:
    """Serve the bucket ``books`` until SIGTERM; ``/requests`` counts what was asked for, by kind."""
    parser = argparse.ArgumentParser(prog="python -m support.gcs", description=main.__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--seed", type=int, default=0, help="the same seed injects the same faults")
    parser.add_argument("--rate", type=float, default=0, help="share of requests that fail or whose answer is lost")
    options = parser.parse_args()
    fake = GcsFake("books")

    async def requests(_: Request) -> Response:
        return JSONResponse(collections.Counter(fake.requests))

    api = fake.app()
    api.add_route("/requests", requests)
    app = Faults(api, seed=options.seed, rate=options.rate)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
