"""A push endpoint on loopback that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PushEndpoint:
    """``bodies`` are the requests' bodies in the order they came; ``answer`` maps a body to a status code."""

    def __init__(self, answer: Callable[[bytes], int] = lambda _: 204) -> None:
        self.bodies: list[bytes] = []
        self.answer = answer
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator[PushEndpoint]:
        """Answer requests inside the block, on a free port."""
        with ThreadingHTTPServer(("127.0.0.1", 0), self._handler()) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.bodies.append(body)
                self.send_response(endpoint.answer(body))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing: the test shows what matters."""

        return Handler
