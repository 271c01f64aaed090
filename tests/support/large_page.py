"""What a page near the largest that is fetched takes, for a process of its own."""

from __future__ import annotations

from pathlib import Path

from sitebookify.book.crawl.crawl_tasks import digest
from sitebookify.book.extract.extract_tasks import extract_packed, learn_packed

_URL = "https://large.test/all.html"


def peak_mib() -> int:
    """The peak of this process, in MiB, after reading and extracting a page of 2.3 MB."""
    rows = "".join(
        f'<tr class="row"><td><a href="#i{n}"><code>item_{n}</code></a></td>'
        f"<td><span>says</span> <b>what</b> {n}</td></tr>"
        for n in range(20_000)
    )
    html = f"<html><head><title>All</title></head><body><main><h1>All</h1><table>{rows}</table></main></body></html>"
    _, packed = digest(html.encode(), "text/html", _URL)
    extracted = extract_packed(packed, _URL, learn_packed([]))
    assert extracted.words > 30_000
    # Not getrusage's: that of a process begins with its parent's.
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024
