"""Records in Cloud Logging's form, whoever writes them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from sitebookify.log import bound, child_traceparent, configure_logging

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_record_has_the_keys_that_cloud_logging_reads(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="worker", project_id="demo")
    with bound(job_id="j1", message_id="m1", traceparent=PARENT):
        structlog.get_logger().info("slice.committed", step=3)
    (record,) = records(capsys)
    assert record["severity"] == "INFO"
    assert record["message"] == "slice.committed"
    assert record["step"] == 3
    assert record["time"].endswith("Z")
    assert record["logging.googleapis.com/labels"] == {"job_id": "j1", "message_id": "m1", "service": "worker"}
    assert record["logging.googleapis.com/trace"] == f"projects/demo/traces/{TRACE}"
    assert record["logging.googleapis.com/spanId"] == "b7ad6b7169203331"
    assert record["logging.googleapis.com/sourceLocation"]["file"].endswith("test_log.py")


def test_an_exception_is_a_stack_trace_for_error_reporting(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="api")
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger().exception("push.failed")
    (record,) = records(capsys)
    assert record["severity"] == "ERROR"
    assert record["stack_trace"].startswith("Traceback (most recent call last):\n")
    assert record["stack_trace"].rstrip().endswith("ZeroDivisionError: division by zero")
    assert record["serviceContext"] == {"service": "sitebookify-api"}


def test_records_of_the_standard_library_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="api")
    with bound(job_id="j1"):
        logging.getLogger("some.library").warning("Started %s", "it")
    (record,) = records(capsys)
    assert (record["severity"], record["message"]) == ("WARNING", "Started it")
    assert record["logging.googleapis.com/labels"]["job_id"] == "j1"


def test_what_cannot_be_json_does_not_stop_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="api")
    structlog.get_logger().info("odd.value", value={1, 2}, other=object())
    assert records(capsys)[0]["message"] == "odd.value"


def test_half_a_character_does_not_stop_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    """Texts of foreign sites hold such; UTF-8 does not."""
    configure_logging(service="api")
    structlog.get_logger().info("odd.text", title="half \udc83 a pair", raw=b"\xff")
    assert records(capsys)[0]["title"] == "half \udc83 a pair"


def test_a_stream_that_is_gone_does_not_stop_what_logs() -> None:
    """Whoever read the output may have ended before."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as stream:
        configure_logging(service="api", stream=stream)
        structlog.get_logger().info("slice.committed")
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)  # what is left in the buffer has to go somewhere


def test_levels_below_the_setting_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="api", level="WARNING")
    structlog.get_logger().info("slice.committed")
    structlog.get_logger().warning("slice.failed")
    assert [record["message"] for record in records(capsys)] == ["slice.failed"]


def test_a_child_span_keeps_the_trace() -> None:
    child = child_traceparent(PARENT)
    assert child.split("-")[1] == TRACE
    assert child.split("-")[2] != PARENT.split("-")[2]


@pytest.mark.parametrize("bad", ["", "junk", f"00-{TRACE}-short-01", PARENT.upper()])
def test_a_bad_traceparent_starts_a_new_trace(bad: str) -> None:
    version, trace, span, flags = child_traceparent(bad).split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "01")
    assert trace != TRACE


def test_queries_and_user_names_of_urls_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(service="worker")
    url = "https://ann:pw@example.org:8443/docs/?token=s3cret#part"
    structlog.get_logger().warning("page.failed", url=url, why=f"The start page {url} cannot be fetched: it is empty.")
    (record,) = records(capsys)
    assert record["url"] == "https://example.org:8443/docs/"
    assert record["why"] == "The start page https://example.org:8443/docs/ cannot be fetched: it is empty."
