"""Pages per second beside Scrapy: same site, same concurrency, no delay, in turns within the same minutes.

Documentation that Debian packages is served by a process of its own and crawled by both, each in a fresh process, 16
requests at once, robots.txt obeyed. Scrapy fetches and follows links, no more; the crawl stage also decodes, stores,
and recognises copies. Time is taken inside the processes, from the first request to the last page. The last column
adds the extract stage.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench.kit.parts import Cell, Part, Sample, Table, Target, ratios, say
from bench.kit.peers import Peer, python_package
from bench.kit.sites import PYTHON, RUST, serving
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.book.crawl.crawl_stage import crawl
from sitebookify.book.extract.extract_stage import extract
from sitebookify.book.stage import Done, State
from sitebookify.egress import Egress
from sitebookify.jobs import Stage
from sitebookify.runner.compute import ComputePool
from sitebookify.spec import JobSpec
from support.bench import FakeBench

CONCURRENCY = 16
SITES = (
    (RUST, "/book/", 1000),
    (PYTHON, "/library/", 1000),
    (RUST, "/std/", 300),
)
SPIDER = """
import scrapy
from scrapy.linkextractors import LinkExtractor

class Spider(scrapy.Spider):
    name = "bench"

    async def start(self):
        yield scrapy.Request(self.url)

    def parse(self, response):
        if isinstance(response, scrapy.http.HtmlResponse):
            yield {"url": response.url, "html": response.text}
            for link in LinkExtractor(allow=self.url).extract_links(response):
                yield response.follow(link)
"""
SETTINGS = {
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": True,
    "LOG_LEVEL": "INFO",
    "TELNETCONSOLE_ENABLED": False,
}


class _Bench(FakeBench):
    """Without checkpoints; pages are read and extracted in two processes, as in a worker."""

    def __init__(self, url: str, pages: int, directory: Path) -> None:
        spec = JobSpec(source_url=url, request_delay=0, max_pages=pages, max_depth=99, concurrency=CONCURRENCY)
        super().__init__(spec=spec, store=LocalObjectStore(directory))
        self.pool = ComputePool(2)
        self.compute = self.pool.__call__  # type: ignore[method-assign]  # a stand-in computes by itself

    async def save(self, state: Callable[[], State]) -> None:
        del state


async def _ours(url: str, pages: int) -> dict[str, float]:
    """Seconds and pages of the crawl, and seconds of the extraction after it."""
    with tempfile.TemporaryDirectory() as directory:
        bench = _Bench(url, pages, Path(directory))
        async with Egress(allow_private=True, user_agent="sitebookify-bench") as egress:
            bench.egress = egress
            await bench.compute(abs, 1)  # a worker has its processes already, as Scrapy has its imports
            begun = time.perf_counter()
            done = await crawl(bench, None)
            crawled = time.perf_counter()
            assert isinstance(done, Done)
            bench.inputs[Stage.CRAWL] = done.output
            await extract(bench, None)
            extracted = time.perf_counter()
    return {"pages": len(done.output["pages"]), "seconds": crawled - begun, "both": extracted - begun}


def _run_ours(url: str, pages: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.crawl_rate", url, str(pages)], check=True, capture_output=True, text=True
    )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])  # the crawl's log comes before
    return answer


def _run_scrapy(scrapy: Peer, url: str, pages: int) -> dict[str, float]:
    """What Scrapy's own statistics say."""
    with tempfile.TemporaryDirectory() as directory:
        spider = Path(directory) / "spider.py"
        spider.write_text(SPIDER)
        settings = {**SETTINGS, "CLOSESPIDER_ITEMCOUNT": pages}
        options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        done = subprocess.run(
            [scrapy.command("scrapy"), "runspider", spider, "-a", f"url={url}", "-o", "pages.jl", *options],
            check=True,
            capture_output=True,
            text=True,
            cwd=directory,
        )
    stats = dict(line.strip(" {},").split(": ", 1) for line in done.stderr.splitlines() if "': " in line)
    return {"pages": float(stats["'item_scraped_count'"]), "seconds": float(stats["'elapsed_time_seconds'"])}


def measure(*, rounds: int = 5) -> Iterator[Part]:
    """A row for each site."""
    scrapy = python_package("scrapy")
    yield scrapy.version
    rows: list[list[Cell]] = []
    slowest = []
    for site, path, pages in SITES:
        with serving(*site) as origin:
            runs = []
            for _ in range(rounds):
                runs.append((_run_scrapy(scrapy, origin + path, pages), _run_ours(origin + path, pages)))
                say(path, runs[-1])
        peer, ours, both = (
            _rates(run for run, _ in runs),
            _rates(run for _, run in runs),
            _rates((run for _, run in runs), "both"),
        )
        ratio = ratios(ours.values, peer.values)
        slowest.append(ratio.median)
        counts = [round(run["pages"]) for run in runs[0]]
        rows.append([path, *counts, peer, ours, ratio, both])
    columns = ["site", "pages, Scrapy", "pages, crawl", "Scrapy", "crawl", "ratio", "crawl and extract"]
    yield Table("pages a second", columns, rows)
    worst = min(slowest)
    yield Target(
        "crawl alone", peer="Scrapy", target="at least its rate", measured=f"{worst:.2f} times or more", met=worst >= 1
    )


def _rates(runs: Iterable[dict[str, float]], key: str = "seconds") -> Sample:
    return Sample([run["pages"] / run[key] for run in runs], digits=0)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ours(sys.argv[1], int(sys.argv[2])))))
