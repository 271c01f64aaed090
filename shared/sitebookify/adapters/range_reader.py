"""A stream over something that is read in ranges."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # it exists for type checkers only


class RangeReader(io.RawIOBase):
    """``size`` bytes as a seekable stream; ``fetch(start, length)`` answers bytes from ``start`` on, at least one.

    ``release`` is called once, when the stream is closed.
    """

    def __init__(
        self, size: int, fetch: Callable[[int, int], bytes], release: Callable[[], None] = lambda: None
    ) -> None:
        self._size = size
        self._fetch = fetch
        self._release = release
        self._position = 0

    def buffered(self, buffer_size: int, *, offset: int = 0) -> BinaryIO:
        """The stream from ``offset`` on, fetched by ``buffer_size`` bytes at a time."""
        self.seek(offset)
        return cast("BinaryIO", io.BufferedReader(self, buffer_size))

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """See `io.IOBase`."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase`."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """See `io.RawIOBase`; what ``fetch`` raises passes through."""
        view = memoryview(buffer).cast("B")
        length = max(0, min(len(view), self._size - self._position))
        data = self._fetch(self._position, length) if length else b""
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def readall(self) -> bytes:
        """See `io.RawIOBase`; all that is left is asked for at once, not in small parts."""
        parts = []
        while (left := self._size - self._position) > 0:
            parts.append(self._fetch(self._position, left))
            self._position += len(parts[-1])
        return b"".join(parts)

    def close(self) -> None:
        """See `io.IOBase`."""
        if not self.closed:
            self._release()
        super().close()
