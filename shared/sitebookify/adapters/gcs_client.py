"""A Cloud Storage client for many threads: its connections, its retries, its errors, its signatures."""

from __future__ import annotations

import contextlib
import http.client
import os
from collections.abc import Iterator
from typing import Any

import google.auth
import google.auth.transport
import google.auth.transport.requests
import requests
import urllib3
from google.api_core import exceptions
from google.api_core.client_info import ClientInfo
from google.api_core.retry import Retry
from google.auth import iam
from google.auth.credentials import AnonymousCredentials, Credentials, Signing
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Client  # type: ignore[import-untyped]  # it has no types
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse  # type: ignore[import-untyped]
from google.cloud.storage.retry import DEFAULT_RETRY  # type: ignore[import-untyped]

from sitebookify import __version__
from sitebookify.errors import ObjectNotFound, PreconditionFailed, StoreError, TransientError

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"  # signing asks more than storage
_HOST = "https://storage.googleapis.com"
_CONNECTIONS = 64
_NO_BUCKET_LOOKUP = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"
"""Without it the client asks for the bucket's metadata, in a thread, as soon as OpenTelemetry is installed, and
Pub/Sub's client installs it. Nobody reads that, and the services have no right to it."""

_NO_BUCKET = "specified bucket does not exist"

_AWAY = (
    exceptions.GoogleAPIError,
    GoogleAuthError,
    DataCorruption,
    InvalidResponse,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)


def connect() -> Client:
    """A client with this machine's credentials; an emulator's where ``STORAGE_EMULATOR_HOST`` names one.

    It may ask the metadata server, so it is slow; it is safe between threads afterwards.

    Raises:
        GoogleAuthError: there are no credentials.
    """
    os.environ.setdefault(_NO_BUCKET_LOOKUP, "true")
    credentials = AnonymousCredentials() if os.environ.get("STORAGE_EMULATOR_HOST") else _default_credentials()
    session = google.auth.transport.requests.AuthorizedSession(credentials)
    for scheme in ("http://", "https://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=_CONNECTIONS))
    session.hooks["response"].append(_read_to_the_end)
    _take_the_environment_once(session)
    user_agent = ClientInfo(user_agent=f"sitebookify/{__version__}")
    return Client(project=None, credentials=credentials, client_info=user_agent, _http=session)


def retries(deadline: float) -> Retry:
    """Again on 408, 429, 5xx and broken connections, with growing random pauses, until ``deadline`` seconds are over.

    Every call this is used for can be repeated: it reads, or it carries a precondition, or the last one wins.
    """
    policy: Retry = DEFAULT_RETRY.with_delay(initial=0.2, maximum=4, multiplier=2).with_timeout(deadline)
    return policy


@contextlib.contextmanager
def translated(name: str) -> Iterator[None]:
    """The vendor's errors as the tree's. What an operator can mend (access, a missing bucket) comes again, too."""
    try:
        yield
    except exceptions.NotFound as error:
        if _NO_BUCKET in str(error):
            raise TransientError(f"{name}: {error}") from error
        raise ObjectNotFound(name) from error
    except exceptions.PreconditionFailed as error:
        raise PreconditionFailed(f"{name} is at another generation") from error
    except exceptions.BadRequest as error:
        raise StoreError(f"{name}: {error}") from error
    except _AWAY as error:
        raise TransientError(f"{name}: {error}") from error


class IamSigner(Signing):
    """Signs as the service account this process runs as, by the IAM Credentials API: no key file is needed.

    The account needs ``iam.serviceAccounts.signBlob`` on itself.
    """

    def __init__(self, credentials: Any, request: google.auth.transport.Request) -> None:
        self._credentials = credentials
        self._request = request

    @property
    def signer_email(self) -> str:
        """The service account. On Google Cloud it is known only after the first token."""
        if not self._credentials.valid:
            self._credentials.refresh(self._request)
        return str(self._credentials.service_account_email)

    @property
    def signer(self) -> iam.Signer:
        """One call of signBlob for every signature."""
        return iam.Signer(self._request, self._credentials, self.signer_email)

    def sign_bytes(self, message: bytes) -> bytes:
        """The signature of ``message``."""
        signature: bytes = self.signer.sign(message)
        return signature


def signer_for(credentials: Credentials) -> Signing | None:
    """Who can sign with these credentials: a key file itself, a service account by IAM, a person nobody."""
    if isinstance(credentials, Signing):
        return credentials
    if getattr(credentials, "service_account_email", None):
        return IamSigner(credentials, google.auth.transport.requests.Request())
    return None


def _read_to_the_end(response: requests.Response, **_: object) -> None:
    """Give the connection back. The client leaves a download's refusal unread, and with it one connection a poll."""
    if response.status_code not in {http.client.OK, http.client.PARTIAL_CONTENT}:
        response.content  # noqa: B018 - it reads


def _take_the_environment_once(session: requests.Session) -> None:
    """Proxies and certificates as requests takes them, but not anew for each request, which is a third of its time."""
    session.trust_env = False
    session.proxies = requests.utils.get_environ_proxies(os.environ.get("STORAGE_EMULATOR_HOST") or _HOST)
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True


def _default_credentials() -> Credentials:
    credentials: Credentials = google.auth.default(scopes=[_SCOPE])[0]
    return credentials
