"""Reading order of sites with several sidebars, of blogs and of wikis, against the order of their sources.

The sites are built by hand: ``tests/bench/sites/build.sh ordered-all DIR``. ``ARGS="sites=DIR"`` names the directory
that holds them. Manuals are read from the directory; blogs and wikis are served, wikis by their own software, and the
command line makes books of them. Manuals and wikis are ordered 20 times more with another page missing,
never one that alone lists others: their order goes with it.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from bench.kit.parts import Cell, Part, Table, Target, say
from bench.reading_order import LEAST, book, crawled, extracted, least_with_one_missing, tau
from sitebookify.book.extract.body import parse_page
from sitebookify.book.model import Page
from support.documentation import built
from support.site import Site

_HOST = "https://site.example/"


def measure(*, sites: str = "") -> Iterator[Part]:
    """Every site in the directory ``sites``; none without one."""
    rows: list[list[Cell]] = []
    for source in sorted(Path(sites).glob("*/order.json")) if sites else []:
        say(source.parent.name)
        wanted = json.loads(source.read_text())
        count, whole, least = _ROWS[wanted["kind"]](
            source.parent / "site", wanted["paths"], wanted.get("only_lists", [])
        )
        rows.append([source.parent.name, count, f"{whole:.4f}", f"{least:.4f}" if least is not None else "-"])
        lowest = whole if least is None else min(whole, least)
        target = f"tau at least {LEAST}"
        yield Target(
            f"reading order, {source.parent.name}",
            peer="its source",
            target=target,
            measured=f"{lowest:.4f}",
            met=lowest >= LEAST,
        )
    yield Table("reading order beside the sources", ["site", "pages", "tau", "least with a page missing"], rows)


def _manual(site: Path, paths: Sequence[str], only_lists: Sequence[str]) -> tuple[int, float, float | None]:
    """How many pages there are, tau, and the lowest tau where one page is missing."""
    pages = extracted(crawled(site / "index.html", site))
    want = [url for path in paths if (url := _found(_HOST + path, pages))]
    return (
        len(want),
        tau(want, book(pages)),
        least_with_one_missing(want, pages, {_found(_HOST + path, pages) for path in only_lists}),
    )


def _found(url: str, pages: dict[str, Page]) -> str:
    spellings = (url, url.removesuffix("index.html"), url.removesuffix(".html"))
    return next((each for each in spellings if each in pages), "")


def _blog(site: Path, paths: Sequence[str], _only_lists: Sequence[str]) -> tuple[int, float, float | None]:
    """How many posts are in the book, and their tau; 0 where a list of posts is a chapter, or a post is missing."""
    with Site(site) as served:
        have = _built_paths(served.url("/"))
    return len(have), _exact_tau(paths, have), None


def _wiki(site: Path, paths: Sequence[str], only_lists: Sequence[str]) -> tuple[int, float, float | None]:
    """As of a blog; and the lowest tau of the articles alone where one is missing."""
    with _php(site) as root:
        have = _built_paths(root)
        texts = _articles(root, paths)
    wanted = [_HOST + path for path in paths]
    pages = extracted(texts)
    return (
        len(have),
        _exact_tau(paths, have),
        least_with_one_missing(wanted, pages, {_HOST + path for path in only_lists}),
    )


def _built_paths(root: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        out = built(root, Path(folder) / "book")
        rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    return [row["url"].removeprefix(root) for row in rows]


def _exact_tau(paths: Sequence[str], have: Sequence[str]) -> float:
    if sorted(have) != sorted(paths):
        say(f"{sorted(set(have) ^ set(paths))[:8]}")
        return 0.0
    return tau(paths, have)


@contextlib.contextmanager
def _php(site: Path) -> Iterator[str]:
    """The root URL of a site that PHP's own server serves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)  # until PHP listens
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def _articles(root: str, paths: Sequence[str]) -> dict[str, str]:
    """HTML of the wiki's articles by URL, breadth first along their links, as if they came from the bench's host."""
    wanted = {root + path for path in paths}
    first = root + paths[0]
    texts: dict[str, str] = {}
    queue, seen = deque([first]), {first}
    while queue:
        url = queue.popleft()
        with urlopen(url, timeout=60) as answer:
            text = answer.read().decode()
        texts[url.replace(root, _HOST)] = text.replace(root, _HOST)
        for link in parse_page(text).iter("a"):
            target = urljoin(url, link.get("href") or "").partition("#")[0]
            if target in wanted and target not in seen:
                seen.add(target)
                queue.append(target)
    return texts


_ROWS = {"manual": _manual, "blog": _blog, "wiki": _wiki}
