"""What can go wrong with a fetch: one error with a reason.

The messages are shown to whoever ordered the book, so none of them names an address, a port that was
probed, or what a server inside the network answered.
"""

from __future__ import annotations

from enum import StrEnum

from sitebookify.errors import SitebookifyError


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


_TEXTS = {
    Reason.BAD_URL: "not a URL that can be fetched (http or https, no user name, no odd characters)",
    Reason.ADDRESS_REFUSED: "the host is not on the public internet, or the port is not 80 or 443",
    Reason.HOST_NOT_FOUND: "the host name could not be resolved",
    Reason.CONNECTION_FAILED: "the connection failed",
    Reason.TLS_FAILED: "no trustworthy TLS connection could be made",
    Reason.TIMEOUT: "no complete answer came in time",
    Reason.TOO_MANY_REDIRECTS: "too many redirects",
    Reason.TOO_LARGE: "the answer is too large",
    Reason.BAD_RESPONSE: "the answer is not valid HTTP or its encoding is broken",
}

_PASSING = frozenset({Reason.CONNECTION_FAILED, Reason.TIMEOUT})


class FetchError(SitebookifyError):
    """The URL could not be fetched; ``str()`` says why in words that reveal nothing of the inner network."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_TEXTS[reason])
        self.reason = reason

    @property
    def passing(self) -> bool:
        """True where another try may well succeed."""
        return self.reason in _PASSING
