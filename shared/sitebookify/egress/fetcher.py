"""What fetching is to its callers: the answer, and the one method that gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from multidict import CIMultiDict

if TYPE_CHECKING:  # it imports aiohttp
    from sitebookify.egress.cookies import Cookies

MAX_BYTES = 10 * 1024 * 1024
TIMEOUT = 30.0


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
    """What fetches: the egress itself, or something polite in front of it."""

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
        cookies: Cookies | None = None,
    ) -> Response:
        """The answer to a GET, see `Egress.fetch`."""
        ...
