"""What browsers are told about every answer, and whose pages may ask."""

from __future__ import annotations

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitebookify import messages
from sitebookify_api.status import Code, Status

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_PAGES = [
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
"""What concerns nothing but HTML; a poller's answer is small, and uvicorn checks every header."""
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class SecurityHeaders:
    """Adds what a route did not set itself; pages bring their own Content-Security-Policy.

    Args:
        https: the server is reached by https only.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._always = [*_ALWAYS, *([_HSTS] if https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                present = dict(headers)
                page = present.get(b"content-type", b"").startswith(b"text/html")
                headers_to_add = [*self._always, *_PAGES] if page else self._always
                # A list of its own: an answer that is made once keeps its headers.
                message["headers"] = [*headers, *(item for item in headers_to_add if item[0] not in present)]
            await send(message)

        await self._app(scope, receive, hardened)


class Cors(CORSMiddleware):
    """Starlette's, but its refusals have the one shape of errors."""

    def __init__(self, app: ASGIApp, *, origins: str) -> None:
        super().__init__(
            app,
            allow_origins=[origin.strip() for origin in origins.split(",") if origin.strip()],
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=[
                "authorization",
                "content-type",
                "if-none-match",
                "last-event-id",
                "traceparent",
                "x-api-key",
            ],
            expose_headers=["content-disposition", "etag", "retry-after"],
            max_age=3600,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to an OPTIONS request of a browser."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        message = messages.Message("api.cors", detail=bytes(response.body).decode())
        status = Status(code=Code.PERMISSION_DENIED, http=response.status_code, reason="CORS_REFUSED", message=message)
        body = json.dumps(status.to_http(messages.DEFAULT)).encode()
        headers = MutableHeaders(raw=list(response.raw_headers))
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        return Response(body, status_code=response.status_code, headers=headers)
