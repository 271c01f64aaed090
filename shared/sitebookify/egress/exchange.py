"""Requests by aiohttp: a session with checked addresses, redirects by hand, bodies with a bound."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from sitebookify.egress.addresses import AddressPolicy
from sitebookify.egress.connector import AddressRefusedError, NameRefusedError, Resolve, checked_connector
from sitebookify.egress.cookies import Cookies
from sitebookify.egress.encodings import ACCEPTED, BadEncodingError, decoded
from sitebookify.egress.errors import FetchError, Reason
from sitebookify.egress.fetcher import Response
from sitebookify.egress.target import redirect_target

MAX_REDIRECTS = 10
FAILURES = (OSError, aiohttp.ClientError, ValueError)
"""What a request may raise that `failure_of` knows."""
_CHUNK = 64 * 1024
_HEADER_BYTES = 32 * 1024  # some sites send a Content-Security-Policy beyond aiohttp's 8 KiB
_MOST_HEADERS = 400  # as many cookies do some sites set at once
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_TAIL = 2048
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def open_session(policy: AddressPolicy, resolve: Resolve | None, user_agent: str) -> aiohttp.ClientSession:
    """A session that connects to what the policy allows, keeps no cookies, unpacks nothing and minds no environment."""
    return aiohttp.ClientSession(
        connector=checked_connector(policy, resolve),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent, "Accept-Encoding": ACCEPTED},
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        max_line_size=_HEADER_BYTES,
        max_field_size=_HEADER_BYTES,
        max_headers=_MOST_HEADERS,
        trust_env=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One fetch: its redirects and its body."""

    session: aiohttp.ClientSession
    headers: dict[str, str]
    max_bytes: int
    timeout: float
    truncate: bool
    cookies: Cookies
    follow: Callable[[str], Awaitable[bool]] | None
    body_if: Callable[[Response], bool] | None

    async def run(self, target: URL) -> Response:
        """The answer of the last hop.

        Raises:
            FetchError: too many redirects, or a body that is too large or encoded in an unknown way.
        """
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
        headers = {**self.cookies.header(target), **headers}
        async with self.session.get(target, allow_redirects=False, headers=headers) as reply:
            self.cookies.keep(target, reply.headers.getall("Set-Cookie", ()))
            head = Response(url=str(target), status=reply.status, headers=reply.headers, redirects=hops)
            if _redirect(head) or (self.body_if and not self.body_if(head)):
                return head
            return replace(head, body=await self._read(reply))

    async def _read(self, reply: aiohttp.ClientResponse) -> bytes:
        """The body, decoded.

        A connection that breaks off after the end of the document has lost nothing but the count of its bytes: pages
        come with a wrong Content-Length or without the last chunk, and browsers show them.
        """
        if (reply.content_length or 0) > self.max_bytes and not self.truncate:
            raise FetchError(Reason.TOO_LARGE)
        sent = bytearray()
        broken: aiohttp.ClientError | None = None
        try:
            async for chunk in reply.content.iter_chunked(_CHUNK):
                sent += chunk
                if len(sent) > self.max_bytes:
                    break
        except aiohttp.ClientError as error:
            broken = error
        encodings = ",".join(reply.headers.getall("Content-Encoding", ()))
        body = await asyncio.to_thread(decoded, bytes(sent), encodings, self.max_bytes) if encodings else bytes(sent)
        if broken is not None and not _END.search(body, max(0, len(body) - _TAIL)):
            raise broken
        if len(body) > self.max_bytes and not self.truncate:
            raise FetchError(Reason.TOO_LARGE)
        return body[: self.max_bytes]


def _redirect(answer: Response) -> URL | None:
    """Where the answer leads, or None where it is no redirect."""
    location = answer.headers.get("Location")
    return redirect_target(URL(answer.url), location) if answer.status in _REDIRECTS and location else None


def failure_of(error: BaseException) -> FetchError:
    """What one of `FAILURES` comes to."""
    chain = _chain(error)
    unresolved = any(isinstance(link, (NameRefusedError, aiohttp.ClientConnectorDNSError)) for link in chain)
    return FetchError(_reason_of(chain), unresolved=unresolved)


def _reason_of(chain: list[BaseException]) -> Reason:
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
    (BadEncodingError, Reason.BAD_RESPONSE),
    (aiohttp.ClientPayloadError, Reason.CONNECTION_FAILED),
    ((aiohttp.ClientConnectionError, OSError), Reason.CONNECTION_FAILED),
)
