"""The server's secret key: job ids that nobody can compute, and secrets of jobs that are no plain text in the store.

The key is a setting. Without one it is made with its first use and kept as an object, so that every process has the
same. Whoever can read the whole store can then read that too: with a bucket, the setting protects more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from functools import cached_property

import structlog

from sitebookify.errors import ObjectDamaged, ObjectNotFound, PreconditionFailed
from sitebookify.ports import ObjectStore

log = structlog.get_logger()

OBJECT = "server/secret-key"
_SEALED = "sealed:1:"
_NONCE = 12


class SecretKey:
    """What is derived from the key. Nothing is read or made before it is needed.

    Args:
        configured: the setting; empty: the key in the store.
    """

    def __init__(self, configured: str, store: ObjectStore) -> None:
        self._configured = configured
        self._store = store

    def job_id(self, request_id: str) -> str:
        """The id of the job that the request id makes: the same each time, and a secret as any job's.

        Raises:
            TransientError: the store is away.
        """
        digest = hmac.digest(self._for("job ids"), request_id.encode(), hashlib.sha256)
        return str(uuid.UUID(bytes=digest[:16], version=4))

    def sealed(self, secret: str, *, context: str) -> str:
        """The secret, encrypted and authenticated (AES-256-GCM); it opens in this context alone.

        Raises:
            TransientError: the store is away.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - few jobs have a secret

        nonce = secrets.token_bytes(_NONCE)
        data = nonce + AESGCM(self._for("secrets of jobs")).encrypt(nonce, secret.encode(), context.encode())
        return _SEALED + base64.b64encode(data).decode()

    def opened(self, text: str, *, context: str) -> str:
        """The inverse of `sealed`. What is not sealed, of a record by an earlier version, is answered as it is.

        Empty where it does not open: the key is another one now.

        Raises:
            TransientError: the store is away.
        """
        if not text.startswith(_SEALED):
            return text
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - few jobs have a secret
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - comes with it

        try:
            data = base64.b64decode(text.removeprefix(_SEALED))
            nonce, sealed = data[:_NONCE], data[_NONCE:]
            return AESGCM(self._for("secrets of jobs")).decrypt(nonce, sealed, context.encode()).decode()
        except (InvalidTag, ValueError):
            log.error("secret_key.changed", job_id=context)  # noqa: TRY400 - why is plain: it was another key
            return ""

    def _for(self, purpose: str) -> bytes:
        return hmac.digest(self._master, purpose.encode(), hashlib.sha256)

    @cached_property
    def _master(self) -> bytes:
        if self._configured:
            return self._configured.encode()
        try:
            return self._stored()
        except (ObjectNotFound, ObjectDamaged) as error:
            if isinstance(error, ObjectDamaged):
                # Secrets sealed with it are lost with it; everybody else's orders need a key.
                log.error("secret_key.damaged", why=str(error))  # noqa: TRY400 - `why` says it
                self._store.delete(OBJECT)
            try:
                self._store.put(OBJECT, secrets.token_hex(32).encode(), if_generation=0, content_type="text/plain")
            except PreconditionFailed:
                log.debug("secret_key.made_elsewhere")
            return self._stored()

    def _stored(self) -> bytes:
        stored = self._store.get(OBJECT)
        assert stored is not None  # noqa: S101 - without unless_generation a store always answers
        return stored[0]
