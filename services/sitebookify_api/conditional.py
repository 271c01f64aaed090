"""Entity tags (RFC 9110, section 8.8.3): a client that has the current version is answered 304."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response


def etag_of(body: bytes) -> str:
    """A strong entity tag of these very bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def lists(header: str, etag: str) -> bool:
    """True where an If-None-Match header names the tag (weak comparison) or any."""
    if not header:
        return False
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in header.split(","))


class Entity:
    """JSON with its entity tag: two answers made once, one of which fits each request for it."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.body = body
        self._etag = etag_of(body)
        headers = {**(headers or {}), "etag": self._etag, "cache-control": "private, no-cache"}
        self._whole = Response(body, media_type="application/json", headers=headers)
        self._unchanged = Response(status_code=304, headers=headers)

    def answer(self, request: Request) -> Response:
        """The body, or 304 without it where the client has it."""
        given = request.headers.get("if-none-match")
        return self._unchanged if given and lists(given, self._etag) else self._whole
