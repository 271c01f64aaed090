"""Requests that never arrive whole, against a real server on a real socket."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebookify.settings import load_settings
from support.commands import Command
from support.processes import PATIENCE, answers, free_port

pytestmark = pytest.mark.e2e
SECONDS = 2.0
_UVICORNS_OWN = 5  # seconds for which uvicorn keeps a connection where nothing else is set
LOAD_BALANCER = 600
"""Seconds: https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries."""
HEAD = b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
UNFINISHED = {
    "nothing": b"",
    "a half line": b"GET /heal",
    "half the headers": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    "half the body": HEAD + b"Content-Length: 100\r\n\r\n{",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n{",
    "a second request": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHo",
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api") / "api.log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    port = free_port()
    env = {
        "SITEBOOKIFY_PORT": str(port),
        "SITEBOOKIFY_DATA_DIR": str(log.parent / "data"),
        "SITEBOOKIFY_REQUEST_SECONDS": str(SECONDS),
    }
    with Command("serve", "api", log=log, env=env) as process:
        process.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        yield port


def closed(client: socket.socket, drip: bytes) -> bool:
    """Whether the server has closed the connection, on which a byte more is sent otherwise."""
    try:
        if not client.recv(4096):
            return True
    except BlockingIOError:
        with contextlib.suppress(OSError):
            client.sendall(drip)
    except OSError:
        return True
    return False


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_a_request_that_is_not_finished_is_given_up(port: int, drip: bytes) -> None:
    """Of any kind, all at once; uvicorn itself would wait for the rest of a request for ever."""
    with contextlib.ExitStack() as stack:
        waiting = {}
        for kind, beginning in UNFINISHED.items():
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(beginning)
            client.settimeout(0)
            waiting[kind] = client
        deadline = time.monotonic() + PATIENCE
        while waiting and time.monotonic() < deadline:
            time.sleep(0.25)  # the server closes them in its own time; nothing tells when
            waiting = {kind: client for kind, client in waiting.items() if not closed(client, drip)}
        assert list(waiting) == [], "given up"
    assert answers(f"http://127.0.0.1:{port}/healthz")


def test_a_connection_stays_open_between_requests_for_longer_than_that_of_a_load_balancer(port: int) -> None:
    """Which would otherwise send requests into connections that close."""
    assert load_settings().keep_alive_seconds > LOAD_BALANCER
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(_UVICORNS_OWN + 1)  # there is no other way to see that the connection is not closed after it
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.settimeout(PATIENCE)
        received = b""
        while received.count(b"HTTP/1.1 200") < 2:
            more = client.recv(65536)
            assert more, "closed before the second answer"
            received += more


def test_the_address_that_a_stranger_claims_is_not_believed(port: int, log: Path) -> None:
    """Uvicorn would take X-Forwarded-For from anyone on loopback; whom to believe is a setting."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
        client.recv(4096)
    assert "203.0.113.9" not in log.read_text()
