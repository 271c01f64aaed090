"""A page near the largest that is fetched, in a process that has to live in a small container."""

from __future__ import annotations

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from sitebookify.book.crawl.digest import digest
from sitebookify.book.extract.page import extract_packed, learn_packed

URL = "https://large.test/all.html"
_MOST_MIB = 250


def _peak_mib() -> int:
    rows = "".join(
        f'<tr class="row"><td><a href="#i{n}"><code>item_{n}</code></a></td>'
        f"<td><span>says</span> <b>what</b> {n}</td></tr>"
        for n in range(20_000)
    )
    html = f"<html><head><title>All</title></head><body><main><h1>All</h1><table>{rows}</table></main></body></html>"
    _, packed = digest(html.encode(), "text/html", URL)
    extracted = extract_packed(packed, URL, learn_packed([]))
    assert extracted.words > 30_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="it is KiB on Linux, and something else elsewhere")
def test_a_large_page_takes_little_memory() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(_peak_mib).result(timeout=300) < _MOST_MIB
