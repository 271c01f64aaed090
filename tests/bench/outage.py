"""A site that stops answering in the middle of a build, and comes back: what the book has, and how often it was asked.

``sitebookify build`` reads a site of 120 pages that answers 503 to everything, robots.txt too, from its 60th request
on, for ten minutes (``seconds=…``). The book has to be whole, and the same command needs no help.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.kit.parts import Part, Sample, Table, Target
from support.processes import SITEBOOKIFY, Process
from support.site import Answer, Hit, Site

PAGES = 120
_HEALTHY = 60
_LONGEST = 3600
_PAGE = "<html><body><main><h1>{0}</h1><p>Here {0} says what no other page says.</p>{1}</main></body></html>"


class Ailing:
    """The site; ``missed`` counts what it was asked for while it failed."""

    def __init__(self, seconds: float) -> None:
        self.missed = 0
        self._asked = 0
        self._seconds = seconds
        self._failed_at = 0.0

    def __call__(self, hit: Hit) -> Answer:
        """The answer to a request."""
        self._asked += 1
        if self._asked == _HEALTHY:
            self._failed_at = time.monotonic()
        if self._failed_at and time.monotonic() - self._failed_at < self._seconds:
            self.missed += 1
            return Answer(status=503)
        if hit.path in ("/robots.txt", "/sitemap.xml", "/sitemap_index.xml"):
            return Answer(status=404)
        links = "".join(f"<a href='/{n}'>{n}</a> " for n in range(PAGES)) if hit.path == "/" else ""
        return Answer(body=_PAGE.format(f"page {hit.path}", links))


def measure(*, seconds: str = "600") -> Iterator[Part]:
    """One build."""
    site = Ailing(float(seconds))
    with tempfile.TemporaryDirectory() as folder, Site({"*": site}) as server:
        out = Path(folder) / "book"
        command = [*SITEBOOKIFY, "build", server.url("/"), "--out", str(out), "--delay-ms", "0"]
        began = time.monotonic()
        environment = {"SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
        with Process(command, log=Path(folder) / "log", env=environment) as build:
            if build.wait(_LONGEST):
                raise RuntimeError(build.output())
        took = time.monotonic() - began
        with (out / "report.jsonl").open(encoding="utf-8") as report:
            pages = json.loads(next(report))["pages"]
    columns = ("seconds without answers", "pages of the book", "requests in vain", "seconds in all")
    yield Table("A site that fails for a while", columns, [[float(seconds), pages, site.missed, Sample([took])]])
    yield Target(
        "pages of a site that failed for ten minutes",
        peer="none",
        target=str(PAGES + 1),
        measured=str(pages),
        met=pages == PAGES + 1,
    )
