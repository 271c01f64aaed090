"""Reading order against the sites' own: Kendall's tau of the book's pages and the chain of next links.

Pages are taken breadth first from the start page, as the crawler does. In the second column of taus the pages' next
and previous links are kept from the code under test, so that it has nothing but lists and paths. In the third, the
lowest of 20 runs, another page is missing each time. One site alone:
``ARGS="site=NAME"`` of `support.documentation`, or a folder whose start page is ``index.html``, or the start page.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import structs

from bench.kit.parts import Cell, Part, Table, Target, say
from sitebookify.book.contents.evidence import EvidenceCollector
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.sampling import sample
from sitebookify.book.extract.saved import read
from sitebookify.book.html.addresses import base_of, page_of
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Page
from support.documentation import SITES

NAMES = ("rust-book", "python-tutorial", "python-library", "debian-reference-ja", "postgresql", "celery")
LEAST = 0.98
"""Tau that is aimed at."""
MISSING = 20
"""Pages of which another one is missing each time."""
_HOST = "https://site.example/"
_NEXT = re.compile(r"\b(?:next)\b")


def crawled(start: Path, scope: Path) -> dict[str, str]:
    """HTML of the pages under ``scope`` that links lead to, by URL, breadth first."""
    first = _HOST + start.relative_to(scope).as_posix()
    pages: dict[str, str] = {}
    queue, seen = deque([first]), {first}
    while queue:
        url = queue.popleft()
        path = scope / unquote(urlsplit(url).path.lstrip("/"))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in (".html", ".htm") or not path.is_file():
            continue
        pages[url] = text = read(path)
        for link in parse_page(text).iter("a"):
            target = page_of(urljoin(url, link.get("href") or ""))
            if target.startswith(_HOST) and target not in seen:
                seen.add(target)
                queue.append(target)
    return pages


def chain(pages: dict[str, str]) -> list[str]:
    """The pages in the order of the site's own next links: the longest such chain."""
    ways = {url: target for url, text in pages.items() if (target := _next(url, text)) in pages}
    best: list[str] = []
    for start in [url for url in pages if url not in set(ways.values())] or list(pages)[:1]:
        found = [start]
        while (following := ways.get(found[-1])) and following not in found:
            found.append(following)
        best = max(best, found, key=len)
    return best


def _next(url: str, text: str) -> str:
    document = parse_page(text)
    for link in document.iter("link", "a"):
        said = f"{link.get('rel') or ''} {link.get('class') or ''}" if link.tag == "a" else link.get("rel") or ""
        if _NEXT.search(said) or link.get("accesskey") == "n":
            return page_of(urljoin(url, link.get("href") or ""))
    return ""


def extracted(pages: Mapping[str, str]) -> dict[str, Page]:
    """What the book takes from each page, by URL."""
    documents = [(url, parse_page(text)) for url, text in sample(list(pages.items()))]
    profile = learn([(base_of(document, url), document) for url, document in documents])
    return {url: Page.unpack(extract_page(text, url, profile).packed) for url, text in pages.items()}


def book(pages: Mapping[str, Page]) -> list[str]:
    """The pages in the book's order."""
    urls = list(pages)
    collector = EvidenceCollector(urls, PageIndex(urls, {}))
    for number, page in enumerate(pages.values()):
        collector.add(number, page)
    tree = ordered(collector.evidence, urls)
    return [urls[node.page] for node in tree.root.walk() if node.page is not None]


def without_neighbours(pages: Mapping[str, Page]) -> dict[str, Page]:
    """The pages without their next and previous links."""
    return {url: structs.replace(page, next="", prev="") for url, page in pages.items()}


def least_with_one_missing(
    want: Sequence[str], pages: Mapping[str, Page], never: Collection[str] = frozenset()
) -> float:
    """The lowest tau of books that lack one of 20 random pages, never the start page: without it there is no book."""
    start = next(iter(pages))
    others = [url for url in want if url != start and url not in never]
    missing = random.Random(1).sample(others, min(MISSING, len(others)))
    return min(_tau_without(gone, want, pages) for gone in missing)


def _tau_without(gone: str, want: Sequence[str], pages: Mapping[str, Page]) -> float:
    rest = {url: page for url, page in pages.items() if url != gone}
    return tau([url for url in want if url != gone], book(rest))


def tau(want: Sequence[Hashable], have: Sequence[Hashable]) -> float:
    """Kendall's tau over the pages of ``want``: 1 for the same order, -1 for the reverse."""
    places = {url: place for place, url in enumerate(have)}
    ranks = [places[url] for url in want]
    pairs = len(ranks) * (len(ranks) - 1) / 2
    return 1 - 2 * _inversions(ranks) / pairs if pairs else 1.0


def _inversions(ranks: list[int]) -> int:
    """Pairs in the wrong order, by merge sort."""
    if len(ranks) < 2:
        return 0
    half = len(ranks) // 2
    left, right = ranks[:half], ranks[half:]
    count = _inversions(left) + _inversions(right)
    ranks[:] = []
    while left and right:
        if left[0] <= right[0]:
            ranks.append(left.pop(0))
        else:
            count += len(left)
            ranks.append(right.pop(0))
    ranks += left + right
    return count


def measure(*, site: str = "") -> Iterator[Part]:
    """One site, or those whose pages have next links."""
    found = [_row(name) for name in ([site] if site else NAMES)]
    columns = [
        "site",
        "pages",
        "in the chain",
        "each page once",
        "tau",
        "tau without next links",
        "with a page missing",
    ]
    rows: list[list[Cell]] = [[*row[:4], *(f"{value:.4f}" for value in row[4:])] for row in found]
    yield Table("reading order beside the site's own", columns, rows)
    for row in found:
        what = f"reading order, {row[0]}, also with any page missing"
        lowest = min(row[4], row[6])
        met = lowest >= LEAST and row[3] == "yes"
        yield Target(what, peer="the site's own", target=f"tau at least {LEAST}", measured=f"{lowest:.4f}", met=met)


def _row(name: str) -> tuple[str, int, int, str, float, float, float]:
    say(name)
    start = SITES[name].file if name in SITES else Path(name)
    start = start / "index.html" if start.is_dir() else start
    texts = crawled(start, start.parent)
    want = chain(texts)
    pages = extracted(texts)
    have = book(pages)
    bare = book(without_neighbours(pages))
    once = "yes" if sorted(have) == sorted(bare) == sorted(pages) else "no"
    least = least_with_one_missing(want, pages)
    return name, len(pages), len(want), once, tau(want, have), tau(want, bare), least
