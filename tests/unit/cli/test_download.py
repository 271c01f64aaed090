"""Downloads that break off leave no file behind."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from sitebookify.cli.client import JobsClient, RequestFailed
from sitebookify.cli.jobs import download

CUT = {
    "chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwor",
    "length": b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello",
}


class OneAnswer(JobsClient):
    """A client whose server hands out one URL."""

    url = ""

    def post(self, path: str, body: object, **query: str) -> dict[str, object]:
        del path, body, query
        return {"url": self.url}


@pytest.mark.parametrize("kind", CUT)
def test_a_file_that_is_cut_off_is_an_error_whatever_its_framing(kind: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(CUT[kind])

        threading.Thread(target=answer, daemon=True).start()
        host, port = server.getsockname()
        client = OneAnswer(f"http://{host}:{port}")
        client.url = f"http://{host}:{port}/artifact.zip"
        with pytest.raises(RequestFailed, match="broke off"):
            download(client, "5f0c2f6e-8f0e-4b57-9f0a-3d2c1b0a9e8d", "artifact.zip", tmp_path / "book.zip")
    assert list(tmp_path.iterdir()) == []
