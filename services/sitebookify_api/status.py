"""google.rpc.Status: the one shape of every error, and the one table from our errors to it.

Shape and meaning are AIP-193's (https://google.aip.dev/193); the numbers and HTTP codes are those of
google/rpc/code.proto. HTTP statuses that gRPC does not know (405, 413, 415) keep their number and
name the nearest code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from sitebookify import errors
from sitebookify.messages import DEFAULT, Message, catalogue

DOMAIN = "sitebookify"
_TYPES = "type.googleapis.com/google.rpc."


class Code(Enum):
    """A canonical code: its number in google.rpc.Code and its HTTP status."""

    CANCELLED = 1, 499
    UNKNOWN = 2, 500
    INVALID_ARGUMENT = 3, 400
    DEADLINE_EXCEEDED = 4, 504
    NOT_FOUND = 5, 404
    ALREADY_EXISTS = 6, 409
    PERMISSION_DENIED = 7, 403
    RESOURCE_EXHAUSTED = 8, 429
    FAILED_PRECONDITION = 9, 400
    ABORTED = 10, 409
    OUT_OF_RANGE = 11, 400
    UNIMPLEMENTED = 12, 501
    INTERNAL = 13, 500
    UNAVAILABLE = 14, 503
    DATA_LOSS = 15, 500
    UNAUTHENTICATED = 16, 401

    def __init__(self, number: int, http: int) -> None:
        self.number = number
        self.http = http


def localized(message: Message, language: str) -> dict[str, str] | None:
    """google.rpc.LocalizedMessage; None where the language is English or has no text for the message."""
    text = "" if language == DEFAULT else catalogue(language).render(message)
    return {"locale": language, "message": text} if text else None


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong with one field: its JSON path and how to correct it."""

    field: str
    message: Message

    def to_json(self, language: str) -> dict[str, Any]:
        """google.rpc.BadRequest.FieldViolation."""
        violation: dict[str, Any] = {"field": self.field, "description": str(self.message)}
        other = localized(self.message, language)
        return {**violation, "localizedMessage": other} if other else violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Why a request failed. ``reason`` is an UPPER_SNAKE_CASE constant that programs may rely on.

    ``retry_after`` is in seconds: after which time the same request may succeed; None where it never will.
    ``http`` overrides the code's own HTTP status.
    """

    code: Code
    reason: str
    message: Message
    violations: tuple[Violation, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    http: int = 0

    @property
    def http_status(self) -> int:
        """The status code of the HTTP answer."""
        return self.http or self.code.http

    @property
    def headers(self) -> dict[str, str]:
        """``Retry-After`` where trying again makes sense."""
        return {} if self.retry_after is None else {"retry-after": str(max(1, math.ceil(self.retry_after)))}

    def details(self, language: str) -> list[dict[str, Any]]:
        """ErrorInfo always; BadRequest, RetryInfo and LocalizedMessage where they apply."""
        info = {"@type": f"{_TYPES}ErrorInfo", "reason": self.reason, "domain": DOMAIN, "metadata": self.metadata}
        details: list[dict[str, Any]] = [info]
        if self.violations:
            fields = [item.to_json(language) for item in self.violations]
            details.append({"@type": f"{_TYPES}BadRequest", "fieldViolations": fields})
        if self.retry_after is not None:
            delay = f"{max(1, math.ceil(self.retry_after))}s"
            details.append({"@type": f"{_TYPES}RetryInfo", "retryDelay": delay})
        if other := localized(self.message, language):
            details.append({"@type": f"{_TYPES}LocalizedMessage", **other})
        return details

    def to_http(self, language: str) -> dict[str, Any]:
        """The body of an HTTP error: ``{"error": {"code": 400, "status": "INVALID_ARGUMENT", …}}``."""
        error = {"code": self.http_status, "message": str(self.message), "status": self.code.name}
        return {"error": {**error, "details": self.details(language)}}

    def to_rpc(self, language: str) -> dict[str, Any]:
        """The message google.rpc.Status itself, as an operation carries it."""
        return {"code": self.code.number, "message": str(self.message), "details": self.details(language)}


class Refused(Exception):
    """A request that the API itself turns down, with the whole answer."""

    def __init__(self, status: Status, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(status.message))
        self.status = status
        self.headers = dict(headers or {})


def invalid(violations: tuple[Violation, ...]) -> Status:
    """400 for fields that a client can mend; the first one is in the message."""
    first = violations[0]
    message = Message("request.field", field=first.field, what=first.message) if first.field else first.message
    if len(violations) > 1:
        message = Message("request.more", first=message, count=len(violations) - 1)
    return Status(code=Code.INVALID_ARGUMENT, reason="INVALID_REQUEST", message=message, violations=violations)


_INTERNAL = Status(code=Code.INTERNAL, reason="INTERNAL", message=Message("api.internal"))
_AWAY = Status(
    code=Code.UNAVAILABLE,
    reason="BACKEND_UNAVAILABLE",
    message=Message("api.unavailable"),
    retry_after=5,
)
_TABLE: dict[type[Exception], Callable[[Any], Status]] = {
    Refused: lambda error: error.status,
    errors.InvalidRequest: lambda error: invalid((Violation(error.field, error.message),)),
    errors.FailedPrecondition: lambda error: Status(
        code=Code.FAILED_PRECONDITION, reason="FAILED_PRECONDITION", message=error.message
    ),
    errors.JobNotFound: lambda error: Status(
        code=Code.NOT_FOUND,
        reason="JOB_NOT_FOUND",
        message=error.message,
        metadata={"job": f"jobs/{error.job_id}"},
    ),
    errors.JobUnreadable: lambda error: Status(
        code=Code.DATA_LOSS,
        reason="JOB_UNREADABLE",
        message=error.message,
        metadata={"job": f"jobs/{error.job_id}"},
    ),
    errors.ObjectNotFound: lambda _error: Status(
        code=Code.NOT_FOUND, reason="FILE_NOT_FOUND", message=Message("api.file_expired")
    ),
    errors.JobConflict: lambda error: Status(code=Code.ALREADY_EXISTS, reason="JOB_EXISTS", message=error.message),
    errors.Unavailable: lambda _error: _AWAY,
    errors.StoreFull: lambda error: replace(_AWAY, message=error.message, retry_after=60),
    errors.StoreReadOnly: lambda error: replace(_AWAY, message=error.message, retry_after=60),
    errors.TransientError: lambda _error: _AWAY,
}


def status_of(error: Exception) -> Status:
    """What an error is to a client; what is not in the table is a fault of ours, and says no more than that."""
    for kind in type(error).__mro__:
        if status := _TABLE.get(kind):
            return status(error)
    return _INTERNAL
