"""What a benchmark yields: tables, targets, versions; and the kinds of cell a table has."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


class Missing(Exception):
    """Something could not be measured; also a table's cell that says so."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Sample:
    """Values of several rounds: median and spread. ``digits`` after the point; None: three significant ones."""

    def __init__(self, values: Iterable[float], *, digits: int | None = None) -> None:
        self.values = list(values)
        self.digits = digits

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return number(self.median, self.digits)
        least, most = number(min(self.values), self.digits), number(max(self.values), self.digits)
        return f"{number(self.median, self.digits)} ({least} to {most})"


Cell = str | int | float | Sample | Missing | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title; ``note`` is a sentence below it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, and what was reached; ``met`` is None where it could not be measured."""

    what: str
    peer: str = field(kw_only=True)
    target: str = field(kw_only=True)
    measured: str = field(kw_only=True)
    met: bool | None = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Version:
    """The version of something that was measured."""

    of: str
    version: str


Part = Table | Target | Version


def number(value: float, digits: int | None = None) -> str:
    """Three significant digits, or so many after the point, with thousands apart."""
    if digits is None:
        digits = max(0, 2 - len(str(int(abs(value)))) + 1) if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


def ratios(ours: Sequence[float], peers: Sequence[float], *, digits: int = 2) -> Sample:
    """Ours to the peer's, pair by pair."""
    return Sample([mine / other for mine, other in zip(ours, peers, strict=True)], digits=digits)


def attempt(get: Callable[[], T]) -> T | Missing:
    """What ``get`` returns, or why it is missing."""
    try:
        return get()
    except Missing as missing:
        return missing


def say(*words: Any) -> None:
    """Progress."""
    print(*words, file=sys.stderr, flush=True)
