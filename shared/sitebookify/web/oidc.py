"""Who may push: the OIDC token that Pub/Sub and Cloud Scheduler send is verified here too, not only by Cloud Run.

A token is a JWT signed by Google with the claims aud, azp, email, email_verified, sub, iat, exp and iss
``https://accounts.google.com``; it may be an hour old
(https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from typing import Any, Protocol

import structlog
from starlette.datastructures import Headers

from sitebookify.errors import SitebookifyError, Unavailable
from sitebookify.nesting import too_deep
from sitebookify.web.hosts import AllowedHosts

log = structlog.get_logger()

GOOGLE_CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
_ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
_LONGEST_TOKEN = 8192
_DEEPEST_CLAIM = 8
_SKEW = 30
_FRESH_SECONDS = 3600
_LEAST_INTERVAL = 60
_FETCH_SECONDS = 10


class Refused(SitebookifyError):
    """A request that may not pass: status 401 without a valid token, 403 with somebody else's."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard(Protocol):
    """Lets a request pass or raises."""

    async def __call__(self, headers: Headers) -> None:
        """Return where the request may pass.

        Raises:
            Refused: it may not.
            Unavailable: that cannot be told now.
        """
        ...


class Certificates:
    """Google's signing certificates by key id, cached for an hour and fetched anew for an unknown key.

    At most one fetch a minute, whatever keys strangers name; while the endpoint is away the old ones serve on.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._found: dict[str, str] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._turn = asyncio.Lock()

    async def having(self, key_id: str) -> dict[str, str]:
        """The certificates, with that of ``key_id`` where there is one.

        Raises:
            Unavailable: none could be fetched so far.
        """
        async with self._turn:
            now = time.monotonic()
            stale = key_id not in self._found or now - self._fetched_at > _FRESH_SECONDS
            if stale and (not self._found or now - self._tried_at > _LEAST_INTERVAL):
                self._tried_at = now
                await self._fetch()
        if not self._found:
            raise Unavailable("the certificates for push tokens cannot be fetched")
        return self._found

    async def _fetch(self) -> None:
        import aiohttp  # noqa: PLC0415 - it takes a quarter of a service's start

        timeout = aiohttp.ClientTimeout(total=_FETCH_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._url) as answer:
                answer.raise_for_status()
                keys = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("oidc.certificates_unavailable", why=str(error) or type(error).__name__)
            return
        self._found = {str(key): str(certificate) for key, certificate in keys.items()}
        self._fetched_at = time.monotonic()


class OidcGuard:
    """Lets pass who has a token of ``identity`` (a service account's e-mail) for ``audience``."""

    def __init__(self, *, audience: str, identity: str, certificates: Certificates) -> None:
        self._audience = audience
        self._identity = identity
        self._certificates = certificates

    async def __call__(self, headers: Headers) -> None:
        """See `Guard`."""
        from google.auth import jwt  # noqa: PLC0415 - a tenth of a service's start
        from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - comes with it

        untyped: Any = jwt
        token = bearer(headers)
        _require_flat(token)
        try:
            key_id = str(untyped.decode_header(token).get("kid", ""))
            certificates = await self._certificates.having(key_id)
            claims = untyped.decode(token, certs=certificates, audience=self._audience, clock_skew_in_seconds=_SKEW)
        except (GoogleAuthError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise Refused(401, f"the token is not valid ({type(error).__name__})") from error
        self._check(claims)

    def _check(self, claims: Any) -> None:
        if claims.get("iss") not in _ISSUERS:
            raise Refused(401, "the token has another issuer")
        not_before = claims.get("nbf", 0)
        if not isinstance(not_before, (int, float)) or not_before > time.time() + _SKEW:
            raise Refused(401, "the token is not valid yet")
        if claims.get("email_verified") is not True:
            raise Refused(403, "the token's e-mail address is not verified")
        if claims.get("email") != self._identity:
            raise Refused(403, "the token is another identity's")


def _require_flat(token: str) -> None:
    """Look at a token's parts before a parser does: its header is read before its signature is checked.

    Raises:
        Refused: they are no base64, or their JSON is nested deeper than a token's ever is.
    """
    for part in token.split(".")[:2]:
        try:
            data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError as error:
            raise Refused(401, "the token is not valid (no base64)") from error
        if too_deep(data, _DEEPEST_CLAIM):
            raise Refused(401, "the token is not valid (nested too deep)")


class TokenGuard:
    """Lets pass who bears the configured token; with none configured nobody."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, headers: Headers) -> None:
        """See `Guard`."""
        if not self._token:
            raise Refused(403, "this route is closed: SITEBOOKIFY_INTERNAL_TOKEN is not set")
        if not hmac.compare_digest(bearer(headers).encode(), self._token.encode()):
            raise Refused(401, "send the header 'Authorization: Bearer <token>' with the internal token")


class AnyGuard:
    """Lets pass whom one of the guards does; answers the last one's refusal."""

    def __init__(self, *guards: Guard) -> None:
        self._guards = guards

    async def __call__(self, headers: Headers) -> None:
        """See `Guard`."""
        for guard in self._guards[:-1]:
            try:
                return await guard(headers)
            except Refused:
                continue
        return await self._guards[-1](headers)


class OpenGuard:
    """Lets everybody pass who means this server: for a machine of one's own, by an explicit setting."""

    def __init__(self, hosts: AllowedHosts) -> None:
        self._hosts = hosts

    async def __call__(self, headers: Headers) -> None:
        """See `Guard`."""
        if not self._hosts.allow(headers.get("host", "")):
            raise Refused(403, "this server is not known by the name in the Host header")


def bearer(headers: Headers) -> str:
    """The one bearer token of a request.

    Raises:
        Refused: there is none, more than one, or one of an absurd size.
    """
    values = headers.getlist("authorization")
    if len(values) != 1:
        raise Refused(401, "send one Authorization header" if values else "the Authorization header is missing")
    scheme, _, token = values[0].partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise Refused(401, "the Authorization header is not a bearer token")
    return token
