"""Faults of an object store, injected at a rate and, by a seed, the same way again.

Besides being refused, a request can be carried out and its answer be lost: the client that tries again then finds
its own write in the way.
"""

from __future__ import annotations

import collections
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, TypeVar

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitebookify.errors import PreconditionFailed, TransientError
from sitebookify.ports import ObjectInfo, ObjectStore

if TYPE_CHECKING:  # it exists for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

T = TypeVar("T")


class Faults:
    """Stands before an HTTP API: of all requests, ``rate`` get 429, or 503, or 503 after they were carried out."""

    def __init__(self, app: ASGIApp, *, seed: int, rate: float) -> None:
        self.injected: collections.Counter[str] = collections.Counter()
        self.rate = rate
        self._app = app
        self._rng = random.Random(seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._rng.random() >= self.rate:
            await self._app(scope, receive, send)
            return
        kind = self._rng.choice(["429", "503", "lost"])
        self.injected[kind] += 1
        if kind == "lost":
            await self._app(scope, receive, _discard)
        else:
            while (await receive()).get("more_body"):
                pass
        await Response(status_code=429 if kind == "429" else 503)(scope, receive, send)


class WsgiFaults:
    """The same before a WSGI application."""

    def __init__(self, app: WSGIApplication, *, seed: int, rate: float) -> None:
        self.injected: collections.Counter[str] = collections.Counter()
        self._rate = rate
        self._app = app
        self._rng = random.Random(seed)
        self._turn = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._turn:
            kind = self._rng.choice(["429", "503", "lost"]) if self._rng.random() < self._rate else ""
            self.injected[kind] += 1
        if not kind:
            return self._app(environ, start_response)
        if kind == "lost":
            list(self._app(environ, lambda *_: lambda _: None))
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status = "429 Too Many Requests" if kind == "429" else "503 Service Unavailable"
        start_response(status, [("Content-Length", "0")])
        return [b""]


async def _discard(_: Message) -> None:
    """The answer that nobody gets."""


class FaultyObjectStore:
    """An ``ObjectStore`` that fails before or after what it does, as a store without nonces would."""

    def __init__(self, inner: ObjectStore, *, seed: int, rate: float) -> None:
        self._inner = inner
        self._rng = random.Random(seed)
        self._rate = rate
        self._lock = threading.Lock()

    def get(self, name: str, *, unless_generation: int | None = None) -> tuple[bytes, int] | None:
        return self._faulty(lambda: self._inner.get(name, unless_generation=unless_generation))

    def stat(self, name: str) -> ObjectInfo:
        return self._faulty(lambda: self._inner.stat(name))

    def put(
        self,
        name: str,
        data: bytes,
        *,
        if_generation: int | None = None,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectInfo:
        def put() -> ObjectInfo:
            return self._inner.put(
                name, data, if_generation=if_generation, content_type=content_type, metadata=metadata
            )

        return self._faulty(put, conditional=if_generation is not None)

    def open_read(self, name: str, *, offset: int = 0, length: int | None = None) -> IO[bytes]:
        return self._faulty(lambda: self._inner.open_read(name, offset=offset, length=length))

    def write_stream(self, name: str, chunks: Iterator[bytes], *, content_type: str) -> ObjectInfo:
        return self._faulty(lambda: self._inner.write_stream(name, chunks, content_type=content_type))

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        return self._faulty(lambda: self._inner.list(prefix, start_after=start_after))

    def delete(self, name: str, *, if_generation: int | None = None) -> None:
        self._faulty(lambda: self._inner.delete(name, if_generation=if_generation))

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        return self._faulty(lambda: self._inner.download_url(name, file_name=file_name, expires_in=expires_in))

    def now(self) -> datetime:
        return self._inner.now()

    def uri(self, name: str) -> str:
        return self._inner.uri(name)

    def _faulty(self, do: Callable[[], T], *, conditional: bool = False) -> T:
        with self._lock:
            fault = self._rng.choice(["refused", "lost"]) if self._rng.random() < self._rate else ""
        if fault == "refused":
            raise TransientError("injected: not done")
        result = do()
        if fault:
            error = PreconditionFailed if conditional else TransientError
            raise error("injected: done, but the answer was lost")
        return result
