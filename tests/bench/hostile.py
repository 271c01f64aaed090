"""Sites that are written to break their reader, and what others notice of them.

Hostile jobs, a few at a time, run on the pipeline with the Pub/Sub emulator, with two workers as Terraform deploys
them: one slice, one compute process, 512 MiB each. Meanwhile a client polls and makes small jobs. Measured are the
memory of each worker's processes, shared pages counted once, what the client waited, and how every job ended.

All run on one machine. How much of the client's wait is the machine's, a second API says that has no jobs: it is polled
in turns with the first, in the same minutes.
"""

from __future__ import annotations

import io
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from PIL import Image

from bench.kit.parts import Cell, Part, Sample, Table, Target, say
from bench.kit.trees import MIB, Sampler
from support.emulator import Emulator
from support.hostile_pages import CONSTRUCTORS, page
from support.pages import prose
from support.site import Answer, Hit, Page, Pages, Site, redirect
from support.stack import Stack

CONTAINER_MIB = 512
MOST_SECONDS = 1.0
WORKERS = 2
AT_ONCE = 3
"""Hostile jobs: one more than there are workers."""
LONGEST_JOB = 1500
"""Seconds: the wall time of a job, its waiting included."""
PAGE_KB = 400
"""Of a page of one kind of thing. All hundred sites then take some minutes of each processor; what is odd about a file
is as large as it may be."""
_MOST_THINGS = 30_000
_EVERY = 0.1
"""Seconds between two requests of the client."""


@dataclass(frozen=True)
class Ended:
    """How a job ended, and how many seconds after its creation."""

    name: str
    state: str
    reason: str
    seconds: float


def sites(count: int, page_kb: int = PAGE_KB) -> dict[str, Pages]:
    """So many sites by what is odd about them: first those of odd files, then pages of one kind of thing."""
    every: dict[str, Callable[[], Pages]] = dict(_ODD)
    for name in CONSTRUCTORS:
        every[f"page of {name}"] = lambda name=name: _pages(_large(name, page_kb))  # type: ignore[misc]  # mypy infers no default
    kinds = list(every)
    step = max(1.0, (len(kinds) - len(_ODD)) / max(1, count - len(_ODD)))
    others = [kinds[int(len(_ODD) + number * step)] for number in range(max(0, count - len(_ODD)))]
    chosen = [*kinds[: min(count, len(_ODD))], *others]
    return {name: every[name]() for name in chosen[:count]}


def _large(name: str, kilobytes: int) -> str:
    """A page's content of about so many kilobytes, or of 30,000 things where they are small."""
    constructor = CONSTRUCTORS[name]
    each = max(1, len(constructor(200)) // 200)
    return constructor(min(_MOST_THINGS, max(200, 1000 * kilobytes // each)))


def _pages(content: str, *, others: int = 2, head: str = "") -> Pages:
    """A site of a start page and others that hold the content."""
    names = [f"page{number}" for number in range(others)]
    links = "".join(f'<p><a href="/{name}">{name}</a></p>' for name in names)
    pages: dict[str, Page] = {f"/{name}": page(content, name, head) for name in names}
    return {**pages, "/": page(links + prose("start"), "start"), "/robots.txt": "", "*": Answer(status=404)}


def _picture(form: str, size: tuple[int, int], **options: Any) -> Pages:
    data = io.BytesIO()
    Image.new("RGBA", size).save(data, form, **options)
    picture = Answer(body=data.getvalue(), content_type=f"image/{form.lower()}")
    return {**_pages('<p>See <img src="/picture" alt="a picture"></p>', others=1), "/picture": picture}


def _titles(title: str) -> Pages:
    pages = {f"/page{n}": f"<title>{title}{n}</title><body><h1>Page {n}</h1>{prose(f'page{n}')}" for n in range(4)}
    return {**_pages("", others=4), **pages}


def _long_links() -> Pages:
    content = "".join(f'<a href="/x{n}?{"q" * 1900}">link {n}</a> ' for n in range(2000))
    return {**_pages(content, others=20), "*": Answer(status=404)}


def _each(content: Callable[[int], str], others: int) -> Pages:
    """A site whose pages have contents of their own, by their numbers."""
    contents = {f"/page{number}": page(content(number), f"page{number}") for number in range(others)}
    return {**_pages("", others=others), **contents}


def _own_words() -> Pages:
    """320,000 words that stand on one page each."""
    return _each(lambda number: f"<p>{' '.join(f'w{number}x{n}' for n in range(8_000))}</p>", 40)


def _places() -> Pages:
    """100,000 places in pages, each with a link from another page."""
    piece = "<p id=i{n}>word <a href='/page{next}#i{n}'>word</a></p>"
    return _each(lambda number: "".join(piece.format(n=n, next=(number + 1) % 40) for n in range(2500)), 40)


def _versions() -> Pages:
    """50,000 links whose URLs name a dozen versions each."""
    folders = ("/".join(f"v{number >> bit & 7}" for bit in range(12)) for number in range(50_000))
    links = "".join(f"<a href=/{folder}/{number}>a</a>" for number, folder in enumerate(folders))
    return {**_pages(links, others=1), "*": Answer(status=404)}


def _chain() -> Pages:
    """Thousands of redirects, each to the next."""
    links = "".join(f"<a href=/r{number}>a</a>" for number in range(5000))

    def onward(hit: Hit) -> Answer:
        number = int(hit.path[2:]) if hit.path[2:].isdecimal() else 5000
        return redirect(f"/r{number + 1}") if number < 5000 else Answer(status=404)

    return {**_pages(links, others=1), "*": onward}


def _drawing() -> Pages:
    """A drawing whose boxes are removed with 250,000 elements in them."""
    boxes = f"<svg xmlns='http://www.w3.org/2000/svg'>{'<x>' * 200}{'<g/>' * 250_000}{'</x>' * 200}</svg>"
    picture = Answer(body=boxes, content_type="image/svg+xml")
    return {**_pages('<p>See <img src="/picture" alt="a picture"></p>', others=1), "/picture": picture}


def _sitemap() -> Pages:
    entries = "<url><loc>/p</loc><a/><b/><c/></url>" * 290_000
    return {**_pages("<p>text</p>"), "/sitemap.xml": f"<urlset>{entries}</urlset>"}


def _robots(line: str) -> Pages:
    return {**_pages("<p>text</p>"), "/robots.txt": "User-agent: *\n" + line * (500_000 // len(line))}


_TWICE = r"\newcommand{\a}{bb}" + "".join(
    rf"\newcommand{{\a{chr(97 + n)}}}{{\a{chr(96 + n) if n else ''}\a{chr(96 + n) if n else ''}}}" for n in range(24)
)
_ODD: Mapping[str, Callable[[], Pages]] = {
    "picture: PNG of 49 megapixels": lambda: _picture("PNG", (7000, 7000)),
    "picture: WebP of 49 megapixels": lambda: _picture("WEBP", (7000, 7000), lossless=True, method=0, quality=0),
    "picture: AVIF of 25 megapixels": lambda: _picture("AVIF", (5000, 5000), speed=10),
    "titles of 16,000 bars": lambda: _titles("a | " * 16_000),
    "titles of 1.6 MB": lambda: _titles("word " * 320_000),
    "2,000 links of 1.9 KB on 20 pages": _long_links,
    "words of their own on 40 pages": _own_words,
    "places and links on 40 pages": _places,
    "links of a dozen versions": _versions,
    "chain of redirects": _chain,
    "drawing of removed boxes": _drawing,
    "sitemap of 10 MB": _sitemap,
    "robots.txt of patterns": lambda: _robots("Disallow: /*a*b*c\n"),
    "2 million ideographs": lambda: _pages("<p>" + "\u4e2d" * 2_000_000),
    "60,000 elements with 20 attributes": lambda: _pages(CONSTRUCTORS["attributes on each element"](25_000)),
    "390,000 paragraphs": lambda: _pages("<p>a" * 390_000),
    "table of 100,000 rows": lambda: _pages("<table>" + "<tr><td>a<td>b" * 100_000),
    "macros that double": lambda: _pages(rf"<script type='math/tex'>{_TWICE}\ax</script>"),
    "formula of 60,000 signs": lambda: _pages(CONSTRUCTORS["one formula"](30_000)),
    "270,000 attributes": lambda: _pages(f"<p{''.join(f' a{n}' for n in range(270_000))}>text"),
    "65,000 script tags and bytes of no encoding": lambda: {
        **_pages(""),
        "/page0": Answer(body=b"<title>x</title>\xff\xfe\x9d" + b"<script " * 65_000, content_type="text/html"),
    },
}


class Client:
    """Polls, and makes small jobs one after another, until the block ends.

    ``latencies`` are seconds of its requests, ``beside`` those of the same requests to an API without jobs.
    """

    def __init__(self, stack: Stack, idle: Stack, site: Site) -> None:
        self.latencies: list[float] = []
        self.beside: list[float] = []
        self.errors: Counter[str] = Counter()
        self.jobs: list[Ended] = []
        self._stack = stack
        self._idle = idle
        self._site = site
        self._over = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._poll, self._order)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST_JOB)

    def _poll(self) -> None:
        while not self._over.is_set():
            for path in ("/healthz", "/v1/jobs", "/"):
                self._ask(self._stack, path, self.latencies)
                self._ask(self._idle, path, self.beside)
                time.sleep(_EVERY)

    def _ask(self, stack: Stack, path: str, latencies: list[float]) -> None:
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{stack.api_port}{path}", timeout=60) as answer:
                answer.read()
        except OSError as error:
            self.errors[f"{path}: {error}"] += 1
        latencies.append(time.perf_counter() - started)

    def _order(self) -> None:
        while not self._over.is_set():
            self.jobs.append(run_job(self._stack, "small", self._site.url("/")))


def run_job(stack: Stack, name: str, url: str) -> Ended:
    """Order a book and wait for its end."""
    started = time.monotonic()
    job_id = stack.create(url, maxPages=70, requestDelay="0.001s")
    while True:
        job = stack.job(job_id)
        seconds = time.monotonic() - started
        if job["state"] in ("STATE_DONE", "STATE_ERROR", "STATE_CANCELLED") or seconds > LONGEST_JOB:
            return Ended(name, job["state"], (job.get("error") or {}).get("reason", ""), seconds)
        time.sleep(0.5)


def _run_hostile(stack: Stack, name: str, pages: Pages) -> Ended:
    with Site(pages) as site:
        ended = run_job(stack, name, site.url("/"))
    say(f"{ended.name}: {ended.state} {ended.reason} after {ended.seconds:.0f} s")
    return ended


def measure(*, count: int = 100, page_kb: int = PAGE_KB) -> Iterator[Part]:
    """All sites, and what they did; ``make bench NAME=hostile ARGS="count=30 page_kb=50"`` for a short look."""
    env = {
        "SITEBOOKIFY_SLICE_BUDGET_SECONDS": "300",
        "SITEBOOKIFY_ACK_DEADLINE_SECONDS": "600",
        "SITEBOOKIFY_COMPUTE_PROCESSES": "1",
        "SITEBOOKIFY_WORKER_SLICES": "1",
        "SITEBOOKIFY_MEMORY_MIB": str(CONTAINER_MIB),
        "SITEBOOKIFY_DOCX_LONGEST_KB": "500",
    }
    hostile = sites(count, page_kb)
    innocent = _pages("<p>A page of an innocent site.</p>", others=4)
    with tempfile.TemporaryDirectory() as folder, Site(innocent) as site:
        emulator = Emulator(Path(folder) / "emulator.log").ready()
        try:
            with (
                Stack(Path(folder) / "stack", emulator, workers=WORKERS, env=env) as stack,
                Stack(Path(folder) / "idle", emulator, workers=0) as idle,
            ):
                samplers = [Sampler(worker.pid) for worker in stack.workers]
                with Client(stack, idle, site) as client, samplers[0], samplers[1], ThreadPoolExecutor(AT_ONCE) as pool:
                    ended = list(pool.map(lambda item: _run_hostile(stack, *item), hostile.items()))
        finally:
            emulator.stop()
    yield from _report(ended, client, samplers)


def _report(ended: Sequence[Ended], client: Client, samplers: Sequence[Sampler]) -> Iterator[Part]:
    ways = Counter((one.state, one.reason) for one in ended)
    rows: list[list[Cell]] = [[state, reason, number] for (state, reason), number in ways.most_common()]
    yield Table("how hostile jobs ended", ("state", "reason", "jobs"), rows)
    slowest = sorted(ended, key=lambda one: -one.seconds)[:10]
    yield Table(
        "the slowest of them",
        ("site", "state", "seconds"),
        [[one.name, one.state, Sample([one.seconds], digits=0)] for one in slowest],
    )
    most = max(sampler.shared_once for sampler in samplers) / MIB
    yield Target(
        "memory of a worker's processes, shared pages counted once",
        peer="none",
        target=f"under {CONTAINER_MIB} MiB",
        measured=f"{most:.0f} MiB; the largest process {max(one.largest for one in samplers) / MIB:.0f}",
        met=most < CONTAINER_MIB,
    )
    p99, longest = _percentile(client.latencies, 0.99), max(client.latencies)
    beside, beside_longest = _percentile(client.beside, 0.99), max(client.beside)
    count, failed_requests = len(client.latencies), client.errors.total()
    yield Target(
        "an innocent client's requests, p99",
        peer=f"an API without jobs: {beside:.3f} s, at most {beside_longest:.2f} s",
        target=f"under {MOST_SECONDS:g} s, none failed",
        measured=f"{p99:.3f} s of {count:,}, at most {longest:.2f} s; failed: {failed_requests}",
        met=p99 < MOST_SECONDS and not client.errors,
    )
    failed = [one for one in client.jobs if one.state != "STATE_DONE"]
    yield Target(
        "an innocent client's jobs",
        peer="none",
        target="all done",
        measured=f"{len(client.jobs) - len(failed)} of {len(client.jobs)}",
        met=not failed,
    )
    endless = [one.name for one in ended if one.state not in ("STATE_DONE", "STATE_ERROR")]
    unclear = [one.name for one in ended if one.state == "STATE_ERROR" and not one.reason]
    good = len(ended) - len(endless) - len(unclear)
    yield Target(
        "hostile jobs",
        peer="none",
        target=f"each ends with a book or a reason, within {LONGEST_JOB:,} s",
        measured=f"{good} of {len(ended)}, the last after {slowest[0].seconds:.0f} s; {', '.join(endless + unclear)}",
        met=not endless and not unclear,
    )


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
