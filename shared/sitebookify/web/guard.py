"""Which guard stands before a service's routes, by the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sitebookify.errors import SettingsError, Unavailable
from sitebookify.settings import PushAuth, Settings
from sitebookify.web.hosts import AllowedHosts
from sitebookify.web.oidc import AnyGuard, Certificates, Guard, OidcGuard, OpenGuard, Refused, TokenGuard

log = structlog.get_logger()

Endpoint = Callable[[Request], Awaitable[Response]]
_STATUS = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED"}


def push_guard(settings: Settings, *, audience: str) -> Guard:
    """The guard of a push route; ``audience`` is the service's own URL unless a setting names another.

    Raises:
        SettingsError: tokens are to be verified, but it is not said whose.
    """
    if settings.push_auth is PushAuth.NONE:
        return OpenGuard(AllowedHosts.of(settings))
    if not settings.push_identity:
        raise SettingsError(
            "SITEBOOKIFY_PUSH_IDENTITY: needed where SITEBOOKIFY_PUSH_AUTH=oidc: the e-mail address of the service "
            "account that pushes (on a machine of your own: SITEBOOKIFY_PUSH_AUTH=none)"
        )
    expected = settings.push_audience or audience
    if not expected:
        raise SettingsError("SITEBOOKIFY_PUSH_AUDIENCE: needed where SITEBOOKIFY_PUSH_AUTH=oidc: the token's audience")
    certificates = Certificates(settings.push_certificates_url)
    return OidcGuard(audience=expected, identity=settings.push_identity, certificates=certificates)


def internal_guard(settings: Settings, *, audience: str) -> Guard:
    """The guard of an ``/internal/`` route: the internal token, or the pushing identity's where those are verified.

    Raises:
        SettingsError: see `push_guard`.
    """
    token = TokenGuard(settings.internal_token.get_secret_value())
    if settings.push_auth is PushAuth.NONE:
        return token
    return AnyGuard(push_guard(settings, audience=audience), token)


def guarded(guard: Guard, endpoint: Endpoint) -> Endpoint:
    """The endpoint behind the guard; refusals are logged without the token."""

    async def checked(request: Request) -> Response:
        try:
            await guard(request.headers)
        except Refused as refused:
            log.warning("request.refused", status=refused.status, why=refused.why, path=request.url.path)
            return _answer(refused.status, _STATUS[refused.status], refused.why)
        except Unavailable as error:
            return _answer(503, "UNAVAILABLE", str(error))
        return await endpoint(request)

    return checked


def _answer(code: int, status: str, message: str) -> Response:
    headers = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "10"}}.get(code)
    body = {"error": {"code": code, "status": status, "message": message}}
    return JSONResponse(body, status_code=code, headers=headers)
