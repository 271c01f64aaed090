"""The part of PromQL that the alerts use, evaluated over series as Cloud Monitoring has them.

https://prometheus.io/docs/prometheus/latest/querying/basics/: selectors with ``=`` and ``=~``; ``increase`` and
``max_over_time`` over a window; ``sum``, ``max``, ``vector``; ``/``, comparisons with a number, ``and``, ``or``,
``unless``. After an aggregation there are no labels, so a value is a number or nothing. A window without a sample has
no value, unlike one whose samples are zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Value = float | None
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TOKEN = re.compile(
    r"\s*(?:(?P<selector>[a-z_][\w:]*\{[^}]*\}(?:\[\d+[smhd]\])?)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[a-z_]+)|(?P<sign>>=|<=|>|<|/|\(|\)))"
)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}


@dataclass(frozen=True, kw_only=True)
class Series:
    """A metric's samples as (seconds, value): of a counter what was added at that time, of a gauge its value."""

    metric: str
    labels: dict[str, str] = field(default_factory=dict)
    samples: Sequence[tuple[float, float]]


def evaluate(query: str, series: Sequence[Series], *, now: float) -> Value:
    """The query's value at a time; None where it has none, which is no alert."""
    parser = _Parser(query, series, now)
    value = parser.set_operation()
    if parser.rest:
        raise ValueError(f"not understood: {parser.rest[0]}")
    return value


class _Parser:
    def __init__(self, query: str, series: Sequence[Series], now: float) -> None:
        self.rest = _tokens(query)
        self._series = series
        self._now = now

    def set_operation(self) -> Value:
        value = self._comparison()
        while self.rest and self.rest[0] in ("and", "or", "unless"):
            operator = self.rest.pop(0)
            other = self._comparison()
            if operator == "or":
                value = other if value is None else value
            else:
                keeps = (other is not None) == (operator == "and")
                value = value if keeps else None
        return value

    def _comparison(self) -> Value:
        value = self._quotient()
        if self.rest and self.rest[0] in _COMPARISONS:
            compare = _COMPARISONS[self.rest.pop(0)]
            limit = self._quotient()
            return value if value is not None and limit is not None and compare(value, limit) else None
        return value

    def _quotient(self) -> Value:
        value = self._term()
        while self.rest and self.rest[0] == "/":
            self.rest.pop(0)
            divisor = self._term()
            value = value / divisor if value is not None and divisor else None
        return value

    def _term(self) -> Value:
        token = self.rest.pop(0)
        if token == "(":
            value = self.set_operation()
            self._expect(")")
            return value
        if token in ("sum", "max"):
            self._expect("(")
            values = self._vector()
            self._expect(")")
            return (sum if token == "sum" else max)(values) if values else None
        if token == "vector":
            self._expect("(")
            number = float(self.rest.pop(0))
            self._expect(")")
            return number
        return float(token)

    def _vector(self) -> list[float]:
        token = self.rest.pop(0)
        if token not in ("increase", "max_over_time"):
            return [values[-1] for values in self._window(token, 300)]
        self._expect("(")
        selector, _, window = self.rest.pop(0).rpartition("[")
        self._expect(")")
        seconds = int(window[:-2]) * _SECONDS[window[-2]]
        combine = sum if token == "increase" else max
        return [combine(values) for values in self._window(selector, seconds)]

    def _window(self, selector: str, seconds: float) -> list[list[float]]:
        """The values of each series that the selector takes, within the time before now."""
        metric, _, matchers = selector.rstrip("}").partition("{")
        wanted = re.findall(r'(\w+)(=~|=)"([^"]*)"', matchers)
        taken = [series for series in self._series if series.metric == metric and _matches(series.labels, wanted)]
        windows = [[value for at, value in s.samples if self._now - seconds < at <= self._now] for s in taken]
        return [values for values in windows if values]

    def _expect(self, token: str) -> None:
        if not self.rest or self.rest.pop(0) != token:
            raise ValueError(f"{token} expected")


def _tokens(query: str) -> list[str]:
    tokens, place = [], 0
    while place < len(query.rstrip()):
        token = _TOKEN.match(query, place)
        if not token:
            raise ValueError(f"not understood: {query[place:]}")
        tokens.append(token[0].strip())
        place = token.end()
    return tokens


def _matches(labels: dict[str, str], wanted: list[tuple[str, str, str]]) -> bool:
    return all(
        bool(re.fullmatch(value, labels.get(name, ""))) if operator == "=~" else labels.get(name, "") == value
        for name, operator, value in wanted
    )
