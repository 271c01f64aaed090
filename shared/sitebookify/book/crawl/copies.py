"""Copies: pages that are another page under a second URL, and pages that repeat many others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from sitebookify.book.crawl.sketch import K, Sketch

SAME = 0.9
"""Share of common blocks from which two pages of one name are the same, or one is contained in the other."""
COVERED = 0.8
"""Share of a page's blocks that the pages contained in it must account for, before it counts as their repetition."""
FEWEST_PARTS = 3
_FEWEST_BLOCKS = 4  # by fewer a page is not judged
_LEARNED = 64  # pages from which the site's boilerplate is learned
_LEARNED_FROM = 8  # fewer pages say nothing about what is boilerplate
_COMPARED = 200  # pages of one name that a new one is compared with: a site may name all its pages alike


class Copies:
    """The sketches of the pages kept so far, by URL, in the order they were kept.

    Blocks that more than half of the first 64 pages have are boilerplate and say nothing: otherwise short pages
    in much furniture would pass for copies.
    """

    def __init__(self) -> None:
        self.by_url: dict[str, Sketch] = {}
        self._by_text: dict[int, str] = {}
        self._by_name: defaultdict[int, list[str]] = defaultdict(list)
        self._learned: Counter[int] = Counter()
        self._boilerplate: frozenset[int] = frozenset()

    def add(self, url: str, sketch: Sketch) -> None:
        """Remember a kept page."""
        if len(self.by_url) < _LEARNED:
            self._learn(sketch, len(self.by_url) + 1)
        self.by_url[url] = sketch
        self._by_text.setdefault(sketch.text, url)
        self._by_name[sketch.name].append(url)

    def original(self, sketch: Sketch) -> str | None:
        """The kept page this is a copy of: all its text is, or title, first heading and nearly all blocks are."""
        if known := self._by_text.get(sketch.text):
            return known
        namesakes = self._by_name[sketch.name][-_COMPARED:] if sketch.name else []
        return next((url for url in namesakes if self._resemble(self.by_url[url], sketch)), None)

    def is_missing_page(self, sketch: Sketch, missing: Sketch) -> bool:
        """True where this is what the site shows for a page that does not exist."""
        if sketch.text == missing.text:
            return True
        tiny = max(sketch.blocks, missing.blocks) < _FEWEST_BLOCKS
        return bool(sketch.name) and sketch.name == missing.name and (tiny or self._resemble(sketch, missing))

    def longest(self, times_median: int, most: int) -> list[str]:
        """The pages that have more blocks than so many times the median, longest first."""
        counts = sorted(sketch.blocks for sketch in self.by_url.values())
        bound = times_median * counts[len(counts) // 2] if counts else 0
        found = [url for url, sketch in self.by_url.items() if sketch.blocks > bound]
        return sorted(found, key=lambda url: -self.by_url[url].blocks)[:most]

    def repeats_others(self, url: str, blocks: Collection[int], others: Collection[str]) -> bool:
        """True where the page of these blocks (all of them) holds little but what at least three other pages hold."""
        own = set(blocks) - self._boilerplate
        sizes = list(self._parts(url, own, others))
        return len(sizes) >= FEWEST_PARTS and sum(sizes) >= COVERED * len(own)

    def _learn(self, sketch: Sketch, pages: int) -> None:
        self._learned.update(sketch.smallest)
        if pages >= _LEARNED_FROM:
            self._boilerplate = frozenset(block for block, count in self._learned.items() if count > pages / 2)

    def _parts(self, url: str, blocks: set[int], others: Collection[str]) -> Iterator[float]:
        """How many blocks of its own each other page has that is contained in these."""
        for other in others:
            sketch = self.by_url[other]
            own = self._own(sketch)
            if other != url and own and sum(block in blocks for block in own) >= SAME * len(own):
                yield sketch.blocks * len(own) / len(sketch.smallest)

    def _resemble(self, one: Sketch, other: Sketch) -> bool:
        mine, yours = self._own(one), self._own(other)
        union = sorted(mine | yours)[:K]
        common = mine & yours
        return len(union) >= _FEWEST_BLOCKS and sum(block in common for block in union) >= SAME * len(union)

    def _own(self, sketch: Sketch) -> set[int]:
        return set(sketch.smallest) - self._boilerplate
