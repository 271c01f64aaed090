"""The causes of alerts, made on real processes: which alerts fire, and after how many minutes.

docs/operations.md promises both, and names the queries that find a cause. A second of a run counts as a hundred, so
on a busy machine the minutes are longer than they seem: this is no test of `make test`.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Part, Target
from support.alert_runs import CAUSES, AlertRun, alert_runs
from support.emulator import Emulator
from support.log_query import select
from support.operations import documented_queries, table
from support.promql import evaluate
from support.terraform import MetricAlert, metric_alerts

_ABSENT_STORE = "the store is unavailable"
_QUERIES = {
    "the pushes have another identity, and the dead-letter handler is down": ("refused tokens",),
    _ABSENT_STORE: ("refused deliveries", "429 and 5xx"),
    "messages are lost": ("jobs sent again",),
}
"""What docs/operations.md has an operator ask the log; where no worker starts, there is no line of it."""


def measure() -> Iterator[Part]:
    """A target for each cause: its alerts in their minutes, no others, and its queries' finds."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        os.environ["PUBSUB_EMULATOR_HOST"] = emulator.address
        try:
            runs = alert_runs(Path(folder), emulator)
        finally:
            emulator.stop()
        alerts = metric_alerts(Path(folder))
    for cause in CAUSES:
        run, promised = runs[cause], _promised(cause)
        times = {alert.title: _fired(run, alert) for alert in alerts.values()}
        fired = {title: minute for title, minute in times.items() if minute is not None}
        blind = [name for name in _QUERIES.get(cause, ()) if not select(documented_queries()[name], run.entries)]
        in_time = all(minute <= promised.get(title, -1) for title, minute in fired.items())
        said = [f"{title}: {minute} of {promised.get(title, 0)} min" for title, minute in fired.items()]
        said += [f"{title}: never" for title in promised.keys() - fired.keys()]
        yield Target(
            cause,
            peer="none",
            target="its alerts within their minutes, and no others; its queries find it",
            measured="; ".join([*said, *(f"{name} finds nothing" for name in blind)]),
            met=fired.keys() == promised.keys() and in_time and not blind,
        )
    yield _of_each_job(runs[_ABSENT_STORE])


def _of_each_job(run: AlertRun) -> Target:
    """The store's absence is found at each job that it hits."""
    lines = select(documented_queries()["refused deliveries"], run.entries)
    named = {line["labels"]["job_id"] for line in lines}
    reasons = all(re.search("director|store", line["jsonPayload"]["why"]) for line in lines)
    return Target(
        f"{_ABSENT_STORE}, at each job",
        peer="none",
        target="a refused delivery of each names the store",
        measured=f"{len(named & run.jobs)} of {len(run.jobs)}",
        met=named == run.jobs and reasons,
    )


def _promised(cause: str) -> dict[str, int]:
    """Titles of the alerts that the cause fires, and within how many minutes."""
    rows = [row for row in table("cause") if row["cause"] == cause]
    return {row["alert"].strip("*"): int(row["minutes"]) for row in rows}


def _fired(run: AlertRun, alert: MetricAlert) -> int | None:
    """The first minute at which the alert's condition had been met for long enough, each minute; None: never."""
    series, held = run.series, 0
    for minute in range(run.minutes + 1):
        met = evaluate(alert.query, series, now=60.0 * minute) is not None
        held = held + 1 if met else 0
        if met and 60 * (held - 1) >= alert.seconds:
            return minute
    return None
