"""The filter language of AIP-160 on summaries of jobs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.errors import InvalidRequest
from sitebookify.job_summary import JobSummary
from sitebookify.jobs import JobState
from sitebookify_api.job_filter import parse_filter

JOB = JobSummary(
    id="1",
    state=JobState.DONE,
    create_time=datetime(2026, 5, 1, 12, tzinfo=UTC),
    source_url="https://docs.example.com/guide/?a=(b)",
    updated=datetime(2026, 5, 2, tzinfo=UTC),
    expire_time=None,
    delete_requested=False,
)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("  ", True),
        ("state=STATE_DONE", True),
        ("state = DONE", True),
        ("state != STATE_DONE", False),
        ("NOT state = STATE_DONE", False),
        ("-state = STATE_DONE", False),
        ("state = STATE_ERROR OR state = STATE_DONE", True),
        ("state = STATE_DONE AND state = STATE_ERROR", False),
        ("state = STATE_DONE state = STATE_ERROR", False),
        # OR binds tighter than AND: error AND (error OR done)
        ("state = STATE_ERROR AND state = STATE_ERROR OR state = STATE_DONE", False),
        ("(state = STATE_ERROR AND state = STATE_ERROR) OR state = STATE_DONE", True),
        ("NOT (state = STATE_ERROR OR state = STATE_QUEUED)", True),
        ("create_time >= 2026-05-01T12:00:00Z", True),
        ("create_time > 2026-05-01T12:00:00+00:00", False),
        ("createTime < 2026-05-01", False),
        ("update_time = 2026-05-02", True),
        ('create_time <= "2026-05-01T14:00:00+02:00"', True),
        ("source_url:guide", True),
        ("spec.source_url : 'example.com/guide'", True),
        ('source_url = "https://docs.example.com/guide/?a=(b)"', True),
        ("source_url = https://docs.example.com/*", True),
        ("source_url != *.example.com/*", False),
        ("source_url = https://docs.example.com/", False),
        ("source_url = https://docs.example.com/guide/?a=*", True),
    ],
)
def test_a_filter_matches(text: str, matches: bool) -> None:  # noqa: FBT001 - a column of the table
    assert parse_filter(text)(JOB) is matches


@pytest.mark.parametrize(
    "text",
    [
        "state",
        "state =",
        "= STATE_DONE",
        "state < STATE_DONE",
        "state = STATE_SLEEPING",
        "title = x",
        "create_time : 2026-05-01",
        "create_time > yesterday",
        "source_url > a",
        "(state = STATE_DONE",
        "state = STATE_DONE)",
        "state = STATE_DONE AND",
        "OR",
        'source_url = "open',
        "NOT",
        "(" * 500 + "state = STATE_DONE" + ")" * 500,
    ],
)
def test_what_is_no_filter_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidRequest, match="a filter looks like"):
        parse_filter(text)


WORDS = st.sampled_from(
    [
        "state",
        "create_time",
        "source_url",
        "=",
        "!=",
        "<",
        ":",
        "(",
        ")",
        "AND",
        "OR",
        "NOT",
        "-",
        '"',
        "*",
        "2026-01-01",
    ]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=20).map(" ".join))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        matches = parse_filter(text)(JOB)
    except InvalidRequest:
        return
    assert matches in (True, False)


def test_many_wildcards_take_no_longer_than_few() -> None:
    """The pattern is matched without backtracking without end."""
    many = JobSummary(
        id="1",
        state=JobState.DONE,
        create_time=JOB.create_time,
        source_url="https://e.com/" + "a" * 2000,
        updated=JOB.updated,
        expire_time=None,
        delete_requested=False,
    )
    assert parse_filter("source_url = " + "*a" * 300 + "*b")(many) is False
