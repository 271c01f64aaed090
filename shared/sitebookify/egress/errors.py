"""What can go wrong with a fetch: one error with a reason.

The messages are shown to the person who ordered the book, so none of them names an address, a port that was
probed, or what a server inside the network answered.
"""

from __future__ import annotations

from enum import StrEnum

from sitebookify.errors import SitebookifyError
from sitebookify.messages import Message


class Reason(StrEnum):
    """Why a URL could not be fetched; stable constants for programs and reports."""

    BAD_URL = "BAD_URL"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    HOST_NOT_FOUND = "HOST_NOT_FOUND"
    CONNECTION_FAILED = "CONNECTION_FAILED"
    TLS_FAILED = "TLS_FAILED"
    TIMEOUT = "TIMEOUT"
    TOO_MANY_REDIRECTS = "TOO_MANY_REDIRECTS"
    TOO_LARGE = "TOO_LARGE"
    BAD_RESPONSE = "BAD_RESPONSE"
    JOB_LIMIT = "JOB_LIMIT"


_MESSAGES = {
    Reason.BAD_URL: Message("fetch.bad_url"),
    Reason.ADDRESS_REFUSED: Message("fetch.address_refused"),
    Reason.HOST_NOT_FOUND: Message("fetch.host_not_found"),
    Reason.CONNECTION_FAILED: Message("fetch.connection_failed"),
    Reason.TLS_FAILED: Message("fetch.tls_failed"),
    Reason.TIMEOUT: Message("fetch.timeout"),
    Reason.TOO_MANY_REDIRECTS: Message("fetch.too_many_redirects"),
    Reason.TOO_LARGE: Message("fetch.too_large"),
    Reason.BAD_RESPONSE: Message("fetch.bad_response"),
    Reason.JOB_LIMIT: Message("fetch.job_limit"),
}

NO_PUBLIC_HOST = Message("fetch.no_public_host")
"""Instead of an error's own message, where it is ``unresolved`` and strangers read it."""

_PASSING = frozenset({Reason.CONNECTION_FAILED, Reason.TIMEOUT})


class FetchError(SitebookifyError):
    """The URL could not be fetched; ``str()`` says why in words that reveal nothing of the inner network.

    ``unresolved``: a host name has no address, or none that may be asked. Which of the two says something of the inner
    network's names.
    """

    def __init__(self, reason: Reason, *, unresolved: bool = False) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason = reason
        self.unresolved = unresolved

    @property
    def passing(self) -> bool:
        """True where another try may well succeed."""
        return self.reason in _PASSING
