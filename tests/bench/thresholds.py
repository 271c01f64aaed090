"""Thresholds of extraction, each moved by a third up and down, one at a time: which test fails.

The rule's own example is run first, and all tests of extraction where it passes. ``ARGS="only=BAR_WORDS,HELD"`` moves
these rules alone.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Table, Target, say
from sitebookify.book.extract.rules import RULES, Rule

_ROOT = Path(__file__).parents[2]
_TESTS = "tests/unit/book/extract"
_FAILED = re.compile(r"^FAILED (?:\S*/)?(\S+?\.py::\S+)", re.MULTILINE)
LEAST = 0.9
"""Share of the moves that make a test fail."""


def moved(rule: Rule) -> tuple[float, float]:
    """The threshold a third lower and a third higher; counts of things move by one at least, and stay whole."""
    lower, higher = rule.threshold * 2 / 3, rule.threshold * 4 / 3
    if rule.threshold < 1:
        return lower, higher
    return math.floor(lower), math.ceil(higher)


def failing(rule: Rule, threshold: float) -> str:
    """The first test that fails with the rule at this threshold, or ""."""
    for tests in (f"{_TESTS}/test_rules.py::{rule.example}", _TESTS):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", tests, "-x", "-q", "-p", "no:cacheprovider", "-n", "0"],
            cwd=_ROOT,
            env={**os.environ, "MOVED_RULE": f"{rule.name}={threshold}"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 1:
            failed = _FAILED.search(done.stdout)
            return failed[1] if failed else tests
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
    return ""


def measure(*, only: str = "") -> Iterator[Part]:
    """A row for each rule, and the share of moves that a test notices."""
    rows: list[list[Cell]] = []
    noticed = 0
    rules = [rule for rule in RULES if not only or rule.name in only.split(",")]
    for rule in rules:
        lower, higher = (failing(rule, threshold) for threshold in moved(rule))
        noticed += bool(lower) + bool(higher)
        rows.append([rule.name, f"{rule.threshold:g} {rule.unit}", lower or "none", higher or "none"])
        say(rule.name, lower or "NONE", higher or "NONE")
    share = noticed / (2 * len(rules))
    columns = ("rule", "threshold", "a third lower: test that fails", "a third higher: test that fails")
    yield Table("Thresholds moved by a third", columns, rows)
    yield Target(
        "moves of a threshold that make a test fail",
        peer="none",
        target=f"{LEAST:.0%}",
        measured=f"{noticed} of {2 * len(rules)}",
        met=share >= LEAST,
    )
