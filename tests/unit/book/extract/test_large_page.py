"""A page near the largest that is fetched, in a process that has to live in a small container."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from support.large_page import peak_mib

_MOST_MIB = 250


@pytest.mark.skipif(sys.platform != "linux", reason="the figure is the Linux kernel's")
def test_a_large_page_takes_little_memory() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(peak_mib).result(timeout=300) < _MOST_MIB
