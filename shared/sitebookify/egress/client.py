"""The client: bounded requests to checked addresses, redirects followed by hand."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, Unpack

from sitebookify import __version__
from sitebookify.egress.addresses import AddressPolicy
from sitebookify.egress.fetcher import MAX_BYTES, TIMEOUT, FetchOptions, Response
from sitebookify.egress.target import parse_target

if TYPE_CHECKING:  # aiohttp takes a quarter of a service's start: it is loaded with the first request
    import aiohttp

    from sitebookify.egress.connector import Resolve


def user_agent(contact: str, instead: str = "") -> str:
    """The honest User-Agent: who this is, which version, and whom to ask (a URL or an e-mail address).

    ``instead`` is an operator's own; robots.txt is read for the name ``sitebookify`` all the same.
    """
    if instead:
        return instead
    return f"sitebookify/{__version__}" + (f" (+{contact})" if contact else "")


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

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """The answer to a GET, after up to 10 redirects; any status counts as an answer.

        Args:
            url: http or https.
            options: see `FetchOptions`.

        Raises:
            FetchError: nothing usable came back; its ``reason`` says why.
        """
        from sitebookify.egress.cookies import Cookies  # noqa: PLC0415 - it imports aiohttp
        from sitebookify.egress.exchange import FAILURES, Exchange, failure_of  # noqa: PLC0415 - it imports aiohttp

        exchange = Exchange(
            session=self._open(),
            headers={**options.get("headers", {}), "Accept": options.get("accept", "*/*")},
            max_bytes=options.get("max_bytes", MAX_BYTES),
            timeout=options.get("timeout", TIMEOUT),
            truncate=options.get("truncate", False),
            cookies=options.get("cookies") or Cookies(),
            follow=options.get("follow"),
            body_if=options.get("body_if"),
        )
        try:
            return await exchange.run(parse_target(url))
        except FAILURES as error:
            raise failure_of(error) from error

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
        from sitebookify.egress.exchange import FAILURES, failure_of  # noqa: PLC0415 - it imports aiohttp

        try:
            target = parse_target(url)
            async with (
                asyncio.timeout(timeout),
                self._open().post(target, data=body, headers=headers, allow_redirects=False) as reply,
            ):
                return reply.status
        except FAILURES as error:
            raise failure_of(error) from error

    @staticmethod
    def load() -> None:
        """Import what the first request would; for a thread beside a service's start."""
        importlib.import_module("sitebookify.egress.exchange")

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
        from sitebookify.egress.exchange import open_session  # noqa: PLC0415 - it imports aiohttp

        if self._session is None:
            self._session = open_session(self._policy, self._resolver, self._user_agent)
        return self._session
