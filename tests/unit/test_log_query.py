"""The evaluator of log queries reads them as Cloud Logging does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.log_query import compiled, log_entry

LINE: dict[str, Any] = {
    "severity": "WARNING",
    "message": "slice.ended",
    "time": "2026-01-01T00:00:00Z",
    "seconds": 12.5,
    "logging.googleapis.com/labels": {"job_id": "j1", "run.googleapis.com/x": "y"},
    "logging.googleapis.com/trace": "projects/p/traces/t",
    "httpRequest": {"status": 503},
}
ENTRY = log_entry(json.dumps(LINE), service="worker")


@pytest.mark.parametrize(
    "query",
    [
        'labels.job_id="j1"',
        'labels.job_id="J1"',
        'labels."run.googleapis.com/x"=y',
        'trace="projects/p/traces/t"',
        "severity>=INFO",
        "severity>=WARNING severity<ERROR",
        "jsonPayload.seconds>12",
        "httpRequest.status=503",
        'jsonPayload.message=("slice.ended" OR "other")',
        'jsonPayload.message=~"^slice[.]"',
        'jsonPayload.message:"ENDED"',
        'NOT jsonPayload.message="other"',
        "NOT jsonPayload.missing>1",
        'resource.type="cloud_run_revision"\nresource.labels.service_name=~"^sitebookify-"',
        '-- a remark\nlabels.job_id="j1" -- another\nAND severity=WARNING',
        # OR binds tighter than AND.
        "severity=WARNING OR severity=ERROR AND httpRequest.status=503",
    ],
)
def test_a_query_that_matches(query: str) -> None:
    assert compiled(query)(ENTRY)


@pytest.mark.parametrize(
    "query",
    [
        'labels.job_id="j2"',
        "severity>=ERROR",
        'jsonPayload.missing!="x"',
        "jsonPayload.seconds<12",
        'jsonPayload.message="message"',
        'message="slice.ended"',
        "severity=WARNING OR severity=ERROR AND httpRequest.status=500",
        'NOT (labels.job_id="j1" OR severity=ERROR)',
        'jsonPayload.message!~"slice"',
    ],
)
def test_a_query_that_does_not_match(query: str) -> None:
    assert not compiled(query)(ENTRY)


@pytest.mark.parametrize("query", ["", "severity", "severity=", '(severity="ERROR"', "severity=ERROR)", "a=b OR", "@"])
def test_what_is_no_query_is_refused(query: str) -> None:
    """Else a mistake in the documentation would match nothing, or everything, and be taken for a finding."""
    with pytest.raises(ValueError, match=r"expected|missing|unexpected|cannot read"):
        compiled(query)
