"""Lengths of answers as browsers take them: a length that is said twice counts once, and what exceeds it is dropped.

aiohttp's parser refuses both, and has no setting for it. Nothing is guessed: lengths that differ, and a length beside
chunks, are left for it to refuse, so that no two readers of an answer can see different ends of it. A connection whose
server sent too much is closed, and never used for another request.
"""

from __future__ import annotations

import re
from asyncio import AbstractEventLoop
from enum import Enum, auto
from typing import Any

from aiohttp.client_proto import ResponseHandler

_LONGEST_HEAD = 128 * 1024
"""Bytes; a longer one is passed on as it is."""
_MOST_INTERIM = 20
"""Answers such as 103 before the one that counts."""
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d\.\d[ \t]+(\d{3})")
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE | re.MULTILINE)
_ANY_LENGTH = re.compile(rb"^content-length[ \t]*:", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WITHOUT_BODY = frozenset({204, 304})


class _Part(Enum):
    HEAD = auto()
    BODY = auto()
    OPEN = auto()
    """A body of unknown length, and all that aiohttp has to judge itself."""


class Framing:
    """The bytes of one answer on their way to the parser; ``exceeded``: there were more than it had announced."""

    def __init__(self) -> None:
        self.exceeded = False
        self._part = _Part.HEAD
        self._head = bytearray()
        self._left = 0
        self._interim = 0

    def feed(self, data: bytes) -> bytes:
        """What of these bytes, and of those that were held back, the parser is to have now."""
        before = b""
        while self._part is _Part.HEAD and data:
            head, data = self._split(data)
            before += self._begin(head) if head else b""
        if self._part is not _Part.BODY:
            return before + data
        part = data[: self._left]
        self._left -= len(part)
        self.exceeded |= len(part) < len(data)
        return before + part

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        """A head that is complete now, else b"", and what comes after it."""
        looked_at = max(0, len(self._head) - 3)
        self._head += data
        end = _END.search(self._head, looked_at)
        if end is None and len(self._head) <= _LONGEST_HEAD:
            return b"", b""
        if end is None or self._interim > _MOST_INTERIM:
            self._part = _Part.OPEN
            return b"", self.rest()
        held = self.rest()
        return held[: end.end()], held[end.end() :]

    def rest(self) -> bytes:
        """A head that has not ended, which is held back no longer."""
        held = bytes(self._head)
        self._head.clear()
        return held

    def _begin(self, head: bytes) -> bytes:
        """The head as the parser is to have it; what follows is known from it."""
        status = _STATUS.match(head)
        code = int(status[1]) if status else 0
        if 100 <= code < 200 and code != 101:
            self._interim += 1
            return head  # the answer itself comes after it
        self._part = _Part.OPEN
        lengths = list(_LENGTH.finditer(head))
        plain = len(lengths) == len(_ANY_LENGTH.findall(head)) and not _CHUNKED.search(head)
        if not lengths or not plain or len({int(each[1]) for each in lengths}) > 1:
            return head
        if code not in _WITHOUT_BODY:
            self._part = _Part.BODY
            self._left = int(lengths[0][1])
        for again in reversed(lengths[1:]):
            head = head[: again.start()] + head[again.end() :]
        return head


class LenientHandler(ResponseHandler):
    """aiohttp's protocol of one connection, with the lengths of its answers put right."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        super().__init__(loop)
        self._framing = Framing()

    def set_response_params(self, **parameters: Any) -> None:
        """A request was sent: another answer begins."""
        self._framing = Framing()
        super().set_response_params(**parameters)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if not data or self._parser is None:
            super().data_received(data)
            return
        part = self._framing.feed(data)
        if part:
            super().data_received(part)
        if self._framing.exceeded and self.transport is not None:
            self.force_close()
            self.transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection ended."""
        rest = self._framing.rest()
        if rest and self._parser is not None:
            super().data_received(rest)
        super().connection_lost(exc)
