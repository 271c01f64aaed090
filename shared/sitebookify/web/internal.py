"""Who may use the ``/internal/`` routes: the bearer of the configured token."""

from __future__ import annotations

import hmac

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


def refusal(request: Request, token: SecretStr) -> Response | None:
    """None for a request with the right bearer token, else the answer to give.

    401 for a wrong or missing token; 403 where no token is configured and the routes are closed.
    """
    expected = token.get_secret_value()
    if not expected:
        return _error(403, "PERMISSION_DENIED", "this route is closed: SITEBOOKIFY_INTERNAL_TOKEN is not set")
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {expected}".encode()):
        return _error(401, "UNAUTHENTICATED", "send the header 'Authorization: Bearer <token>' with the internal token")
    return None


def _error(code: int, status: str, message: str) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if code == 401 else None
    body = {"error": {"code": code, "status": status, "message": message}}
    return JSONResponse(body, status_code=code, headers=headers)
