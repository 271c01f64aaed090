"""Connections whose request does not arrive: closed, or a few thousand of them would hold all that a server may open.

uvicorn closes connections that are idle between two requests. One that sends a byte of a request now and then (known as
Slowloris) it keeps for good.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_WAITED_FOR = frozenset({h11.IDLE, h11.SEND_BODY})
_ANSWER = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 38\r\n"
    b"connection: close\r\n\r\nThe request was not sent in good time."
)


class ImpatientProtocol(H11Protocol):
    """uvicorn's protocol; a request, with its body, has to be there within ``seconds``."""

    seconds = 20.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request from now on."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take more of a request; a part does not extend the time."""
        super().data_received(data)
        if self.conn.their_state in _WAITED_FOR:
            self._wait()
        else:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the rest of a request that began to arrive before the one before it was answered."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(self.seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.conn.our_state is h11.IDLE:
            self.transport.write(_ANSWER)
        self.transport.close()


def impatient_protocol(seconds: float) -> type[ImpatientProtocol]:
    """The protocol with its time, for uvicorn's ``http``."""
    return type("ImpatientProtocol", (ImpatientProtocol,), {"seconds": seconds})
