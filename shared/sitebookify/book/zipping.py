"""stream-zip without pycryptodome, which it needs for passwords alone.

That would take as long to load as all else of packaging, and several MiB.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["NO_COMPRESSION_32", "ZIP_AUTO", "Method", "stream_zip"]

_CRYPTO = ("Crypto", "Crypto.Cipher", "Crypto.Hash", "Crypto.Util", "Crypto.Protocol", "Crypto.Protocol.KDF")


class _StandIn(ModuleType):
    """A module of which any name can be imported, and none used."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


@contextmanager
def _without_crypto() -> Iterator[None]:
    """Inside the block what is imported of pycryptodome is nothing; where it is loaded already, it is that."""
    missing = [name for name in _CRYPTO if name not in sys.modules]
    sys.modules.update({name: _StandIn(name) for name in missing})
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


with _without_crypto():
    from stream_zip import NO_COMPRESSION_32, ZIP_AUTO, Method, stream_zip
