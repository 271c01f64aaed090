"""Which addresses may be connected to."""

from __future__ import annotations

import pytest

from sitebookify.egress.addresses import AddressPolicy, is_public

PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "2002:101:101::1",
    "64:ff9b::1.1.1.1",
]
REFUSED = {
    "loopback": "127.0.0.1",
    "loopback elsewhere": "127.255.255.254",
    "this network": "0.0.0.0",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "carrier-grade NAT": "100.64.0.1",
    "link-local": "169.254.169.254",
    "Alibaba metadata": "100.100.100.200",
    "Azure wire server": "168.63.129.16",
    "documentation": "192.0.2.1",
    "protocol assignments": "192.0.0.8",
    "protocol assignments, global to Python": "192.0.0.9",
    "6to4 relay anycast": "192.88.99.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "multicast, globally scoped": "232.1.1.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 loopback": "::1",
    "v6 unspecified": "::",
    "v6 link-local": "fe80::1",
    "v6 link-local with a zone": "fe80::1%lo",
    "global with a zone": "2606:4700:4700::1111%lo",
    "v6 site-local": "fec0::1",
    "v6 unique local": "fd00:ec2::254",
    "v6 multicast": "ff02::1",
    "v6 documentation": "2001:db8::1",
    "v4-mapped loopback": "::ffff:127.0.0.1",
    "v4-mapped metadata": "::ffff:169.254.169.254",
    "v4-compatible": "::127.0.0.1",
    "v4-translated": "::ffff:0:127.0.0.1",
    "6to4 around loopback": "2002:7f00:1::",
    "NAT64 around loopback": "64:ff9b::7f00:1",
    "NAT64 around a private address": "64:ff9b::10.0.0.1",
    "local-use NAT64": "64:ff9b:1::a00:1",
    "Teredo with a private client": "2001:0:102:304:0:ffff:f5ff:fffe",
    "discard only": "100::1",
    "not an address": "example.org",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "short": "127.1",
    "empty": "",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED.keys())
def test_everything_else_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("port", [22, 25, 8080, 0])
def test_only_the_ports_of_the_web_are_allowed(port: int) -> None:
    policy = AddressPolicy()
    assert policy.allows("1.1.1.1", 80)
    assert policy.allows("1.1.1.1", 443)
    assert not policy.allows("1.1.1.1", port)


def test_private_networks_and_any_port_can_be_opened_for_local_work() -> None:
    assert AddressPolicy(allow_private=True).allows("127.0.0.1", 8080)
