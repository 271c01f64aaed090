"""Reading order of sites with several sidebars, and of blogs, against the order of their sources.

The sites are built by hand: ``tests/bench/sites/build.sh`` with ``ordered``. ``ARGS="sites=DIR"`` names the directory
that holds them. Manuals are read from the directory, each 20 times more with another page missing; blogs are served,
and the command line makes books of them.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.kit.parts import Cell, Part, Table, Target, say
from bench.reading_order import LEAST, crawled, tau
from sitebookify.book.contents.evidence import EvidenceCollector
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.sampling import sample
from sitebookify.book.html.addresses import base_of
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Page
from support.documentation import built
from support.site import Site

_MISSING = 20
_HOST = "https://site.example/"


def measure(*, sites: str = "") -> Iterator[Part]:
    """Every site in the directory ``sites``; none without one."""
    rows: list[list[Cell]] = []
    for source in sorted(Path(sites).glob("*/order.json")) if sites else []:
        say(source.parent.name)
        wanted = json.loads(source.read_text())
        row = _blog if wanted["kind"] == "blog" else _manual
        count, whole, least = row(source.parent / "site", wanted["paths"])
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


def _manual(site: Path, paths: Sequence[str]) -> tuple[int, float, float | None]:
    """How many pages there are, tau, and the lowest tau where one page is missing."""
    texts = crawled(site / "index.html", site)
    documents = [(url, parse_page(text)) for url, text in sample(list(texts.items()))]
    profile = learn([(base_of(document, url), document) for url, document in documents])
    pages = {url: Page.unpack(extract_page(text, url, profile).packed) for url, text in texts.items()}
    wanted = [url for path in paths if (url := _found(_HOST + path, pages))]
    missing = random.Random(1).sample(wanted[1:], min(_MISSING, len(wanted) - 1))
    taus = [_tau(wanted, {url: page for url, page in pages.items() if url != gone}) for gone in missing]
    return len(wanted), _tau(wanted, pages), min(taus)


def _found(url: str, pages: dict[str, Page]) -> str:
    spellings = (url, url.removesuffix("index.html"), url.removesuffix(".html"))
    return next((each for each in spellings if each in pages), "")


def _tau(wanted: Sequence[str], pages: dict[str, Page]) -> float:
    urls = list(pages)
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, page in enumerate(pages.values()):
        collector.add(number, page)
    nodes = ordered(collector.evidence, urls).root.walk()
    return tau([url for url in wanted if url in pages], [urls[node.page] for node in nodes if node.page is not None])


def _blog(site: Path, paths: Sequence[str]) -> tuple[int, float, float | None]:
    """How many posts are in the book, and their tau; 0 where a list of posts is a chapter, or a post is missing."""
    with Site(site) as served, tempfile.TemporaryDirectory() as folder:
        out = built(served.url("/"), Path(folder) / "book")
        rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
        have = [row["url"].removeprefix(served.url("/")) for row in rows]
    if sorted(have) != sorted(paths):
        say(f"{sorted(set(have) ^ set(paths))[:8]}")
        return len(have), 0.0, None
    return len(have), tau(paths, have), None
