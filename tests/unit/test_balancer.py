"""The front of the services under test."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading

from support.processes import free_port
from support.stack import Balancer


def test_it_leads_to_one_that_accepts_and_both_ways_close_together() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as back,
        Balancer([free_port(), back.getsockname()[1]]) as balancer,
        socket.create_connection(("127.0.0.1", balancer.port)) as client,
    ):
        client.sendall(b"a request")
        served, _ = back.accept()
        with served:
            assert served.recv(100) == b"a request"
            served.sendall(b"an answer")
        assert (client.recv(100), client.recv(100)) == (b"an answer", b"")


def test_connections_that_come_at_its_end_are_closed() -> None:
    """Those that were just accepted too: what is not closed fails a test, this one or a later one."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as back, contextlib.ExitStack() as clients:
        for _ in range(15):
            with Balancer([back.getsockname()[1]]) as balancer:
                address = ("127.0.0.1", balancer.port)
                come = [threading.Thread(target=_connect, args=(address, clients)) for _ in range(8)]
                for each in come:
                    each.start()
            for each in come:
                each.join()
    gc.collect()


def _connect(address: tuple[str, int], clients: contextlib.ExitStack) -> None:
    with contextlib.suppress(OSError):
        clients.enter_context(socket.create_connection(address, timeout=10))
