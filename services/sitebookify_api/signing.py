"""Download URLs for stores that make none themselves: a path, a time of expiry, and an HMAC over both."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from sitebookify.messages import Message
from sitebookify_api.status import Code, Refused, Status


class UrlSigner:
    """Signs and checks paths with HMAC-SHA256.

    Args:
        key: the same in every process that serves; empty: one of this process, and URLs die with it.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode() or secrets.token_bytes(32)

    def sign(self, path: str, expires: int) -> str:
        """The path with ``expires`` (seconds since the epoch) and ``signature`` in its query."""
        return f"{path}?{urlencode({'expires': expires, 'signature': self._signature(path, str(expires))})}"

    def check(self, path: str, query: Mapping[str, str]) -> bool:
        """True for a good signature, False where there is none.

        Raises:
            Refused: the signature is wrong, or the URL has expired.
        """
        if "signature" not in query:
            return False
        expires = query.get("expires", "")
        if not hmac.compare_digest(self._signature(path, expires).encode(), query["signature"].encode()):
            raise _forbidden("SIGNATURE_WRONG", Message("api.signature"))
        if not re.fullmatch("[0-9]{1,12}", expires) or int(expires) < time.time():
            raise _forbidden("URL_EXPIRED", Message("api.url_expired"))
        return True

    def _signature(self, path: str, expires: str) -> str:
        digest = hmac.new(self._key, f"{path}\n{expires}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _forbidden(reason: str, message: Message) -> Refused:
    return Refused(Status(code=Code.PERMISSION_DENIED, reason=reason, message=message))
