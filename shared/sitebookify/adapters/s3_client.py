"""A client of S3 or of what speaks its protocol: its connections, its retries, its errors.

Access is configured as every program on boto3 is: ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY`` or the machine's
role, ``AWS_REGION``, and for MinIO, Cloudflare R2, Ceph or Garage ``AWS_ENDPOINT_URL_S3``.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3  # type: ignore[import-untyped]  # it has no types
from botocore.client import Config  # type: ignore[import-untyped]  # it has no types
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoRegionError  # type: ignore[import-untyped]  # it has no types

from sitebookify import __version__
from sitebookify.adapters.server_clock import ServerClock
from sitebookify.errors import ObjectNotFound, PreconditionFailed, StoreError, TransientError

CONNECTIONS = 64
_REGION = "us-east-1"
"""What servers other than Amazon's take where no region is configured."""
_TIMEOUT = (5, 30)  # seconds to connect, and between two bytes
_PAUSE = 4  # seconds, about what the longer pauses between tries take
_MISSING = frozenset({"NoSuchKey", "404"})
_REFUSED = frozenset({"PreconditionFailed", "412"})
_WRONG = frozenset({"InvalidArgument", "InvalidRequest", "KeyTooLongError", "MetadataTooLarge", "EntityTooLarge"})
"""Requests that are wrong whenever they are sent."""


def endpoint() -> str:
    """The server's address where it is none of Amazon's, else ""."""
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


def connect(*, deadline: float, address: str = "") -> Any:
    """A client for many threads; ``address`` instead of the configured endpoint.

    ``deadline`` is in seconds and bounds the tries of one request, about: they are counted, with growing pauses.

    Raises:
        TransientError: no region is configured, and the endpoint is Amazon's.
    """
    address = address or endpoint()
    config = Config(
        user_agent_extra=f"sitebookify/{__version__}",
        connect_timeout=_TIMEOUT[0],
        read_timeout=_TIMEOUT[1],
        max_pool_connections=CONNECTIONS,
        signature_version="s3v4",  # URLs are signed by version 2 otherwise, which most servers no longer take
        retries={"mode": "standard", "total_max_attempts": max(2, math.ceil(deadline / _PAUSE))},
        # Checksums in trailers are refused by servers that do not know them.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # A name such as minio:9000 has no subdomains for buckets.
        s3={"addressing_style": "path" if address else "auto"},
    )
    try:
        return boto3.client("s3", config=config, endpoint_url=address or None, region_name=_region(address))
    except NoRegionError as error:
        raise TransientError("AWS_REGION: name the region of the bucket") from error


def observe(client: Any, clock: ServerClock) -> None:
    """Show the clock the ``Date`` of every answer that the client gets."""
    sent = threading.local()

    def before(**_: object) -> None:
        sent.at = time.monotonic()

    def after(response_dict: dict[str, Any] | None = None, **_: object) -> None:
        if response_dict:
            took = timedelta(seconds=time.monotonic() - sent.at)
            clock.observe(response_dict["headers"].get("date", ""), took)

    client.meta.events.register("before-send.s3", before)
    client.meta.events.register("response-received.s3", after)


def code_of(error: ClientError) -> str:
    """S3's word for the error, or the status where there is no body to say one."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def translated(name: str) -> Iterator[None]:
    """The vendor's errors as the tree's. What an operator can mend (access, a missing bucket) comes again, too."""
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code in _MISSING:
            raise ObjectNotFound(name) from error
        if code in _REFUSED:
            raise PreconditionFailed(f"{name} is at another generation") from error
        if code in _WRONG:
            raise StoreError(f"{name}: {error}") from error
        raise TransientError(f"{name}: {error}") from error
    except (BotoCoreError, HTTPClientError, OSError) as error:
        raise TransientError(f"{name}: {error}") from error


def _region(address: str) -> str | None:
    configured = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return configured or (_REGION if address else None)
