"""Who may do what: API keys where some are set, else the job's unguessable id is the capability.

Keys are configured as ``name:sha256`` pairs and never stored themselves. They are made of 256 random bits, so a plain
SHA-256 is as strong as they are; a slow hash protects guessable passwords only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from sitebookify.messages import Message
from sitebookify.web.hosts import AllowedHosts
from sitebookify_api.signing import UrlSigner
from sitebookify_api.status import Code, Refused, Status

KEY_COOKIE = "sitebookify-key"
"""Where browsers keep the key that was entered on the page; SameSite, so other sites cannot use it."""
_LONGEST_KEY = 256
_LONGEST_HOP = 64
_HOST_BITS = 64


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
        hosts: what a request's Host header may name.
    """

    def __init__(
        self, *, keys: Mapping[str, str], private: bool, proxies: int, signer: UrlSigner, hosts: AllowedHosts
    ) -> None:
        self._keys = keys
        self._private = private
        self._proxies = proxies
        self._signer = signer
        self._hosts = hosts

    def admit(self, request: Request, access: Access) -> None:
        """Let the request pass.

        Raises:
            Refused: 401 without a right key, 403 for a listing nobody may see or a signature that is not good, 421 for
                a Host that is not this server's.
        """
        if not self._hosts.allow(request.headers.get("host", "")):
            message = Message("api.misdirected")
            raise Refused(Status(code=Code.PERMISSION_DENIED, http=421, reason="HOST_NOT_ALLOWED", message=message))
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

    def secure(self, request: Request) -> bool:
        """True where the client came by https, as the nearest trusted proxy says."""
        schemes = ",".join(request.headers.getlist("x-forwarded-proto")).split(",")
        proxied = 0 < self._proxies <= len(schemes) and schemes[-self._proxies].strip().lower() == "https"
        return proxied or request.url.scheme == "https"

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
        names = [name for candidate, name in self._keys.items() if hmac.compare_digest(candidate, digest)]
        return names[0] if names else ""

    def _address(self, request: Request) -> str:
        """The address, as its /64 where it is IPv6: that is what one customer is given.

        A proxy may append a line of its own instead of adding to the last one (RFC 9110, 5.3): they are one list.
        """
        lines = request.headers.getlist("x-forwarded-for")
        hops = [hop for hop in ",".join(lines).split(",") if hop.strip()]
        if 0 < self._proxies <= len(hops):
            return _network(hops[-self._proxies])
        return _network(request.client.host if request.client else "")


def _network(hop: str) -> str:
    """What stands for the client in limits: ``192.0.2.1``, or ``2001:db8::/64``; a port is left out."""
    text = hop.strip()[:_LONGEST_HOP]
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Network((int(address) >> _HOST_BITS << _HOST_BITS, _HOST_BITS)))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _bearer(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def parse_keys(text: str) -> dict[str, str]:
    """SHA-256 to name, from ``name:sha256`` pairs between commas; their form was checked by the settings."""
    pairs = [pair.strip().partition(":") for pair in text.split(",") if pair.strip()]
    return {digest.lower(): name for name, _, digest in pairs}
