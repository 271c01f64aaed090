"""Every error as google.rpc.Status JSON, also those that Starlette raises for us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sitebookify.errors import JobUnreadable, SitebookifyError
from sitebookify.messages import Message
from sitebookify_api.language import VARY, language_of
from sitebookify_api.status import Code, Refused, Status, status_of

log = structlog.get_logger()


async def of_known(request: Request, error: Exception) -> Response:
    """An error of ours, by the table."""
    status = status_of(error)
    if status.code is Code.UNAVAILABLE:
        log.warning("request.unavailable", why=str(error))
    elif isinstance(error, JobUnreadable):
        log.error("record.unreadable", job_id=error.job_id, why=error.why)
    elif status.code is Code.INTERNAL:
        log.error("request.failed", exc_info=error)
    extra: Mapping[str, str] = getattr(error, "headers", {})
    return _answer(request, status, {**status.headers, **extra})


async def of_starlette(request: Request, error: Exception) -> Response:
    """No such route, or not with this method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for no other
    headers = dict(error.headers or {})
    if error.status_code == 405:
        message = Message("api.method_not_allowed", method=request.method, allowed=headers.get("Allow", "-"))
        status = Status(code=Code.UNIMPLEMENTED, http=405, reason="METHOD_NOT_ALLOWED", message=message)
    elif error.status_code == 404:
        message = Message("api.route_not_found", path=request.url.path[:200])
        status = Status(code=Code.NOT_FOUND, reason="ROUTE_NOT_FOUND", message=message)
    else:
        message = Message("api.bad_request", detail=str(error.detail))
        status = Status(code=Code.INVALID_ARGUMENT, http=error.status_code, reason="BAD_REQUEST", message=message)
    return _answer(request, status, headers)


async def of_gone(_request: Request, _error: Exception) -> Response:
    """The client went away before it had sent all: nobody reads this; the log says what happened, as nginx does."""
    return Response(status_code=499)


async def of_unknown(request: Request, error: Exception) -> Response:
    """A bug of ours: the client learns nothing of it; Starlette raises it again for the log."""
    return _answer(request, status_of(error), {})


def _answer(request: Request, status: Status, headers: Mapping[str, str]) -> Response:
    body = status.to_http(language_of(request))
    return JSONResponse(body, status_code=status.http_status, headers={**headers, "vary": VARY})


EXCEPTION_HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    SitebookifyError: of_known,
    Refused: of_known,
    HTTPException: of_starlette,
    ClientDisconnect: of_gone,
    Exception: of_unknown,
}
