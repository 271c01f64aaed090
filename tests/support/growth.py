"""Whether time grows in proportion to what it is spent on: the CPU time of a size beside that of eight times the size.

Growth is judged, not speed. Python's and the machine's own noise is below a factor of two, and work that grows with the
square of the size takes 64 times as long; what looks like it is measured again at larger sizes, where start-up counts
for less.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

LARGER = 8
MOST = 16
"""Times as long."""
TRIES = (1, 3, 9)
"""Times the first size: the next where the one before was judged to grow."""
SHORTEST = 0.003
"""Seconds of CPU time that count as that much: shorter ones are all start."""


class Clock:
    """CPU time of named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str, function: Callable[..., Any], *args: Any) -> Any:
        start = time.process_time()
        result = function(*args)
        self.seconds[step] = max(SHORTEST, time.process_time() - start)
        return result


def assert_proportional(work: Callable[[int], object], size: int) -> None:
    """Fail where `work` takes far longer at eight times the size than eight times as long."""

    def measure(size: int) -> Mapping[str, float]:
        clock = Clock()
        clock("it", work, size)
        return clock.seconds

    assert_steps_proportional(measure, size)


def assert_steps_proportional(measure: Callable[[int], Mapping[str, float]], size: int) -> None:
    """The same of each step whose seconds `measure` gives at a size."""
    with _cycles_left_alone():
        for times in TRIES:
            grown = _grown(measure, times * size, rounds=5 if times == TRIES[-1] else 1)
            if not grown:
                return
    pytest.fail(f"at {times * size} and {times * LARGER * size}, times as long: {grown}")


@contextmanager
def _cycles_left_alone() -> Iterator[None]:
    """Without the search for cycles: when it runs is chance to a test, and it takes as long as all else.

    In a process that has collected the whole suite it would go through a million objects, so the search afterwards
    passes over those that were there before.
    """
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        gc.enable()


def _grown(measure: Callable[[int], Mapping[str, float]], size: int, *, rounds: int) -> dict[str, float]:
    """Of several rounds the quickest counts: what else the machine does slows a step down and never speeds it up."""
    large = _quickest([measure(LARGER * size) for _ in range(rounds)])
    if max(large.values()) <= MOST * SHORTEST:
        return {}
    small = _quickest([measure(size) for _ in range(rounds)])
    factors = {step: large[step] / small[step] for step in small}
    return {step: round(factor, 1) for step, factor in factors.items() if factor > MOST}


def _quickest(measured: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {step: min(seconds[step] for seconds in measured) for step in measured[0]}
