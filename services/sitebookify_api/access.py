"""Who may do what: API keys where some are set, else the job's unguessable id is the capability.

Keys are configured as ``name:sha256`` pairs and never stored themselves. They are made of 256 random bits, so a plain
SHA-256 is as strong as they are; a slow hash protects guessable passwords only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum

from starlette.requests import Request

from sitebookify.messages import Message
from sitebookify_api.signing import UrlSigner
from sitebookify_api.status import Code, Refused, Status

KEY_COOKIE = "sitebookify-key"
"""Where browsers keep the key that was entered on the page; SameSite, so other sites cannot use it."""
_LONGEST_KEY = 256


class Access(StrEnum):
    """What a request needs."""

    OPEN = "open"
    """Nothing."""
    KEY = "key"
    """An API key, where keys are set."""
    FILE = "file"
    """An API key, where keys are set, or a signature in the URL."""
    LISTING = "listing"
    """An API key; without keys set, a server that is declared private."""


class Guard:
    """Decides before anything of a request is read.

    Args:
        keys: SHA-256 in hex to the name of the key; empty: no keys are needed.
        private: without keys, whoever reaches the server may list.
        proxies: trusted proxies in front, each of which appends to X-Forwarded-For.
    """

    def __init__(self, *, keys: Mapping[str, str], private: bool, proxies: int, signer: UrlSigner) -> None:
        self._keys = keys
        self._private = private
        self._proxies = proxies
        self._signer = signer

    def admit(self, request: Request, access: Access) -> None:
        """Let the request pass.

        Raises:
            Refused: 401 without a right key, 403 for a listing nobody may see or a signature that is not good.
        """
        signed = access is Access.FILE and self._signer.check(request.url.path, request.query_params)
        if access is Access.OPEN or signed:
            return
        if self._keys:
            self._require_key(request)
        elif access is Access.LISTING and not self._private:
            raise Refused(
                Status(
                    code=Code.PERMISSION_DENIED,
                    reason="LISTING_DISABLED",
                    message=Message("api.listing_disabled"),
                )
            )

    def client(self, request: Request) -> str:
        """Who is asking, for limits: the name of the key, or the address."""
        name = self._key_name(request)
        return f"key:{name}" if name else f"address:{self._address(request)}"

    def scoped(self, request: Request, request_id: str) -> str:
        """A request id as the client's own: with keys, two clients may choose the same."""
        name = self._key_name(request)
        return f"{name}:{request_id}" if name and request_id else request_id

    def _require_key(self, request: Request) -> None:
        if not self._key_name(request):
            raise Refused(
                Status(
                    code=Code.UNAUTHENTICATED,
                    reason="API_KEY_REQUIRED",
                    message=Message("api.key_required"),
                ),
                {"www-authenticate": "Bearer"},
            )

    def _key_name(self, request: Request) -> str:
        bearer = _bearer(request.headers.get("authorization", ""))
        return self.name_of(request.headers.get("x-api-key") or bearer or request.cookies.get(KEY_COOKIE, ""))

    def name_of(self, given: str) -> str:
        """The name of the API key, or "" where it is none."""
        digest = hashlib.sha256(given[:_LONGEST_KEY].encode()).hexdigest()
        names = [name for known, name in self._keys.items() if hmac.compare_digest(known, digest)]
        return names[0] if names else ""

    def _address(self, request: Request) -> str:
        hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
        if 0 < self._proxies <= len(hops):
            return hops[-self._proxies][:45]
        return request.client.host if request.client else ""


def _bearer(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def parse_keys(text: str) -> dict[str, str]:
    """SHA-256 to name, from ``name:sha256`` pairs between commas; their form was checked by the settings."""
    pairs = [pair.strip().partition(":") for pair in text.split(",") if pair.strip()]
    return {digest.lower(): name for name, _, digest in pairs}
