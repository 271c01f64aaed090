"""The lines of a real run, read as an operator reads them: by docs/operations.md's queries and the alerts' filters."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.emulator import Emulator
from support.log_query import Entry, select
from support.log_run import MEMORY_KILL, SECRET_TEXT, TRACE, Run, log_run
from support.operations import documented_queries
from support.promql import Series, evaluate
from support.stack import TOKEN
from support.terraform import alert_queries, log_filters

pytestmark = pytest.mark.e2e

# What each service says of a job, in order; a slice is as many of these as the budget made of it.
CREATED = "job.created message.published job.queued request.served "
STARTED = "slice.started (crawl.scope )?(stage.done )*"
SLICE = f"{STARTED}slice.committed message.published slice.ended request.served "
TIMELINES = {
    "done": {"api": CREATED, "worker": f"({SLICE})*{STARTED}job.done slice.ended request.served "},
    "failed": {"api": CREATED, "worker": "slice.started job.failed slice.ended request.served "},
    "dead": {
        "api": CREATED,
        "worker": "(slice.started slice.failed slice.ended push.refused request.served ){5,}",
        "deadletter": "job.failed request.served ",
    },
    "cancelled": {
        "api": CREATED + "job.cancel_requested request.served ",
        "worker": "(slice.ignored request.served )+",
    },
    "lost": {
        "deadletter": "message.published reconcile.sent ",
        "worker": "slice.started job.failed slice.ended request.served ",
    },
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Run:
    return log_run(tmp_path_factory.mktemp("logs"), emulator)


def _service(entry: Entry) -> str:
    return str(entry["labels"]["service"])


def _message(entry: Entry) -> str:
    return str(entry["jsonPayload"]["message"])


@pytest.mark.parametrize("name", TIMELINES)
def test_one_job_s_lines_are_its_whole_way_through_the_services(run: Run, name: str) -> None:
    """In each service in this order; between services only clocks decide."""
    said: dict[str, str] = {}
    for entry in run.of_job(name):
        said[_service(entry)] = said.get(_service(entry), "") + _message(entry) + " "
    assert set(said) == set(TIMELINES[name])
    for service, expected in TIMELINES[name].items():
        assert re.fullmatch(expected.replace(".", r"\."), said[service]), f"{service}: {said[service]}"


def test_every_line_is_a_record_of_its_service(run: Run) -> None:
    """Also what uvicorn and other libraries have to say."""
    for entry in run.written:
        assert entry["severity"] in {"INFO", "WARNING", "ERROR"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", entry["timestamp"])
        assert entry["resource"]["labels"]["service_name"] == f"sitebookify-{_service(entry)}"
        assert entry["sourceLocation"]["file"]
        assert _message(entry)


def test_every_line_that_names_a_job_is_labelled_with_it(run: Run) -> None:
    for line in (line for written in run.lines.values() for line in written):
        named = {job_id for job_id in run.jobs.values() if job_id in line}
        if named:
            assert named == {json.loads(line)["logging.googleapis.com/labels"].get("job_id")}, line


def test_lines_without_a_job_are_of_the_server_or_of_no_job(run: Run) -> None:
    """A line that belongs to a job and does not say so would be missing in its timeline."""
    unlabelled = {_message(entry) for entry in run.written if "job_id" not in entry["labels"]}
    ours = {message for message in unlabelled if re.fullmatch(r"[a-z_]+\.[a-z_]+", message)}
    assert ours <= {"request.served", "reconcile.done", "push.malformed"}
    for entry in run.written:
        if _message(entry) == "request.served" and "job_id" not in entry["labels"]:
            assert entry["httpRequest"]["requestUrl"] in {"/internal/reconcile", "/pubsub/push"}


def test_one_trace_is_what_the_request_led_to_in_every_service(run: Run) -> None:
    """Only the request that Pub/Sub makes has a trace of its own."""
    query = documented_queries()["one trace"].replace("TRACE_ID", TRACE).replace("PROJECT", run.project_id)
    expected = [
        entry for entry in run.of_job("done") if (_service(entry), _message(entry)) != ("worker", "request.served")
    ]
    assert select(query, run.entries) == expected
    assert all(re.fullmatch("[0-9a-f]{16}", entry["spanId"]) for entry in expected)


def test_severities_tell_our_faults_from_the_sites(run: Run) -> None:
    severities = {
        name: Counter(f"{_message(entry)} {entry['severity']}" for entry in run.of_job(name)) for name in run.jobs
    }
    assert "job.failed WARNING" in severities["failed"]
    assert {"slice.failed ERROR", "push.refused WARNING", "request.served WARNING"} <= set(severities["dead"])
    assert severities["dead"]["job.failed ERROR"] == 1
    assert {message.rpartition(" ")[2] for message in severities["done"]} == {"INFO"}


def test_what_nobody_expected_has_its_stack_trace(run: Run) -> None:
    """As Error Reporting reads it."""
    found = select(documented_queries()["errors with a stack trace"], run.entries)
    assert run.jobs_of(found) == {"dead"}
    for entry in found:
        assert entry["jsonPayload"]["stack_trace"].startswith("Traceback (most recent call last):\n")
        assert "BadGzipFile" in entry["jsonPayload"]["stack_trace"]
        assert entry["jsonPayload"]["serviceContext"] == {"service": "sitebookify-worker"}


@pytest.mark.parametrize(
    ("query", "jobs"),
    [
        ("failed jobs by reason", {"failed", "dead", "lost"}),
        ("dead letters", {"dead"}),
        ("refused deliveries", {"dead"}),
        ("jobs sent again", {"lost"}),
        ("unreadable records", {"unreadable"}),
        ("postponed jobs", set()),
        ("slow slices", set()),
        ("429 and 5xx", set()),
    ],
)
def test_a_documented_query_finds_its_jobs_and_no_others(run: Run, query: str, jobs: set[str]) -> None:
    assert run.jobs_of(select(documented_queries()[query], run.entries)) == jobs


def test_the_query_of_slow_slices_knows_their_length(run: Run) -> None:
    """None is slow here: with a bound of 0 it has to find them all."""
    query = documented_queries()["slow slices"].replace(">300", ">=0")
    assert run.jobs_of(select(query, run.entries)) == {"done", "failed", "dead", "lost"}


def test_the_query_of_memory_kills_finds_the_platform_s_line(run: Run) -> None:
    assert select(documented_queries()["memory kills"], run.entries) == [MEMORY_KILL]


FOUND_BY_FILTER = {
    "counters.jobs_created": {"done", "failed", "dead", "cancelled"},
    "counters.jobs_done": {"done"},
    "counters.jobs_failed": {"failed", "dead", "lost"},
    "counters.jobs_broken": {"dead"},
    "counters.jobs_cancelled": {"cancelled"},
    "counters.jobs_completed": {"done", "failed", "dead", "lost"},
    "counters.jobs_sent_again": {"lost"},
    "counters.dead_letters": {"dead"},
    "counters.pushes_refused": {"dead"},
    "counters.slices_started": {"done", "failed", "dead", "lost"},
    "counters.requests_without_instance": set(),
    "distributions.slice_seconds": {"done", "failed", "dead", "lost"},
    "distributions.queue_wait_seconds": {"done", "failed", "dead", "lost"},
    "distributions.slice_attempts": {"done", "failed", "dead", "lost"},
    "log_matches.dead_letter": {"dead"},
    "log_matches.malformed": set(),
    "log_matches.memory": set(),
    "log_matches.unreadable": {"unreadable"},
}
"""The jobs whose lines each filter in Terraform matches; those of none match a line of no job."""


def test_every_filter_in_terraform_is_tried() -> None:
    assert {log_filter.name for log_filter in log_filters()} == set(FOUND_BY_FILTER)


@pytest.mark.parametrize("name", FOUND_BY_FILTER)
def test_a_filter_in_terraform_matches_what_the_services_write(run: Run, name: str) -> None:
    """A renamed event or key is found here, not when an alert stays silent."""
    [log_filter] = [each for each in log_filters() if each.name == name]
    found = select(log_filter.query, run.entries)
    assert found
    assert run.jobs_of(found) == FOUND_BY_FILTER[name]
    for key in log_filter.extracted:
        assert all(key in entry["jsonPayload"] for entry in found), key


def test_the_lines_of_failures_fire_the_alerts_on_them(run: Run, tmp_path: Path) -> None:
    """Of one such run none fires: one job that fails is no ratio. Three in an hour are, and a fourth lost job."""
    queries = alert_queries(tmp_path)
    of_lines = ("completion", "burn_jobs_fast", "burn_jobs_slow", "stuck")
    fired = {
        times: {name for name in of_lines if evaluate(queries[name], _counted(run, times), now=0) is not None}
        for times in (1, 3, 4)
    }
    assert fired == {1: set(), 3: set(of_lines) - {"stuck"}, 4: set(of_lines)}


def _counted(run: Run, times: int) -> list[Series]:
    """The counters as Monitoring counts the run's lines, if the run had been made so often within five minutes."""
    counters = [each for each in log_filters() if each.name.startswith("counters.")]
    return [
        Series(
            metric=f"logging_googleapis_com:user_sitebookify_{counter.name.removeprefix('counters.')}",
            labels={"monitored_resource": "cloud_run_revision"},
            samples=[(-60.0, 1.0)] * len(select(counter.query, run.entries)) * times,
        )
        for counter in counters
    ]


OF_REQUESTS = ("errors_api", "errors_worker", "errors_deadletter", "burn_api_slow", "refusals", "unreconciled")


def test_refusals_on_purpose_are_an_alert_of_their_own_and_no_failure(run: Run, tmp_path: Path) -> None:
    """Of the whole run none fires, since the reconciler is called in it; of a job that is always refused, one."""
    queries = alert_queries(tmp_path)
    refused = _requested(run.of_job("dead"), times=3)
    reconciled = _requested(select('httpRequest.requestUrl="/internal/reconcile"', run.entries), times=1)
    assert _firing(queries, _requested(run.written, times=1)) == set()
    assert _firing(queries, [*refused, *reconciled]) == {"refusals"}


def _firing(queries: dict[str, str], series: Sequence[Series]) -> set[str]:
    return {name for name in OF_REQUESTS if evaluate(queries[name], series, now=0) is not None}


def _requested(entries: Sequence[Entry], times: int) -> list[Series]:
    """The platform's count of requests, if these had been served so often within a minute."""
    answers = Counter((_service(each), each["httpRequest"]["status"]) for each in entries if "httpRequest" in each)
    return [
        Series(
            metric="run_googleapis_com:request_count",
            labels={
                "monitored_resource": "cloud_run_revision",
                "service_name": f"sitebookify-{service}",
                "response_code": str(status),
                "response_code_class": f"{status // 100}xx",
            },
            samples=[(-60.0, 1.0)] * count * times,
        )
        for (service, status), count in answers.items()
    ]


def test_no_text_of_a_page_and_no_secret_is_logged(run: Run) -> None:
    for written in run.lines.values():
        assert not any(SECRET_TEXT in line or TOKEN in line for line in written)


def test_a_request_is_logged_with_what_cloud_logging_shows_of_it(run: Run) -> None:
    served = [entry["httpRequest"] for entry in run.written if _message(entry) == "request.served"]
    assert {"POST"} == {request["requestMethod"] for request in served}
    assert all(re.fullmatch(r"\d+\.\d{6}s", request["latency"]) for request in served)
    assert {request["status"] for request in served} == {200, 204, 503}
