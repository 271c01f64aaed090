"""Pages per second beside Scrapy: same site, same concurrency, no delay, in turns within the same minutes.

``python -m bench.crawl_rate [ROUNDS]`` (5) serves documentation that Debian packages from a process of its own and
crawls it with both, each in a fresh process, 16 requests at once, robots.txt obeyed. Scrapy (installed into its own
environment under /tmp) fetches and follows links, no more; the crawl stage also decodes, stores, and recognises copies.
Time is taken inside the processes, from the first request to the last page. A third line adds the extract stage.

Prints a Markdown table of medians and spreads.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.book.crawl import crawl
from sitebookify.book.extract import extract
from sitebookify.book.stage import Done, State
from sitebookify.egress import Egress
from sitebookify.jobs import JobSpec, Stage
from support.bench import FakeBench
from support.outside import need_path
from support.site import Site

T = TypeVar("T")

ROUNDS, CONCURRENCY = 5, 16
SITES = (
    ("/usr/share/doc/rust-doc/html", "/book/", 1000, "rust-doc"),
    ("/usr/share/doc/python3-doc/html", "/library/", 1000, "python3-doc"),
    ("/usr/share/doc/rust-doc/html", "/std/", 300, "rust-doc"),
)
_SCRAPY = Path(tempfile.gettempdir()) / "sitebookify-bench" / "scrapy"
_SPIDER = """
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
_SETTINGS = {
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": True,
    "LOG_LEVEL": "INFO",
    "TELNETCONSOLE_ENABLED": False,
}


class _Bench(FakeBench):
    """Without checkpoints; extraction in two processes, as in a worker."""

    def __init__(self, url: str, pages: int, directory: Path) -> None:
        spec = JobSpec(source_url=url, request_delay=0, max_pages=pages, max_depth=99, concurrency=CONCURRENCY)
        super().__init__(spec=spec, store=LocalObjectStore(directory))
        self._pool = concurrent.futures.ProcessPoolExecutor(2)

    async def save(self, state: Callable[[], State]) -> None:
        del state

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


async def _ours(url: str, pages: int) -> dict[str, float]:
    """Seconds and pages of the crawl, and seconds of the extraction after it."""
    with tempfile.TemporaryDirectory() as directory:
        bench = _Bench(url, pages, Path(directory))
        async with Egress(allow_private=True, user_agent="sitebookify-bench") as egress:
            bench.egress = egress
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
        [sys.executable, "-m", "bench.crawl_rate", "ours", url, str(pages)], check=True, capture_output=True, text=True
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _run_scrapy(url: str, pages: int) -> dict[str, float]:
    """What Scrapy's own statistics say."""
    with tempfile.TemporaryDirectory() as directory:
        spider = Path(directory) / "spider.py"
        spider.write_text(_SPIDER)
        settings = {**_SETTINGS, "CLOSESPIDER_ITEMCOUNT": pages}
        options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        done = subprocess.run(
            [_SCRAPY / "bin" / "scrapy", "runspider", spider, "-a", f"url={url}", "-o", "pages.jl", *options],
            check=True,
            capture_output=True,
            text=True,
            cwd=directory,
        )
    stats = dict(line.strip(" {},").split(": ", 1) for line in done.stderr.splitlines() if "': " in line)
    return {"pages": float(stats["'item_scraped_count'"]), "seconds": float(stats["'elapsed_time_seconds'"])}


def _install_scrapy() -> None:
    if not (_SCRAPY / "bin" / "scrapy").exists():
        venv.create(_SCRAPY, with_pip=True)
        subprocess.run([_SCRAPY / "bin" / "pip", "install", "--quiet", "--quiet", "scrapy"], check=True)


def _serve(root: str) -> subprocess.Popen[str]:
    """The site in a process of its own, which prints its address and serves until its input ends."""
    command = [sys.executable, "-m", "bench.crawl_rate", "serve", root]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _rates(runs: list[dict[str, float]], key: str = "seconds") -> str:
    rates = [run["pages"] / run[key] for run in runs]
    return f"{statistics.median(rates):.0f} ({min(rates):.0f}-{max(rates):.0f})"


def _measure(root: str, path: str, pages: int, rounds: int) -> str:
    server = _serve(root)
    assert server.stdin is not None
    assert server.stdout is not None
    url = server.stdout.readline().strip() + path
    try:
        runs = [(_run_scrapy(url, pages), _run_ours(url, pages)) for _ in range(rounds)]
    finally:
        server.stdin.close()
        server.wait(30)
    scrapy, ours = [pair[0] for pair in runs], [pair[1] for pair in runs]
    ratio = statistics.median(
        (mine["pages"] / mine["seconds"]) / (peer["pages"] / peer["seconds"]) for peer, mine in runs
    )
    counts = f"{ours[0]['pages']:.0f} / {scrapy[0]['pages']:.0f}"
    return f"| {path} | {counts} | {_rates(scrapy)} | {_rates(ours)} | {ratio:.2f} | {_rates(ours, 'both')} |"


def main(rounds: int) -> None:
    """Print the table."""
    _install_scrapy()
    print("| site | pages ours / Scrapy | Scrapy pages/s | crawl pages/s | ratio | crawl and extract pages/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for root, path, pages, package in SITES:
        print(_measure(str(need_path(root, package)), path, pages, rounds), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", root]:
            with Site(Path(root)) as site:
                print(site.url(""), flush=True)
                sys.stdin.read()
        case ["ours", url, pages]:
            print(json.dumps(asyncio.run(_ours(url, int(pages)))))
        case rest:
            os.environ.setdefault("PYTHONHASHSEED", "0")
            main(int(rest[0]) if rest else ROUNDS)
