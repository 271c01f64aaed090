"""The job: its legal ways from state to state, and its stored form."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitebookify.errors import FailedPrecondition
from sitebookify.formats import Format, with_always
from sitebookify.jobs import Artifact, Dispatch, Job, JobError, JobState, Lease, Progress, Stage, ended, new_job
from sitebookify.messages import Message, literal
from sitebookify.spec import Engine, JobSpec

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPEC = JobSpec(source_url="https://example.org/")
JOB = new_job(SPEC, now=NOW)

LEGAL = {
    ("queued", "running"),
    ("queued", "error"),
    ("queued", "cancelled"),
    ("running", "done"),
    ("running", "error"),
    ("running", "cancelled"),
    ("done", "queued"),
    ("error", "queued"),
    ("cancelled", "queued"),
}

TEXT = st.text(st.characters(codec="utf-8"))
TIMES = st.datetimes(timezones=st.just(UTC))
LITERALS = TEXT.map(literal)
MESSAGES = LITERALS | st.builds(lambda url, why: Message("job.start_page", url=url, why=why), TEXT, LITERALS)
JOBS = st.builds(
    Job,
    id=TEXT,
    spec=st.builds(
        JobSpec,
        source_url=TEXT,
        request_delay=st.floats(0, 60),
        include=st.lists(TEXT).map(tuple),
        exclude=st.lists(TEXT).map(tuple),
        formats=st.lists(st.sampled_from(Format)).map(with_always),
    ),
    create_time=TIMES,
    start_time=st.none() | TIMES,
    completion_time=st.none() | TIMES,
    update_time=st.none() | TIMES,
    expire_time=st.none() | TIMES,
    state=st.sampled_from(JobState),
    stage=st.sampled_from(Stage),
    progress=st.builds(Progress, stage=st.sampled_from(Stage), message=MESSAGES),
    artifacts=st.lists(st.builds(Artifact, name=TEXT, object_name=TEXT, content_type=TEXT, size=st.integers(0))).map(
        tuple
    ),
    error=st.none() | st.builds(JobError, message=MESSAGES, reason=TEXT),
    lease=st.none() | st.builds(Lease, holder=TEXT, expires_at=TIMES),
    dispatch=st.none() | st.builds(Dispatch, at=TIMES),
    last_error=MESSAGES,
)


class TestTransitions:
    @pytest.mark.parametrize("target", JobState)
    @pytest.mark.parametrize("source", JobState)
    def test_only_legal_ones_happen(self, source: JobState, target: JobState) -> None:
        """All 25 pairs: nine are legal, and the rest leave the job as it was."""
        job = replace(JOB, state=source)
        if (source, target) in LEGAL:
            assert job.moved(target, NOW).state is target
        else:
            with pytest.raises(FailedPrecondition, match=f"is {source.message}; it cannot become {target.message}"):
                job.moved(target, NOW)

    def test_the_first_start_is_kept(self) -> None:
        """A retry starts the job anew, but a book's start is its first one."""
        started = JOB.moved(JobState.RUNNING, NOW)
        later = NOW + timedelta(hours=1)
        retried = started.moved(JobState.ERROR, later).moved(JobState.QUEUED, later).moved(JobState.RUNNING, later)
        assert (started.start_time, retried.start_time) == (NOW, NOW)

    @pytest.mark.parametrize("target", [JobState.DONE, JobState.ERROR, JobState.CANCELLED])
    def test_an_end_lets_everything_go(self, target: JobState) -> None:
        """No worker holds an ended job, and no message is owed for it."""
        job = replace(JOB.moved(JobState.RUNNING, NOW), lease=Lease(holder="a", expires_at=NOW))
        over = job.moved(target, NOW)
        assert target.terminal
        assert (over.completion_time, over.lease, over.dispatch) == (NOW, None, None)

    def test_a_retry_forgets_the_end(self) -> None:
        error = JobError(message=literal("gone"), reason="GONE")
        over = ended(JOB, JobState.ERROR, now=NOW, retention=timedelta(days=1), error=error)
        again = over.moved(JobState.QUEUED, NOW)
        assert (again.completion_time, again.expire_time, again.error) == (None, None, None)

    def test_an_ended_job_is_kept_for_the_retention(self) -> None:
        error = JobError(message=literal("gone"), reason="GONE")
        over = ended(JOB, JobState.ERROR, now=NOW, retention=timedelta(days=30), error=error)
        assert (over.state, over.error, over.expire_time) == (JobState.ERROR, error, NOW + timedelta(days=30))

    def test_a_job_ends_once(self) -> None:
        over = ended(JOB, JobState.CANCELLED, now=NOW, retention=timedelta(days=1))
        with pytest.raises(FailedPrecondition):
            ended(over, JobState.DONE, now=NOW, retention=timedelta(days=1))


class TestLease:
    def test_it_is_live_until_its_end(self) -> None:
        job = replace(JOB, lease=Lease(holder="a", expires_at=NOW))
        assert job.leased(NOW - timedelta(microseconds=1))
        assert not job.leased(NOW)

    def test_a_job_without_one_is_free(self) -> None:
        assert not JOB.leased(NOW)


class TestNewJob:
    def test_its_first_message_is_owed(self) -> None:
        assert (JOB.state, JOB.step, JOB.dispatch) == (JobState.QUEUED, 0, Dispatch(step=0, sent=False, at=NOW))

    def test_every_one_has_its_own_id(self) -> None:
        assert new_job(SPEC, now=NOW).id != JOB.id


class TestStoredForm:
    @given(JOBS)
    def test_it_comes_back_as_it_was(self, job: Job) -> None:
        """Through JSON text, whatever a title or a message holds."""
        assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job

    @given(JOBS)
    def test_what_a_newer_version_adds_is_ignored(self, job: Job) -> None:
        """At the top and inside: after a roll-back the older version reads the newer one's records."""
        assert Job.from_json(_with_unknown_keys(job.to_json())) == job

    def test_what_an_older_version_lacks_has_its_default(self) -> None:
        """Optional fields may be missing; those that were always there need not be."""
        data = JOB.to_json()
        always = {"id", "spec", "create_time", "state", "stage", "progress"}
        old = {key: value for key, value in data.items() if key in always}
        read = Job.from_json(old)
        assert {f.name for f in fields(Job) if getattr(read, f.name) != getattr(JOB, f.name)} == {
            "update_time",
            "dispatch",
            "keyed",
        }

    def test_times_are_rfc_3339(self) -> None:
        assert JOB.to_json()["create_time"] == "2026-11-23T12:00:00+00:00"


def _with_unknown_keys(value: Any) -> Any:
    if isinstance(value, dict):
        inside = {key: item if key.endswith("_params") else _with_unknown_keys(item) for key, item in value.items()}
        return {**inside, "from_the_future": 1}
    return [_with_unknown_keys(item) for item in value] if isinstance(value, list) else value


def test_a_translated_book_takes_the_site_in_its_own_language() -> None:
    spec = JobSpec(source_url="https://example.org/", language_code="ja")
    assert spec.site_language == "ja"
    assert replace(spec, render_engine=Engine.OPENAI).site_language == ""
