"""Objectives, uptime check and dashboard over time series of Monitoring's shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from support.terraform import NAME, evaluated, module

MODULE = module()
DISTRIBUTIONS = {"run.googleapis.com/container/memory/utilizations"}
GAUGES = {
    "run.googleapis.com/container/instance_count",
    "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
}
"""What docs/cloud-facts.md says of the platform's metrics; all others are counters."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """A time series: what happened in the time that is looked at, in all."""

    metric: str
    resource: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    count: int = 1
    kind: str = "cloud_run_revision"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The objectives and the dashboard as Terraform makes them."""
    expression = "{ objectives = local.objectives, dashboard = local.dashboard, burns = local.burns }"
    found: dict[str, Any] = evaluated(expression, tmp_path_factory.mktemp("monitoring"))
    return found


def taken(monitoring_filter: str, series: Sequence[Points]) -> list[Points]:
    """Those that a filter of Monitoring takes: comparisons by ``=`` and ``one_of``, all of which have to hold."""
    return [each for each in series if all(_holds(term, each) for term in monitoring_filter.split(" AND "))]


def _holds(term: str, series: Points) -> bool:
    comparison = re.fullmatch(r'([\w.]+)=(?:"([^"]*)"|one_of\(([^)]*)\))', term)
    assert comparison, term
    values = [comparison[2]] if comparison[2] is not None else re.findall(r'"([^"]*)"', comparison[3])
    return _value(comparison[1], series) in values


def _value(path: str, series: Points) -> str | None:
    if path == "metric.type":
        return series.metric
    if path == "resource.type":
        return series.kind
    place, labels, name = path.split(".")
    assert labels == "labels", path
    return (series.resource if place == "resource" else series.labels).get(name)


def requests(service: str, code: int, count: int, *, name: str = NAME) -> Points:
    return Points(
        metric="run.googleapis.com/request_count",
        resource={"service_name": f"{name}-{service}"},
        labels={"response_code": str(code), "response_code_class": f"{code // 100}xx"},
        count=count,
    )


def counted(metric: str, count: int, *, name: str = NAME) -> Points:
    return Points(metric=f"logging.googleapis.com/user/{name}/{metric}", count=count)


DAY = (
    requests("api", 200, 9_000),
    requests("api", 404, 500),
    requests("api", 429, 470),
    requests("api", 503, 30),
    requests("worker", 503, 4_000),
    requests("api", 500, 900, name=f"{NAME}-2"),
    counted("jobs_completed", 200),
    counted("jobs_broken", 3),
    counted("jobs_failed", 40),
    counted("jobs_broken", 77, name=f"{NAME}-2"),
)
"""Two installations in one project: clients over their limits, sites that are down, deliveries refused on purpose."""


def total(series: Sequence[Points]) -> int:
    return sum(each.count for each in series)


@pytest.mark.parametrize(("objective", "bad", "all_of_them"), [("api", 30, 10_000), ("jobs", 3, 200)])
def test_an_objective_counts_our_own_failures(
    rendered: dict[str, Any], objective: str, bad: int, all_of_them: int
) -> None:
    body = rendered["objectives"][objective]
    failed, counted_at_all = taken(body["bad"], DAY), taken(body["total"], DAY)
    assert (total(failed), total(counted_at_all)) == (bad, all_of_them)
    assert (1 - bad / all_of_them < body["goal"]) == (objective == "jobs"), "0.3 % of requests are allowed, 1.5 % not"


def test_burn_alerts_count_what_the_objectives_count(rendered: dict[str, Any]) -> None:
    """In PromQL, and named as Monitoring maps the names."""
    for burn in rendered["burns"].values():
        objective = rendered["objectives"][burn["objective"]]
        for promql, monitoring_filter in ((burn["bad"], objective["bad"]), (burn["total"], objective["total"])):
            metric = re.search(r'metric\.type="([^"]+)"', monitoring_filter)
            assert metric
            domain, _, path = metric[1].partition("/")
            mapped = re.sub(r"\W", "_", domain) + ":" + re.sub(r"\W", "_", path)
            assert promql.startswith(mapped + "{")
            assert ('"5xx"' in promql) == ('"5xx"' in monitoring_filter)


@pytest.mark.parametrize(("failing", "fires"), [(0, False), (1, False), (2, True), (6, True)])
def test_the_api_is_unreachable_from_two_places_not_from_one(failing: int, fires: bool) -> None:  # noqa: FBT001 - a row
    """`REDUCE_COUNT_FALSE` counts the checkers whose latest result is a failure."""
    (condition,) = MODULE.resources["google_monitoring_alert_policy", "unreachable"]["conditions"]
    threshold = condition["condition_threshold"][0]
    aggregation = threshold["aggregations"][0]
    assert (aggregation["per_series_aligner"], aggregation["cross_series_reducer"]) == (
        "ALIGN_NEXT_OLDER",
        "REDUCE_COUNT_FALSE",
    )
    assert threshold["comparison"] == "COMPARISON_GT"
    assert (failing > threshold["threshold_value"]) == fires
    check = MODULE.resources["google_monitoring_uptime_check_config", "api"]
    period = float(check["period"].removesuffix("s"))
    assert float(check["timeout"].removesuffix("s")) < period
    assert float(aggregation["alignment_period"].removesuffix("s")) > 2 * period, "each checker has a result in it"


def test_nothing_in_the_dashboard_is_zero_or_empty(rendered: dict[str, Any]) -> None:
    """The API leaves such fields out, and every plan would be a difference."""
    leaves = list(_leaves(rendered["dashboard"]))
    assert len(leaves) > 100
    assert [leaf for leaf in leaves if not leaf] == []


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield value


def test_no_two_charts_overlap(rendered: dict[str, Any]) -> None:
    layout = rendered["dashboard"]["mosaicLayout"]
    places = {(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in layout["tiles"]}
    assert len(places) == len(layout["tiles"])
    assert all(tile.get("xPos", 0) + tile["width"] <= layout["columns"] for tile in layout["tiles"])


def _datasets(rendered: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for tile in rendered["dashboard"]["mosaicLayout"]["tiles"]:
        for dataset in tile["widget"]["xyChart"]["dataSets"]:
            yield tile["widget"]["title"], dataset["timeSeriesQuery"]["timeSeriesFilter"]


def test_a_chart_shows_this_installation_and_no_other(rendered: dict[str, Any]) -> None:
    for title, query in _datasets(rendered):
        series = [each for name in (NAME, f"{NAME}-2") for each in _everything(name)]
        shown = taken(query["filter"], series)
        assert shown, title
        assert set(map(id, shown)) <= set(map(id, series[: len(series) // 2])), title


def test_charts_aggregate_as_their_metrics_can_be(rendered: dict[str, Any]) -> None:
    """Percentiles of distributions, sums of counters; and only labels that there are."""
    own = MODULE.locals["counters"] | MODULE.locals["distributions"]
    for title, query in _datasets(rendered):
        metric = re.search(r'metric\.type="([^"]+)"', query["filter"])
        assert metric
        name = metric[1].rpartition("/")[2]
        aligner = query["aggregation"]["perSeriesAligner"]
        if name in MODULE.locals["distributions"] or metric[1] in DISTRIBUTIONS:
            assert aligner.startswith("ALIGN_PERCENTILE"), title
        elif metric[1] in GAUGES:
            assert aligner == "ALIGN_MAX", title
        else:
            assert aligner in ("ALIGN_DELTA", "ALIGN_RATE"), title
        labels = {each.removeprefix("metric.label.") for each in query["aggregation"].get("groupByFields", ())}
        if name in own:
            assert labels <= {own[name]["label"]}, title


def _everything(name: str) -> list[Points]:
    """One series of every metric that an installation of this name makes."""
    services = [{"service_name": f"{name}-{service}"} for service in ("api", "worker", "deadletter")]
    run = ["request_count", "container/memory/utilizations", "container/instance_count"]
    series = [Points(metric=f"run.googleapis.com/{each}", resource=service) for each in run for service in services]
    series += [counted(metric, 1, name=name) for metric in MODULE.locals["counters"] | MODULE.locals["distributions"]]
    for subscription in ("jobs-push", "dead-letter-push", "dead-letter-kept"):
        series.append(
            Points(
                metric="pubsub.googleapis.com/subscription/oldest_unacked_message_age",
                kind="pubsub_subscription",
                resource={"subscription_id": f"{name}-{subscription}"},
            )
        )
    return series


def test_the_kept_dead_letters_are_in_no_chart(rendered: dict[str, Any]) -> None:
    """Their age grows to a month in the best of health."""
    kept = [each for each in _everything(NAME) if each.resource.get("subscription_id", "").endswith("-kept")]
    assert kept
    assert [title for title, query in _datasets(rendered) if taken(query["filter"], kept)] == []
