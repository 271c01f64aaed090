"""Push envelopes: the documented form, the emulator's, and what strangers send."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.errors import InvalidRequest
from sitebookify.push import JobMessage, parse_delivery

JOB_ID = "0e93ab26-b96f-47b4-950c-c90eeea83804"


def envelope(data: Any = None, **message: Any) -> bytes:
    content = base64.b64encode(json.dumps(data or {"job_id": JOB_ID, "step": 3}).encode()).decode()
    return json.dumps({"message": {"data": content, **message}, "subscription": "s"}).encode()


def test_the_documented_envelope_is_read_whole() -> None:
    body = json.loads(envelope(messageId="m1", attributes={"traceparent": "00-a", "job_id": JOB_ID}))
    delivery = parse_delivery(json.dumps({**body, "deliveryAttempt": 2}).encode())
    assert delivery.message == JobMessage(job_id=JOB_ID, step=3)
    assert (delivery.message_id, delivery.attempt, delivery.traceparent) == ("m1", 2, "00-a")


def test_a_message_survives_the_way_there() -> None:
    message = JobMessage(job_id=JOB_ID, step=7)
    data = base64.b64encode(message.to_json()).decode()
    assert parse_delivery(json.dumps({"message": {"data": data}}).encode()).message == message


def test_a_dead_letter_tells_how_often_the_original_was_delivered() -> None:
    attributes = {"CloudPubSubDeadLetterSourceDeliveryCount": "5"}
    assert parse_delivery(envelope(attributes=attributes)).deliveries == 5


@pytest.mark.parametrize(
    ("number", "count"),
    [("2", 2), ("2.0", 2), ("1e2", 100), ("-1", 0), ("1e999", 0), ("NaN", 0), ("null", 0), ("[]", 0), ("1e300", 10**6)],
)
def test_any_number_may_stand_for_the_delivery_attempt(number: str, count: int) -> None:
    body = envelope().decode().removesuffix("}") + f', "deliveryAttempt": {number}}}'
    assert parse_delivery(body.encode()).attempt == count


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{}", "message"),
        (b'{"message": 1}', "message"),
        (b'{"message": {}}', "message.data"),
        (b'{"message": {"data": "%%%"}}', "message.data"),
        (b'{"message": {"data": "YQ=="}}', "message.data"),
        (envelope([1]), "message.data"),
        (envelope({"job_id": JOB_ID}), "message.data.step"),
        (envelope({"job_id": JOB_ID, "step": -1}), "message.data.step"),
        (envelope({"job_id": JOB_ID, "step": True}), "message.data.step"),
        (envelope({"job_id": "../../etc/passwd", "step": 0}), "message.data.job_id"),
        (b"[" * 100_000, "body"),
    ],
)
def test_what_is_no_job_message_is_refused_with_the_field(body: bytes, field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_delivery(body)
    assert caught.value.field == field


@given(st.binary() | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_nothing_raises_anything_else(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse_delivery(body)
