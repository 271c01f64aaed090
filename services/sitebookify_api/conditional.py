"""Entity tags (RFC 9110, section 8.8.3): a client that has the current version is answered 304."""

from __future__ import annotations

import hashlib

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


def tagged(request: Request, body: bytes, etag: str, headers: dict[str, str]) -> Response:
    """The JSON body with its tag, or 304 without it where the client has it."""
    headers = {**headers, "etag": etag, "cache-control": "private, no-cache"}
    if lists(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
