"""Every alert's condition over metrics of Monitoring's shape: its cause fires it, and what is like it does not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from support.promql import Series, evaluate
from support.terraform import alert_queries

HOUR, DAY = 3600, 86_400
NOW = 2 * DAY


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return alert_queries(tmp_path_factory.mktemp("terraform"))


def counted(name: str, ages: Iterable[float]) -> Series:
    """A log-based counter, one line at each of these ages."""
    labels = {"monitored_resource": "cloud_run_revision", "service_name": "sitebookify-api"}
    return Series(
        metric=f"logging_googleapis_com:user_sitebookify_{name}",
        labels=labels,
        samples=[(NOW - age, 1.0) for age in sorted(ages, reverse=True)],
    )


def requests(service: str, code: int, count: int, *, within: float, name: str = "sitebookify") -> Series:
    """Requests with this status, spread evenly over the last seconds."""
    return Series(
        metric="run_googleapis_com:request_count",
        labels={
            "monitored_resource": "cloud_run_revision",
            "service_name": f"{name}-{service}",
            "response_code": str(code),
            "response_code_class": f"{code // 100}xx",
        },
        samples=[(NOW - within * (1 - (n + 0.5) / count), 1.0) for n in range(count)],
    )


def oldest(age: float, *, subscription: str = "jobs-push", before: float = 0) -> Series:
    return Series(
        metric="pubsub_googleapis_com:subscription_oldest_unacked_message_age",
        labels={"monitored_resource": "pubsub_subscription", "subscription_id": f"sitebookify-{subscription}"},
        samples=[(NOW - before, age)],
    )


def every(seconds: float, until: float) -> list[float]:
    return [seconds * n for n in range(int(until / seconds))]


RECONCILED = requests("deadletter", 200, 60, within=HOUR)
CASES: dict[str, tuple[list[Series], bool]] = {
    "completion: 3 of 200 in a day": (
        [counted("jobs_broken", [1, HOUR, 20 * HOUR]), counted("jobs_completed", every(400, DAY))],
        True,
    ),
    "completion: 1 of 3 in a day": ([counted("jobs_broken", [60]), counted("jobs_completed", [1, 60, 90])], False),
    "completion: 3 of 1,000 in a day": (
        [counted("jobs_broken", [1, 2, 3]), counted("jobs_completed", every(86, DAY))],
        False,
    ),
    "burn_jobs_fast: half of 10 in an hour": (
        [counted("jobs_broken", every(600, HOUR)), counted("jobs_completed", every(300, HOUR))],
        True,
    ),
    "burn_jobs_fast: over for ten minutes": (
        [counted("jobs_broken", range(900, HOUR, 300)), counted("jobs_completed", every(200, HOUR))],
        False,
    ),
    "burn_jobs_slow: a tenth for six hours": (
        [counted("jobs_broken", every(600, 6 * HOUR)), counted("jobs_completed", every(60, 6 * HOUR))],
        True,
    ),
    "burn_api_slow: 4 % for six hours": (
        [requests("api", 200, 2400, within=6 * HOUR), requests("api", 500, 100, within=6 * HOUR)],
        True,
    ),
    "burn_api_slow: our own 429": (
        [requests("api", 200, 100, within=6 * HOUR), requests("api", 429, 2000, within=6 * HOUR)],
        False,
    ),
    "errors_api: 10 % of 100": ([requests("api", 200, 90, within=300), requests("api", 503, 10, within=300)], True),
    "errors_api: clients over their limits": (
        [requests("api", 200, 90, within=300), requests("api", 429, 900, within=300)],
        False,
    ),
    "errors_api: one of two": ([requests("api", 200, 1, within=300), requests("api", 500, 1, within=300)], False),
    "errors_api: another installation": (
        [requests("api", 200, 90, within=300), requests("api", 500, 90, within=300, name="sitebookify-2")],
        False,
    ),
    "errors_worker: broken": ([requests("worker", 500, 9, within=300)], True),
    "errors_worker: refused on purpose": ([requests("worker", 503, 50, within=300)], False),
    "errors_deadletter: broken": ([requests("deadletter", 500, 9, within=300), RECONCILED], True),
    "crowded_api: no instances": ([counted("requests_without_instance", every(10, 300))], True),
    "crowded_api: a few": ([counted("requests_without_instance", every(60, 300))], False),
    "unworked: workers do not start": ([oldest(700), counted("slices_started", [1000])], True),
    "unworked: never a worker": ([oldest(700)], True),
    "unworked: one slice under way": ([oldest(700), counted("slices_started", [500])], False),
    "unworked: nothing to do": ([oldest(0)], False),
    "waiting: twenty minutes": ([oldest(1200)], True),
    "waiting: a slice": ([oldest(310)], False),
    "waiting: the kept dead letters": ([oldest(20 * DAY, subscription="dead-letter-kept")], False),
    "refusals: the store is away": (
        [requests("worker", 503, 30, within=900), requests("worker", 204, 5, within=900)],
        True,
    ),
    "refusals: a few of many": (
        [requests("worker", 503, 20, within=900), requests("worker", 204, 60, within=900)],
        False,
    ),
    "refusals: two of two": ([requests("worker", 503, 2, within=900)], False),
    "undead: the handler refuses": ([oldest(700, subscription="dead-letter-push")], True),
    "undead: handled": ([oldest(30, subscription="dead-letter-push")], False),
    "stuck: four lost jobs": ([counted("jobs_sent_again", [1, 2, 3, 4]), oldest(40)], True),
    "stuck: one after a deployment": ([counted("jobs_sent_again", [1]), oldest(40)], False),
    "stuck: a long queue": ([counted("jobs_sent_again", every(60, HOUR)), oldest(2000, before=120)], False),
    "unreconciled: paused": ([requests("deadletter", 403, 15, within=900)], True),
    "unreconciled: each minute": ([RECONCILED], False),
}


@pytest.mark.parametrize("case", CASES)
def test_an_alert_fires_for_its_cause_and_not_for_what_is_like_it(queries: dict[str, str], case: str) -> None:
    series, fires = CASES[case]
    assert (evaluate(queries[case.partition(":")[0]], series, now=NOW) is not None) == fires


def test_every_alert_is_made_to_fire(queries: dict[str, str]) -> None:
    assert {case.partition(":")[0] for case, (_, fires) in CASES.items() if fires} == set(queries)


def test_a_quiet_installation_is_silent(queries: dict[str, str]) -> None:
    """At night nothing happens but the reconciler; no series is there for what never was."""
    assert [name for name, query in queries.items() if evaluate(query, [RECONCILED], now=NOW) is not None] == []


def test_a_queue_of_long_books_warns_and_nothing_more(queries: dict[str, str]) -> None:
    """Ten workers at work on forty books, and what waits is refused with 429 by Cloud Run."""
    series = [
        oldest(1500),
        counted("slices_started", every(30, 6 * HOUR)),
        counted("jobs_completed", every(90, DAY)),
        counted("jobs_sent_again", every(120, HOUR)),
        requests("worker", 204, 100, within=HOUR),
        requests("worker", 429, 400, within=HOUR),
        requests("api", 200, 1000, within=HOUR),
        RECONCILED,
    ]
    assert {name for name, query in queries.items() if evaluate(query, series, now=NOW) is not None} == {"waiting"}
