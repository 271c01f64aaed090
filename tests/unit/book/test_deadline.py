"""A limit on time where nothing else can set one."""

from __future__ import annotations

import re
import signal
import threading

import pytest

from sitebookify.book.limits import deadline


def test_a_pattern_that_never_ends_is_ended() -> None:
    with pytest.raises(TimeoutError), deadline(0.2):
        re.fullmatch(r"(a+)+b", "a" * 60)


def test_a_block_in_time_leaves_no_alarm_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with deadline(60):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_other_threads_run_without_a_limit() -> None:
    done: list[int] = []

    def work() -> None:
        with deadline(0.001):
            done.append(sum(range(100_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done
