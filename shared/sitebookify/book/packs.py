"""Pieces of some kilobytes, many to an object: what a bucket charges for is the write, however much it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sitebookify.book.objects import piece_name
from sitebookify.errors import TransientError
from sitebookify.ports import ObjectStore

_MOST_PIECES = 50
_MOST_BYTES = 4 * 1024 * 1024
"""Held in memory until they are stored."""


class Pack:
    """Pieces, named at once and stored with the next `flush`; until then nobody can read them.

    Args:
        name: of the n-th object; no other attempt may use it.
        tail: what ends an object, asked for at the moment when it is put together.
    """

    def __init__(self, store: ObjectStore, name: Callable[[int], str], *, tail: Callable[[], bytes] = bytes) -> None:
        self._store = store
        self._name = name
        self._tail = tail
        self._turn = asyncio.Lock()
        self._pieces: list[bytes] = []
        self._size = 0
        self._count = 0
        self._lost = False

    @property
    def full(self) -> bool:
        """True where it is time to `flush`."""
        return len(self._pieces) >= _MOST_PIECES or self._size >= _MOST_BYTES

    @property
    def empty(self) -> bool:
        """True where nothing was added since the last `flush` began."""
        return not self._pieces

    def add(self, data: bytes) -> str:
        """The piece's name, as `read` takes it."""
        name = piece_name(self._name(self._count), self._size, len(data))
        self._pieces.append(data)
        self._size += len(data)
        return name

    async def flush(self) -> None:
        """Store what was added; on return, all that was added before the call is stored.

        Raises:
            TransientError: the store is away, now or at an earlier flush: pieces are lost, and so is the attempt.
        """
        async with self._turn:
            if self._lost:
                raise TransientError("the store was away when pieces were to be stored")
            data = b"".join([*self._pieces, self._tail()])
            if not data:
                return
            name = self._name(self._count)
            self._pieces, self._size = [], 0
            self._count += 1
            await finished(asyncio.ensure_future(self._put(name, data)))

    async def _put(self, name: str, data: bytes) -> None:
        self._lost = True
        await asyncio.to_thread(self._store.put, name, data)
        self._lost = False


async def finished(work: asyncio.Future[None]) -> None:
    """Wait for the work; where the caller is cancelled, too: others rely on what it stores."""
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise
