"""Thresholds of learning, order and borders, each moved by a third up and down, one at a time: which test fails.

The rule's own example is run first, and all tests of its area where it passes. Each move is made in a fork of a process
that has loaded the tests. ``ARGS="only=BAR_WORDS,contents.chains._MOST"`` moves these alone.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.kit.parts import Cell, Part, Table, Target, say
from support.thresholds import Threshold, thresholds

_ROOT = Path(__file__).parents[2]
_QUIET = ("-x", "-qq", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(_ROOT))
_FAILED = re.compile(r"^FAILED (?:\S*/)?(\S+?\.py::\S+)", re.MULTILINE)
LEAST = 0.9
"""Share of the moves that make a test fail."""


def failing(threshold: Threshold, number: float) -> str:
    """The first test that fails with this number, or ""."""
    for tests in threshold.tests:
        failed = _run(tests, threshold, number)
        if failed:
            return failed
    return ""


def _run(tests: str, threshold: Threshold, number: float) -> str:
    with tempfile.NamedTemporaryFile("r") as output:
        child = multiprocessing.get_context("fork").Process(
            target=_tests_with, args=(tests, threshold, number, output.name)
        )
        child.start()
        child.join()
        said = output.read()
    if child.exitcode == pytest.ExitCode.OK:
        return ""
    if child.exitcode != pytest.ExitCode.TESTS_FAILED:
        raise RuntimeError(said)
    failed = _FAILED.search(said)
    return failed[1] if failed else tests


def _tests_with(tests: str, threshold: Threshold, number: float, output: str) -> None:
    written = os.open(output, os.O_WRONLY)
    os.dup2(written, 1)
    os.dup2(written, 2)
    threshold.move(number)
    path, _, name = tests.partition("::")
    os._exit(pytest.main([*_QUIET, "::".join(filter(None, (str(_ROOT / path), name)))]))


def measure(*, only: str = "") -> Iterator[Part]:
    """A row for each threshold, and the share of moves that a test notices."""
    chosen = [each for each in thresholds() if not only or each.name in only.split(",")]
    tested = sorted({str(_ROOT / each.tests[-1]) for each in chosen})
    if pytest.main([*_QUIET, "--collect-only", *tested]):
        raise RuntimeError("the tests cannot be loaded")
    rows: list[list[Cell]] = []
    noticed = 0
    for threshold in chosen:
        lower, higher = (failing(threshold, number) for number in threshold.moved)
        noticed += bool(lower) + bool(higher)
        rows.append([threshold.name, f"{threshold.number:g} {threshold.unit}", lower or "none", higher or "none"])
        say(threshold.name, lower or "NONE", higher or "NONE")
    columns = ("threshold", "now", "a third lower: test that fails", "a third higher: test that fails")
    yield Table("Thresholds moved by a third", columns, rows)
    yield Target(
        "moves of a threshold that make a test fail",
        peer="none",
        target=f"{LEAST:.0%}",
        measured=f"{noticed} of {2 * len(chosen)}",
        met=noticed >= LEAST * 2 * len(chosen),
    )
