"""What fetching is to its callers: the answer, and the one method that gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack

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
        """The media type in lower case without parameters, the first where a header names several, or ""."""
        return self.headers.get("Content-Type", "").partition(";")[0].partition(",")[0].strip().lower()


class FetchOptions(TypedDict, total=False):
    """How a URL is fetched.

    ``headers`` are sent along, but never to another origin; ``accept`` is the Accept header, of any origin.
    ``max_bytes`` bounds the body after decompression; with ``truncate`` a longer one is cut instead of refused.
    ``timeout`` is the seconds for each request with its body; a redirect is another request.
    ``follow`` is awaited before each redirect; where it says no, the redirect itself is the answer.
    ``body_if`` is shown the answer without its body; where it says no, the body is not read and empty.
    ``cookies`` are sent along, and added to; without them, cookies live as long as the redirects of this fetch.
    """

    headers: Mapping[str, str]
    accept: str
    max_bytes: int
    truncate: bool
    timeout: float
    follow: Callable[[str], Awaitable[bool]]
    body_if: Callable[[Response], bool]
    cookies: Cookies


class Fetcher(Protocol):
    """What fetches: the egress itself, or something polite in front of it."""

    async def fetch(self, url: str, **options: Unpack[FetchOptions]) -> Response:
        """The answer to a GET, see `Egress.fetch`."""
        ...
