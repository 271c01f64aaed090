"""The client: bounded requests to checked addresses, redirects followed by hand."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError
from multidict import CIMultiDict
from yarl import URL

from sitebookify import __version__
from sitebookify.egress.addresses import AddressPolicy
from sitebookify.egress.connector import AddressRefusedError, Resolve, checked_connector
from sitebookify.egress.errors import FetchError, Reason
from sitebookify.egress.target import parse_target, redirect_target

MAX_REDIRECTS = 10
MAX_BYTES = 10 * 1024 * 1024
TIMEOUT = 30.0
_CHUNK = 64 * 1024
_HEADER_BYTES = 32 * 1024  # some sites send a Content-Security-Policy beyond aiohttp's 8 KiB
_DECODED = frozenset({"", "identity", "gzip", "deflate", "br", "zstd"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def user_agent(contact: str) -> str:
    """The honest User-Agent: who this is, which version, and whom to ask (a URL or an e-mail address)."""
    return f"sitebookify/{__version__}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer.

    ``url`` is where the last redirect led, ``redirects`` the URLs before it in order. ``headers`` is
    case-insensitive; ``body`` is decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=CIMultiDict[str])
    body: bytes = b""
    redirects: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type in lower case without parameters, or ""."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Fetcher(Protocol):
    """Whoever fetches: the egress itself, or something polite in front of it."""

    async def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - as below
        accept: str = "*/*",
        truncate: bool = False,
        follow: Callable[[str], Awaitable[bool]] | None = None,
        wanted: Callable[[Response], bool] | None = None,
    ) -> Response:
        """The answer to a GET, see `Egress.fetch`."""
        ...


class Egress:
    """Fetches URLs that users named. Nothing connects before the first fetch.

    Args:
        allow_private: let every address and port through; for local work only.
        user_agent: the User-Agent header.
        resolver: instead of the system's resolver, for tests.
        policy: instead of the one ``allow_private`` says, for tests.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        user_agent: str,
        resolver: Resolve | None = None,
        policy: AddressPolicy | None = None,
    ) -> None:
        self._policy = policy or AddressPolicy(allow_private=allow_private)
        self._user_agent = user_agent
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - a bound for each request, not for the call
        accept: str = "*/*",
        truncate: bool = False,
        follow: Callable[[str], Awaitable[bool]] | None = None,
        wanted: Callable[[Response], bool] | None = None,
    ) -> Response:
        """The answer to a GET, after up to 10 redirects; any status counts as an answer.

        Args:
            url: http or https.
            headers: sent along, but never to another origin.
            max_bytes: bound of the body after decompression.
            timeout: seconds for each request with its body; a redirect is another request.
            accept: the Accept header.
            truncate: cut a body that exceeds ``max_bytes`` instead of raising.
            follow: awaited before each redirect; where it says no, the redirect itself is the answer.
            wanted: shown the answer without its body; where it says no, the body is not read and empty.

        Raises:
            FetchError: nothing usable came back; its ``reason`` says why.
        """
        exchange = _Exchange(
            session=self._open(),
            headers={**(headers or {}), "Accept": accept},
            max_bytes=max_bytes,
            timeout=timeout,
            truncate=truncate,
            follow=follow,
            wanted=wanted,
        )
        try:
            return await exchange.run(parse_target(url))
        except (OSError, aiohttp.ClientError, ValueError) as error:
            raise FetchError(_reason(error)) from error

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str], timeout: float) -> int:  # noqa: ASYNC109 - as below
        """The status of the answer to a POST. A redirect is an answer like any other, and no body is read.

        Args:
            url: http or https.
            body: sent as it is.
            headers: sent along, the Content-Type among them.
            timeout: seconds for the whole exchange.

        Raises:
            FetchError: no answer came back; its ``reason`` says why.
        """
        try:
            target = parse_target(url)
            async with (
                asyncio.timeout(timeout),
                self._open().post(target, data=body, headers=headers, allow_redirects=False) as reply,
            ):
                return reply.status
        except (OSError, aiohttp.ClientError, ValueError) as error:
            raise FetchError(_reason(error)) from error

    async def close(self) -> None:
        """Close the connections; a later fetch opens new ones."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=checked_connector(self._policy, self._resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent},
                timeout=aiohttp.ClientTimeout(total=None),
                max_line_size=_HEADER_BYTES,
                max_field_size=_HEADER_BYTES,
                trust_env=False,
            )
        return self._session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    """One fetch: its redirects and its body."""

    session: aiohttp.ClientSession
    headers: dict[str, str]
    max_bytes: int
    timeout: float
    truncate: bool
    follow: Callable[[str], Awaitable[bool]] | None
    wanted: Callable[[Response], bool] | None

    async def run(self, target: URL) -> Response:
        origin = target.origin()
        hops: list[str] = []
        while True:
            headers = self.headers if target.origin() == origin else {"Accept": self.headers["Accept"]}
            async with asyncio.timeout(self.timeout):
                answer = await self._ask(target, headers, tuple(hops))
            goal = _redirect(answer)
            if goal is None or (self.follow and not await self.follow(str(goal))):
                return answer
            hops.append(str(target))
            if len(hops) > MAX_REDIRECTS:
                raise FetchError(Reason.TOO_MANY_REDIRECTS)
            target = goal

    async def _ask(self, target: URL, headers: dict[str, str], hops: tuple[str, ...]) -> Response:
        async with self.session.get(target, allow_redirects=False, headers=headers) as reply:
            head = Response(url=str(target), status=reply.status, headers=reply.headers, redirects=hops)
            if _redirect(head) or (self.wanted and not self.wanted(head)):
                return head
            return replace(head, body=await self._read(reply))

    async def _read(self, reply: aiohttp.ClientResponse) -> bytes:
        if reply.headers.get("Content-Encoding", "").strip().lower() not in _DECODED:
            raise FetchError(Reason.BAD_RESPONSE)
        if (reply.content_length or 0) > self.max_bytes and not self.truncate:
            raise FetchError(Reason.TOO_LARGE)
        body = bytearray()
        async for chunk in reply.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self.max_bytes:
                if self.truncate:
                    break
                raise FetchError(Reason.TOO_LARGE)
        return bytes(body[: self.max_bytes])


def _redirect(answer: Response) -> URL | None:
    """Where the answer leads, or None where it is no redirect."""
    location = answer.headers.get("Location")
    return redirect_target(URL(answer.url), location) if answer.status in _REDIRECTS and location else None


def _reason(error: BaseException) -> Reason:
    chain = _chain(error)
    if any(isinstance(link, socket.gaierror) and link.errno == socket.EAI_AGAIN for link in chain):
        return Reason.CONNECTION_FAILED  # the resolver is away; that passes
    for kinds, reason in _REASONS:
        if any(isinstance(link, kinds) for link in chain):
            return reason
    return Reason.BAD_RESPONSE


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error and its causes; aiohttp wraps what the resolver and the socket raised."""
    return [] if error is None else [error, *_chain(error.__cause__)]


_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    (AddressRefusedError, Reason.ADDRESS_REFUSED),
    ((aiohttp.InvalidURL, UnicodeError), Reason.BAD_URL),
    (aiohttp.ClientSSLError, Reason.TLS_FAILED),
    (aiohttp.ClientConnectorDNSError, Reason.HOST_NOT_FOUND),
    (TimeoutError, Reason.TIMEOUT),
    ((ContentEncodingError, zlib.error), Reason.BAD_RESPONSE),
    (aiohttp.ClientPayloadError, Reason.CONNECTION_FAILED),
    ((aiohttp.ClientConnectionError, OSError), Reason.CONNECTION_FAILED),
)
