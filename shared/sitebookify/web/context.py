"""Pure-ASGI middleware: one request log a request, under the request's trace.

``BaseHTTPMiddleware`` would run the endpoint in another context, and what it binds would be lost.
"""

from __future__ import annotations

import logging
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitebookify.log import bound, child_traceparent

_QUIET = frozenset({"/healthz"})
_COME_AGAIN = 503
"""The status of refusals made on purpose: a backend is away, a slice has failed. Why is logged where it is made."""
_LONGEST = 500
"""Characters of what a client may make as long as it likes."""


class RequestContext:
    """Binds the caller's trace, or a new one, and logs the answer as Cloud Logging's ``httpRequest``.

    The trace is in ``scope["state"]["traceparent"]`` for handlers that pass it on; what they tell `label_request` is
    on the request's record.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger().bind()  # put together once: there is a record for every request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        traceparent = child_traceparent(headers.get(b"traceparent", b"").decode("latin-1"))
        scope.setdefault("state", {}).update(traceparent=traceparent, labels={})
        answer = {"status": 500, "size": 0}

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
            elif message["type"] == "http.response.body":
                answer["size"] += len(message.get("body", b""))
            await send(message)

        started = time.perf_counter()
        failure: Exception | None = None
        with bound(traceparent=traceparent):
            try:
                await self._app(scope, receive, observed)
            except Exception as error:
                failure = error
                raise
            finally:
                self._log_request(scope, headers, answer, time.perf_counter() - started, failure)

    def _log_request(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        answer: dict[str, int],
        seconds: float,
        failure: Exception | None,
    ) -> None:
        status = answer["status"]
        if scope["path"] in _QUIET and status < 400:
            return
        log, client = self._log, scope.get("client")
        labels = {key: str(value) for key, value in scope.get("path_params", {}).items() if key == "job_id"}
        log.log(
            _severity(status),
            "request.served",
            httpRequest={
                "requestMethod": scope["method"],
                "requestUrl": scope["path"][:_LONGEST],  # without the query: it may carry a signature
                "status": status,
                "responseSize": str(answer["size"]),
                "userAgent": headers.get(b"user-agent", b"").decode("latin-1")[:_LONGEST],
                "remoteIp": client[0] if client else "",
                "latency": f"{seconds:.6f}s",
            },
            **({"exc_info": failure} if failure else {}),
            **labels | scope["state"]["labels"],
        )


def label_request(request: Request, **labels: str) -> None:
    """Put ``job_id`` or ``message_id`` on the record of a request whose path does not name them."""
    request.state.labels.update(labels)


def _severity(status: int) -> int:
    if status == _COME_AGAIN:
        return logging.WARNING
    return logging.ERROR if status >= 500 else logging.INFO
