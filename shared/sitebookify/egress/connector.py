"""aiohttp's connector, made to open sockets to checked addresses only."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from sitebookify.egress.addresses import AddressPolicy
from sitebookify.egress.framing import LenientHandler

_MOST_LOOKUPS = 16
"""Of names, at a time."""
Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""A host name to its numeric addresses; raises OSError where it has none."""


_LEAST_SECONDS = 0.5
"""That a name without a public address takes, whatever the resolver knows of it."""


class AddressRefusedError(OSError):
    """The policy does not allow the address. An OSError, so that it passes through aiohttp unharmed."""


class NameRefusedError(AddressRefusedError):
    """The policy does not allow what a name resolves to; that it resolves at all is not for strangers to know."""


def checked_connector(policy: AddressPolicy, resolve: Resolve | None) -> aiohttp.TCPConnector:
    """A connector that resolves a name once, checks all its addresses, and connects to those and no others.

    The socket factory checks again what is really connected to, whatever way it came there: IP literals
    never pass the resolver.
    """

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, proto, _, sockaddr = info
        if not policy.allows(sockaddr[0], sockaddr[1]):
            raise AddressRefusedError
        return socket.socket(family=family, type=kind, proto=proto)

    connector = aiohttp.TCPConnector(
        resolver=_CheckedResolver(policy, resolve or _system_addresses), socket_factory=open_socket
    )
    handler: Any = functools.partial(LenientHandler, loop=asyncio.get_running_loop())
    connector._factory = handler  # noqa: SLF001 - there is no other way to hand it a protocol; tests watch over this one
    return connector


class _CheckedResolver(AbstractResolver):
    def __init__(self, policy: AddressPolicy, resolve: Resolve) -> None:
        self._policy = policy
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The host's addresses, all of them allowed: one that is not condemns the name."""
        if not self._policy.may_allow(port):
            raise AddressRefusedError
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            return await self._checked(host, port, family)
        except OSError:
            if not self._policy.allow_private:
                await asyncio.sleep(max(0.0, began + _LEAST_SECONDS - clock()))
            raise

    async def _checked(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        addresses = await self._resolve(host)
        if not all(self._policy.allows(address, port) for address in addresses):
            raise NameRefusedError
        results = [_result(host, port, address) for address in addresses]
        usable = [result for result in results if family in (socket.AF_UNSPEC, result["family"])]
        if not usable:
            raise OSError(f"{host} has no address")
        return usable

    async def close(self) -> None:
        """Nothing to release."""


def _result(host: str, port: int, address: str) -> ResolveResult:
    return ResolveResult(
        hostname=host, host=address, port=port, family=_family(address), proto=0, flags=socket.AI_NUMERICHOST
    )


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET if ip_address(address).version == 4 else socket.AF_INET6


_LOOKUPS = ThreadPoolExecutor(_MOST_LOOKUPS, thread_name_prefix="names")
"""Threads of their own: a stranger's name server may not answer for half a minute, and the store must not wait."""


async def _system_addresses(host: str) -> Sequence[str]:
    look_up = functools.partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    addresses = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, look_up)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in addresses))
