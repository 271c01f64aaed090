"""Signatures of webhooks as https://www.standardwebhooks.com has them: symmetric, version 1."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)  # of the specification


def key_of(secret: str) -> bytes:
    """The key in a secret such as ``whsec_…``: base64 of 24 to 64 bytes.

    Raises:
        ValueError: it is none; the message says how to make one and does not repeat the secret.
    """
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        raise ValueError('must be "whsec_" and the base64 of 24 to 64 random bytes, as from: openssl rand -base64 32')
    return key


def signed_headers(secrets: Sequence[str], *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with ``body``; a signature for each secret, so that a receiver may change to the next.

    Args:
        secrets: each as `key_of` takes it.
        message_id: the same for every attempt, for receivers to know what they have had.
        timestamp: of this attempt, in seconds since the epoch; receivers refuse what is too old.
        body: the very bytes that are sent.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    digests = [hmac.digest(key_of(secret), content, hashlib.sha256) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }
