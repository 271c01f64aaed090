"""The causes of alerts, made on real processes: each fires, within the minutes that docs/operations.md promises."""

from __future__ import annotations

import re

import pytest

from support.alert_runs import CAUSES, AlertRun, alert_runs
from support.emulator import Emulator
from support.log_query import select
from support.operations import documented_queries, table
from support.promql import evaluate
from support.terraform import MetricAlert, metric_alerts

pytestmark = pytest.mark.e2e

QUERIES = {
    "the pushes have another identity, and the dead-letter handler is down": ("refused tokens",),
    "the store is unavailable": ("refused deliveries", "429 and 5xx"),
    "messages are lost": ("jobs sent again",),
}
"""What docs/operations.md has an operator ask the log; where no worker starts, there is no line of it."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> dict[str, AlertRun]:
    return alert_runs(tmp_path_factory.mktemp("alerts"), emulator)


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MetricAlert]:
    return metric_alerts(tmp_path_factory.mktemp("terraform"))


def promised(cause: str) -> dict[str, int]:
    """Titles of the alerts that the cause fires, and within how many minutes."""
    rows = [row for row in table("cause") if row["cause"] == cause]
    return {row["alert"].strip("*"): int(row["minutes"]) for row in rows}


def fired(run: AlertRun, alert: MetricAlert) -> int | None:
    """The first minute at which the alert's condition had been met for long enough, each minute; None: never."""
    series, held = run.series, 0
    for minute in range(run.minutes + 1):
        met = evaluate(alert.query, series, now=60.0 * minute) is not None
        held = held + 1 if met else 0
        if met and 60 * (held - 1) >= alert.seconds:
            return minute
    return None


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_fires_its_alerts_in_time_and_no_others(
    runs: dict[str, AlertRun], alerts: dict[str, MetricAlert], cause: str
) -> None:
    times = {alert.title: fired(runs[cause], alert) for alert in alerts.values()}
    late = {title: minute for title, minute in times.items() if minute is not None}
    assert set(late) == set(promised(cause))
    assert {title: minute for title, minute in late.items() if minute > promised(cause)[title]} == {}


@pytest.mark.parametrize("cause", QUERIES)
def test_the_documented_queries_find_the_cause(runs: dict[str, AlertRun], cause: str) -> None:
    for name in QUERIES[cause]:
        assert select(documented_queries()[name], runs[cause].entries), name


def test_the_store_s_absence_is_found_at_each_job_that_it_hits(runs: dict[str, AlertRun]) -> None:
    run = runs["the store is unavailable"]
    lines = select(documented_queries()["refused deliveries"], run.entries)
    assert {line["labels"]["job_id"] for line in lines} == run.jobs
    assert all(re.search("director|store", line["jsonPayload"]["why"]) for line in lines)
