"""A server that speaks S3's protocol, in this process: moto's. It carries out one request after the other.

``SITEBOOKIFY_TEST_S3=http://127.0.0.1:9000``, with credentials in the environment, names another one to test on.
"""

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


@contextmanager
def server() -> Iterator[tuple[str, dict[str, str]]]:
    """A server's URL and its clients' environment: the server that ``SITEBOOKIFY_TEST_S3`` names, if it names one."""
    if elsewhere := os.environ.get("SITEBOOKIFY_TEST_S3"):
        yield elsewhere, {name: os.environ.get(name, value) for name, value in SETTINGS.items()} | _at(elsewhere)
        return
    with serving() as url:
        yield url, SETTINGS | _at(url)


def _at(url: str) -> dict[str, str]:
    return {"AWS_ENDPOINT_URL_S3": url}


def create_bucket(url: str, name: str, environment: dict[str, str]) -> None:
    """An empty bucket on the server."""
    keys = {each.lower(): environment[each] for each in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    with contextlib.closing(boto3.client("s3", endpoint_url=url, region_name=REGION, **keys)) as client:
        client.create_bucket(Bucket=name)
