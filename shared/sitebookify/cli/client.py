"""A small client of the REST API for the commands."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from sitebookify.errors import SitebookifyError

_TRIES = 5
_TIMEOUT = 60.0
_AWAY = frozenset({429, 502, 503, 504})
_SECRET_HEADERS = frozenset({"x-api-key", "authorization", "cookie"})
_LARGEST = 16 * 2**20
"""Bytes of an answer; a hundred jobs with all their texts have a tenth of it."""
_MOST_DIGITS = 6
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0


class RequestFailed(SitebookifyError):
    """The server refused or did not answer; the message is the server's own if it sent one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. ``body`` is None if nothing has changed; ``retry_after`` is in seconds, 0 to 30."""

    body: dict[str, Any] | None
    etag: str
    retry_after: float


class JobsClient:
    """Requests to one server; all are idempotent, and tried again if they fail for a temporary reason.

    Args:
        server: its base URL.
        api_key: sent with every request, unless empty.
        sleep: how to wait, in seconds, between two tries.
    """

    def __init__(self, server: str, api_key: str = "", *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._server = server.rstrip("/")
        _require_web(self._server)
        self._headers = {"Accept": "application/json"}
        if api_key:
            self._headers["X-API-Key"] = api_key
        self._sleep = sleep

    def get(self, path: str, *, etag: str = "", **query: str) -> Answer:
        """A resource; with ``etag``, only if it has changed."""
        headers = {"If-None-Match": etag} if etag else {}
        return self._json("GET", path, query, headers=headers)

    def post(self, path: str, body: Mapping[str, Any], **query: str) -> dict[str, Any]:
        """Call a method, and return the response's body."""
        headers = {"Content-Type": "application/json"}
        data = json.dumps(body).encode()
        answer = self._json("POST", path, query, headers=headers, data=data)
        return answer.body or {}

    def delete(self, path: str) -> None:
        """Remove a resource."""
        self._json("DELETE", path, {}, headers={})

    def open(self, url: str) -> Any:
        """The response to a URL from the server: a binary stream with ``headers``, which the caller closes."""
        _require_web(url)
        return self._send(urllib.request.Request(url))  # noqa: S310 - http or https, as was just checked

    def _json(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        headers: Mapping[str, str],
        data: bytes | None = None,
    ) -> Answer:
        url = self._server + path
        if query:
            url += f"?{urlencode(query)}"
        headers = {**self._headers, **headers}
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - see the constructor
        with self._send(request) as response:
            retry_after = _retry_after(response.headers.get("Retry-After", ""))
            if response.status == 304:
                return Answer(None, "", retry_after)
            body = _object(_whole(response, url))
            if body is None:
                raise RequestFailed(f"{url} did not answer with JSON; is it a sitebookify server?")
            return Answer(body, response.headers.get("ETag", ""), retry_after)

    def _send(self, request: urllib.request.Request) -> Any:
        """The response: a success or a 304.

        Raises:
            RequestFailed: it is neither, or there was none after all tries.
        """
        for attempt in range(_TRIES):
            wait = _FIRST_WAIT * 2**attempt
            try:
                return _OPENER.open(request, timeout=_TIMEOUT)
            except urllib.error.HTTPError as error:
                if error.status == 304:
                    return error
                failure = RequestFailed(_message(error))
                if error.status not in _AWAY:
                    raise failure from error
                wait = _retry_after(error.headers.get("Retry-After", "")) or wait
            except (OSError, http.client.HTTPException) as error:
                failure = RequestFailed(f"no answer from {request.host}: {getattr(error, 'reason', error)}")
            if attempt < _TRIES - 1:
                self._sleep(min(wait, _LONGEST_WAIT))
        raise failure


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to http and https only, and sends the key to no other origin."""

    def redirect_request(  # noqa: PLR0917 - urllib's signature
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next request, or None if the redirect is an error."""
        if _origin(newurl) is None:
            raise RequestFailed(f"{req.host} redirects to an address that is not followed")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and _origin(newurl) != _origin(req.full_url):
            for name in list(following.headers):
                if name.lower() in _SECRET_HEADERS:
                    following.remove_header(name)
        return following


def _opener() -> urllib.request.OpenerDirector:
    """Without the handlers that read files, FTP and data URLs."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an http or https URL; None for any other."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
    except ValueError:
        return None


def _require_web(url: str) -> None:
    """Refuse a URL that is not http or https.

    Raises:
        RequestFailed: it is not.
    """
    if _origin(url) is None:
        raise RequestFailed(f"{url[:200]!r} is not an http or https URL")


_OPENER = _opener()


def _whole(response: Any, url: str) -> bytes:
    """The response's body.

    Raises:
        RequestFailed: it is longer than any answer of a sitebookify server, or ends too early.
    """
    try:
        body: bytes = response.read(_LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise RequestFailed(f"the answer of {url} broke off") from error
    if len(body) > _LARGEST:
        raise RequestFailed(f"{url} answers with more than {_LARGEST // 2**20} MiB; is it a sitebookify server?")
    return body


def _object(body: bytes) -> dict[str, Any] | None:
    """The JSON object, or None where it is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _message(error: urllib.error.HTTPError) -> str:
    """The message of google.rpc.Status, or the status line if there is none."""
    with error:
        try:
            status = json.loads(error.read(65_536))["error"]
            return f"{status['message']} ({status['status']})"
        except (ValueError, KeyError, TypeError, OSError, RecursionError, http.client.HTTPException):
            return f"{error.url} answers {error.status} {error.reason}"


def _retry_after(header: str) -> float:
    return min(float(header[:_MOST_DIGITS]), _LONGEST_WAIT) if header.isdecimal() else 0.0
