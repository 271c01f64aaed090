"""Copies: pages that are another page under a second URL, and pages that repeat many others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain, islice

from sitebookify.book.crawl.crawled_page import SKETCH_SIZE, Sketch

SAME = 0.9
"""Share of common blocks from which two pages of one name are the same, or one is contained in the other."""
COVERED = 0.8
"""Share of a page's blocks that other pages hold, and of those that only one of them holds, where it repeats them."""
FEWEST_PARTS = 3
_FEWEST_BLOCKS = 4  # by fewer a page is not judged
_LEARNED = 64  # pages from which the site's boilerplate is learned
_LEARNED_FROM = 8  # fewer pages say nothing about what is boilerplate
_REMEMBERED = 4 * 2**20
"""Bytes of blocks that are kept in memory, so that a thousand usual pages need not be read again at the end."""
_COMPARED = 200  # pages of one name that a new one is compared with: a site may name all its pages alike


class Copies:
    """The sketches of the pages kept so far, by URL, in the order they were kept.

    Blocks that more than half of the first 64 pages have are boilerplate and say nothing: otherwise short pages
    in much furniture would pass for copies.
    """

    def __init__(self) -> None:
        self.by_url: dict[str, Sketch] = {}
        self.blocks: dict[str, bytes] = {}
        self._remembered = 0
        self._by_text: dict[int, str] = {}
        self._by_name: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._learned: Counter[int] = Counter()
        self._boilerplate: frozenset[int] = frozenset()

    def add(self, url: str, sketch: Sketch) -> None:
        """Remember a kept page."""
        if len(self.by_url) < _LEARNED:
            self._learn(sketch, len(self.by_url) + 1)
        self.by_url[url] = sketch
        self._by_text.setdefault(sketch.text, url)
        self._by_name[sketch.name][url] = None

    def forget(self, url: str) -> None:
        """Forget a page that is no longer kept: nothing is its copy."""
        sketch = self.by_url.pop(url)
        self.blocks.pop(url, None)
        if self._by_text.get(sketch.text) == url:
            del self._by_text[sketch.text]
        self._by_name[sketch.name].pop(url, None)

    def remember(self, url: str, blocks: bytes) -> None:
        """Cache a kept page's blocks (`Document.blocks`) if there is room; they are no part of a crawl's state."""
        if self._remembered + len(blocks) <= _REMEMBERED:
            self.blocks[url] = blocks
            self._remembered += len(blocks)

    def original(self, sketch: Sketch) -> str | None:
        """The kept page this is a copy of: all its text is, or title, first heading and nearly all blocks are."""
        same_text = self._by_text.get(sketch.text)
        if same_text or not sketch.name:
            return same_text
        latest = list(islice(reversed(self._by_name[sketch.name]), _COMPARED))
        return next((url for url in reversed(latest) if self._resemble(self.by_url[url], sketch)), None)

    def is_missing_page(self, sketch: Sketch, missing: Sketch) -> bool:
        """True where this is what the site shows for a page that does not exist."""
        if sketch.text == missing.text:
            return True
        if not sketch.name or sketch.name != missing.name:
            return False
        return max(sketch.blocks, missing.blocks) < _FEWEST_BLOCKS or self._resemble(sketch, missing)

    def longest(self, times_median: int, most: int) -> list[str]:
        """The pages that have more blocks than so many times the median, longest first."""
        counts = sorted(sketch.blocks for sketch in self.by_url.values())
        bound = times_median * counts[len(counts) // 2] if counts else 0
        urls = [url for url, sketch in self.by_url.items() if sketch.blocks > bound]
        return sorted(urls, key=lambda url: -self.by_url[url].blocks)[:most]

    def parts(self, url: str, blocks: AbstractSet[int], others: Iterable[str]) -> list[str]:
        """The other pages that this one seems to consist of, by their sketches; maybe none.

        Nearly all their own blocks are among its ``blocks``, and they share few with each other.
        """
        parts = []
        for other in others:
            own = self._own(self.by_url[other])
            if other != url and own and len(own & blocks) >= SAME * len(own):
                parts.append(other)
        return parts if self._apart(parts) else []

    def _apart(self, urls: list[str]) -> bool:
        """True where the sketches of these pages have few blocks in common: it spares reading sisters again."""
        counts = Counter(chain.from_iterable(self._own(self.by_url[url]) for url in urls))
        return sum(count == 1 for count in counts.values()) >= COVERED * len(counts)

    def _learn(self, sketch: Sketch, pages: int) -> None:
        self._learned.update(sketch.smallest)
        if pages >= _LEARNED_FROM:
            self._boilerplate = frozenset(block for block, count in self._learned.items() if count > pages / 2)

    def _resemble(self, one: Sketch, other: Sketch) -> bool:
        mine, yours = self._own(one), self._own(other)
        union = sorted(mine | yours)[:SKETCH_SIZE]
        common = mine & yours
        return len(union) >= _FEWEST_BLOCKS and sum(block in common for block in union) >= SAME * len(union)

    def _own(self, sketch: Sketch) -> set[int]:
        return set(sketch.smallest) - self._boilerplate


def is_concatenation(whole: AbstractSet[int], parts: Iterable[AbstractSet[int]]) -> bool:
    """True where a page of these blocks is little but other pages, one after another.

    At least three of them hold four fifths of it, none holds half, and four fifths of what they hold is held by one
    alone. The last tells a print-all page from reference pages that share most of their text with each other, such as
    those of Rust's integer types.
    """
    common = [whole & part for part in parts]
    if len(common) < FEWEST_PARTS or max(map(len, common)) * 2 >= len(whole):
        return False
    counts = Counter(chain.from_iterable(common))
    once = sum(count == 1 for count in counts.values())
    return len(counts) >= COVERED * len(whole) and once >= COVERED * len(counts)
