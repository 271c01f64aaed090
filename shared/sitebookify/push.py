"""Pub/Sub push: the envelope of a delivery and the message inside it.

The wrapped form is ``{"message": {"data": base64, "attributes": {…}, "messageId": …}, "subscription": …,
"deliveryAttempt": n}``; ``deliveryAttempt`` is there only with a dead-letter policy, and never on the
emulator (https://cloud.google.com/pubsub/docs/push). A dead-lettered copy carries the attributes
``CloudPubSubDeadLetterSource…``.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from sitebookify.errors import InvalidRequest
from sitebookify.messages import literal
from sitebookify.nesting import too_deep

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST = 10**6
_DEAD_LETTER_COUNT = "CloudPubSubDeadLetterSourceDeliveryCount"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """Says: run this job from this step on."""

    job_id: str
    step: int

    def to_json(self) -> bytes:
        """The message's data."""
        return json.dumps({"job_id": self.job_id, "step": self.step}).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One push of one message. ``deliveries`` counts those of the dead-lettered original, 0 if unknown."""

    message: JobMessage
    message_id: str = ""
    attempt: int = 0
    deliveries: int = 0
    traceparent: str = ""


def parse_delivery(body: bytes) -> Delivery:
    """The delivery in a push request's body.

    Raises:
        InvalidRequest: the body is no push envelope, or its data no job message: it never will be.
    """
    envelope = _object(_json(body, "body"), "body")
    message = _object(envelope.get("message"), "message")
    raw_attributes = message.get("attributes")
    attributes = raw_attributes if isinstance(raw_attributes, dict) else {}
    return Delivery(
        message=_job_message(message.get("data")),
        message_id=str(message.get("messageId") or message.get("message_id") or ""),
        attempt=_count(envelope.get("deliveryAttempt")),
        deliveries=_count(attributes.get(_DEAD_LETTER_COUNT)),
        traceparent=str(attributes.get("traceparent") or ""),
    )


def _job_message(data: Any) -> JobMessage:
    if not isinstance(data, str):
        raise InvalidRequest("message.data", literal("must be base64 text"))
    try:
        decoded = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest("message.data", literal("is not base64")) from error
    fields = _object(_json(decoded, "message.data"), "message.data")
    job_id, step = fields.get("job_id"), fields.get("step")
    if not isinstance(job_id, str) or not _UUID.fullmatch(job_id):
        raise InvalidRequest("message.data.job_id", literal("must be a UUID in lower case"))
    if not isinstance(step, int) or isinstance(step, bool) or step < 0:
        raise InvalidRequest("message.data.step", literal("must be a whole number from 0"))
    return JobMessage(job_id=job_id, step=step)


def _json(data: bytes, field: str) -> Any:
    if too_deep(data):
        raise InvalidRequest(field, literal("is nested too deep"))
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(field, literal("is not JSON")) from error


def _object(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequest(field, literal("must be a JSON object"))
    return value


def _count(value: Any) -> int:
    """A number of deliveries, 0 where it is none: it is only for the log, so no value of it is worth a refusal."""
    try:
        return min(max(0, int(value)), _MOST)
    except (TypeError, ValueError, OverflowError):
        return 0
