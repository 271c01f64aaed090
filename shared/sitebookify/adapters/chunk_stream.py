"""An iterator of chunks as the file that an upload wants to read."""

from __future__ import annotations

from collections.abc import Iterator


class SourceFailed(Exception):
    """Carries the error of the iterator, unchanged, past whoever translates the errors of the upload."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class ChunkStream:
    """Holds one read's bytes and one chunk at a time."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""
        self._position = 0

    def tell(self) -> int:
        """How many bytes were read."""
        return self._position

    def read(self, size: int) -> bytes:
        """``size`` bytes; fewer only at the end.

        Raises:
            SourceFailed: the iterator raised an error.
        """
        parts, length = [self._left], len(self._left)
        while length < size and (chunk := self._next()) is not None:
            parts.append(chunk)
            length += len(chunk)
        data = b"".join(parts)
        data, self._left = data[:size], data[size:]
        self._position += len(data)
        return data

    def _next(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except Exception as error:
            raise SourceFailed(error) from error
