"""Range requests for one range (RFC 9110, section 14); several ranges are answered with the whole, as it allows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitebookify.messages import Message
from sitebookify_api.status import Code, Refused, Status

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """``length`` bytes from ``start`` on, of ``size`` in all."""

    start: int
    length: int
    size: int

    @property
    def partial(self) -> bool:
        """True where it is less than the whole."""
        return self.length < self.size

    @property
    def content_range(self) -> str:
        """The Content-Range header."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def requested_range(header: str, size: int) -> ByteRange:
    """What a Range header asks for; the whole where there is none, or one to be ignored.

    Raises:
        Refused: 416, none of its bytes exist.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if not match or not (match[1] or match[2]):
        return ByteRange(0, size, size)
    if not match[1]:
        length = min(int(match[2]), size)
        start = size - length
    else:
        start = int(match[1])
        last = min(int(match[2]), size - 1) if match[2] else size - 1
        if match[2] and int(match[2]) < start:
            return ByteRange(0, size, size)
        length = last - start + 1
    if length <= 0:
        raise Refused(
            Status(
                code=Code.OUT_OF_RANGE,
                http=416,
                reason="RANGE_NOT_SATISFIABLE",
                message=Message("api.range", count=size),
            ),
            {"content-range": f"bytes */{size}"},
        )
    return ByteRange(start, length, size)
