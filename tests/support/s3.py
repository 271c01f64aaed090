"""A server that speaks S3's protocol, in this process: moto's. It carries out one request after the other."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]  # it has no types
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:  # it exists for type checkers only
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REGION = "us-east-1"
SETTINGS = {"AWS_ACCESS_KEY_ID": "books", "AWS_SECRET_ACCESS_KEY": "a secret", "AWS_REGION": REGION}
PAGE = 100
"""Objects that it lists at a time; Amazon's S3 lists 1,000."""
os.environ.setdefault("MOTO_S3_DEFAULT_MAX_KEYS", str(PAGE))


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Nothing."""


def s3_app() -> WSGIApplication:
    """The application, which does one request at a time; what it stores, all of them share."""
    app = DomainDispatcherApplication(create_backend_app)
    turn = threading.Lock()

    def one_at_a_time(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # What moto refuses it does not read, and the connection's next request would begin with it.
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        with turn:
            return list(app(environ, start_response))

    return one_at_a_time


@contextmanager
def serving(app: WSGIApplication | None = None) -> Iterator[str]:
    """The server's URL, as ``AWS_ENDPOINT_URL_S3`` takes it."""
    server = make_server("127.0.0.1", 0, app or s3_app(), threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def create_bucket(url: str, name: str) -> None:
    """An empty bucket on the server."""
    keys = {"aws_access_key_id": SETTINGS["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": "of no matter"}
    with contextlib.closing(boto3.client("s3", endpoint_url=url, region_name=REGION, **keys)) as client:
        client.create_bucket(Bucket=name)
