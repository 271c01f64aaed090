"""Which addresses and ports may be connected to.

Decided on resolved addresses, never on the text of a URL: ``2130706433``, ``0x7f.1`` and ``①②⑦.0.0.1``
all resolve to loopback. ``ipaddress.is_global`` alone is not enough: it is True for ``64:ff9b::7f00:1``,
``2002:7f00:1::``, ``fec0::1`` and ``224.0.0.1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_WEB_PORTS = frozenset({80, 443})
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, all that IANA has allocated for the internet
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_REFUSED = (
    IPv4Network("192.0.0.0/24"),  # RFC 6890, protocol assignments; some of it is global to `ipaddress`
    IPv4Network("192.88.99.0/24"),  # RFC 7526, the withdrawn 6to4 relay anycast
    IPv4Network("168.63.129.16/32"),  # Azure's wire server: a public address with a metadata service behind it
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """What may be connected to: the public internet on the web's ports, or everything.

    ``exempt`` are addresses that count as public on any port: a test's stand-ins for the internet.
    """

    allow_private: bool = False
    exempt: frozenset[str] = frozenset()

    def may_allow(self, port: int) -> bool:
        """False where no address is allowed at this port."""
        return self.allow_private or bool(self.exempt) or port in _WEB_PORTS

    def allows(self, address: str, port: int) -> bool:
        """True where a socket may be opened to this address (as text, numeric) and port."""
        if self.allow_private or address in self.exempt:
            return True
        return port in _WEB_PORTS and is_public(address)


def is_public(address: str) -> bool:
    """True for a globally routable unicast address whose embedded IPv4 address, if any, is one too."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    if parsed.scope_id is not None:
        return False
    embedded = _embedded(parsed)
    return all(map(_is_public_v4, embedded)) if embedded else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _REFUSED)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in _GLOBAL_UNICAST and address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that packets to this IPv6 address may end at."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
