"""Which Host headers a server answers to.

A page on the internet can make its own name resolve to 127.0.0.1 (DNS rebinding): a browser then lets its scripts talk
to a server on this machine, but sends the page's name as Host. An address, and a name without a dot, which only this
network's resolver can know, cannot be rebound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from sitebookify.settings import Settings

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[^\s:/@\[\]]{1,255})(?::[0-9]{0,5})?")
_LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """The names a server is known by.

    Args:
        names: lower case; ``*.example.com`` stands for every name below, ``*`` for all.
        addresses: any address is allowed too, for a server that listens on more than loopback.
    """

    names: frozenset[str] = frozenset()
    addresses: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """By the settings.

        Checked are servers on loopback, private servers, and those that name their hosts. Without a name of its own,
        a public server on all addresses answers to any: whoever reaches it may use it.
        """
        names = {name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip()}
        if not names and not settings.server_private and not is_loopback(settings.host):
            return cls(names=frozenset("*"))
        urls = (settings.public_url, settings.worker_url, settings.deadletter_url)
        names |= {host for url in urls if (host := urlsplit(url).hostname)}
        return cls(names=frozenset(names), addresses=not is_loopback(settings.host))

    def allow(self, header: str) -> bool:
        """True where a request with this Host header is meant for the server."""
        if "*" in self.names:
            return True
        match = _HOST.fullmatch(header.strip())
        if not match:
            return False
        host = match[1].lower().removesuffix(".")
        if is_loopback(host) or any(fnmatchcase(host, name) for name in self.names):
            return True
        if _is_address(host):
            return self.addresses
        return "." not in host


def is_loopback(host: str) -> bool:
    """True for localhost, names below it, and loopback addresses."""
    if host == _LOCALHOST or host.endswith(f".{_LOCALHOST}"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
