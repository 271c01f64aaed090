"""A web site on loopback: a directory, or a table of answers, on one or several addresses, with a log.

::

    with Site({"/": "<p>hello", "/gone": Answer(status=410)}) as site:
        site.url("/")
        site.hits  # what was asked when
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from weakref import WeakSet

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request: ``time`` in seconds of the monotonic clock, ``address`` the one it came in at, path with query."""

    time: float
    address: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers.

    ``stream`` replaces ``body`` by chunks, maybe endless; ``pause`` seconds pass before the body or each chunk, or it
    comes once ``after`` is set; ``torn``: the connection breaks after the last one.
    """

    body: bytes | str = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Callable[[], Iterator[bytes]] | None = None
    pause: float = 0
    after: threading.Event | None = None
    torn: bool = False


Page = Answer | str | bytes
Pages = Mapping[str, Page | Callable[[Hit], Page]]


def redirect(location: str, status: int = 302) -> Answer:
    """An answer that leads elsewhere."""
    return Answer(status=status, headers={"Location": location})


class Site:
    """Serves from a thread until the ``with`` block ends.

    Args:
        content: a directory (``index.html`` for folders, a redirect where their slash is missing), or a table
            from path (with query, or without for any query; ``"*"`` for everything else) to an answer: HTML,
            bytes, an `Answer`, or a function of the `Hit`.
        addresses: loopback addresses to listen on, all at the same port.
        port: 0 for a free one.
    """

    def __init__(self, content: Path | Pages, *, addresses: tuple[str, ...] = ("127.0.0.1",), port: int = 0) -> None:
        self.hits: list[Hit] = []
        self.port = port
        self._content = content
        self._addresses = addresses
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.ServerRunner | None = None
        self._transports: WeakSet[asyncio.Transport] = WeakSet()

    def url(self, path: str = "/", *, address: str = "") -> str:
        """The absolute URL of a path, on the first address unless another is named."""
        return f"http://{address or self._addresses[0]}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, in order."""
        return [hit.path for hit in self.hits]

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _start(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await self._runner.setup()
        for address in self._addresses:
            listener = web.TCPSite(self._runner, address, self.port)
            await listener.start()
            self.port = int(listener.name.rpartition(":")[2]) or self._bound_port()

    def _bound_port(self) -> int:
        assert self._runner is not None
        return int(self._runner.addresses[0][1])

    async def _stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()
        for transport in self._transports:
            transport.abort()
        await asyncio.sleep(0)  # their connection_lost is called then

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        self._transports.add(request.transport)
        hit = Hit(
            time=time.monotonic(),
            address=request.transport.get_extra_info("sockname")[0],
            path=request.raw_path,
            headers=request.headers.copy(),
        )
        self.hits.append(hit)
        if isinstance(self._content, Path):
            return _file(self._content, request.path)
        return await _send(request, _look_up(self._content, hit))


def _file(root: Path, path: str) -> web.StreamResponse:
    wanted = (root / path.lstrip("/")).resolve()
    if wanted.is_dir() and not path.endswith("/"):
        return web.Response(status=301, headers={"Location": path + "/"})
    if wanted.is_dir():
        wanted /= "index.html"
    if not wanted.is_file() or root.resolve() not in wanted.parents:
        return web.Response(status=404, text="not found")
    return web.FileResponse(wanted)


def _look_up(pages: Pages, hit: Hit) -> Answer:
    for key in (hit.path, hit.path.partition("?")[0], "*"):
        if key in pages:
            page = pages[key]
            page = page(hit) if callable(page) else page
            return page if isinstance(page, Answer) else Answer(body=page)
    return Answer(status=404, body="not found")


async def _send(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    headers = {"Content-Type": answer.content_type, **answer.headers}
    if answer.stream is None:
        await asyncio.sleep(answer.pause)
        while answer.after and not answer.after.is_set():  # noqa: ASYNC110 - the test sets it, in another thread
            await asyncio.sleep(0.02)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        return web.Response(status=answer.status, headers=headers, body=body)
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # the client had enough
        for chunk in answer.stream():
            await asyncio.sleep(answer.pause)
            await response.write(chunk)
    if answer.torn and request.transport:
        request.transport.abort()
    return response
