"""What all pages together say of their order, compact enough for a large site."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sitebookify.book.contents.chapter_numbers import is_numbered
from sitebookify.book.links import PageIndex
from sitebookify.book.model import Link, Page, PageLinks
from sitebookify.book.urls import MAX_LENGTH

_MOST_ENTRIES = 4_000_000
"""Entries of all lists together; an entry takes 5 bytes."""
_MOST_LABELS = 100_000
_MOST_CHARACTERS = 8_000_000
"""Of the URLs together that labels stand for: 100,000 of 80 characters each."""
_LONGEST_TEXT = 300
"""Characters of a link's text or a label, which may be a page's whole text."""
_DEEPEST = 100
"""Depth of an entry at most: depths are kept as signed bytes."""
_SHORT = 40
"""Entries of a list that may be the top navigation: it keeps the places of pages that are missing."""
_CACHED_LISTS, _CACHED_URLS = 8, 10_000
"""Most pages of a site have the same menu: it is read once, and its links are looked up once."""


@dataclass(frozen=True, slots=True)
class LinkList:
    """One list of links.

    ``owner`` is the page whose content the list is part of, None for a list around the content. ``nodes`` are numbers
    of pages, or negative for labels, each ``depths`` levels deep; ``pages`` is how many of them are pages. ``shown``
    are the pages that show a list around their content.
    """

    owner: int | None
    nodes: array[int]
    depths: array[int]
    pages: int
    shown: array[int] = field(default_factory=lambda: array("i"))


@dataclass(slots=True)
class Evidence:
    """Pages by their number in crawl order; ``next``, ``prev`` and ``up`` map page to page.

    ``around`` counts for each page the pages that link to it in a list around their content. ``names`` has a text of
    links to each page, ``numbered`` one that seems to begin with a chapter number. ``missing`` are the URLs of labels
    that stand for pages that are not in the book. ``listed`` is True if the pages come in the order of a list
    (`llms.txt`, a list of URLs); that order decides where nothing else does. ``days`` are the dates that pages give for
    themselves (YYYY-MM-DD). ``beyond`` counts lists and labels that were left out because there were too many.
    """

    count: int
    listed: bool = False
    beyond: int = 0
    lists: list[LinkList] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    around: Counter[int] = field(default_factory=Counter)
    names: dict[int, str] = field(default_factory=dict)
    numbered: dict[int, str] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)
    next: dict[int, int] = field(default_factory=dict)
    prev: dict[int, int] = field(default_factory=dict)
    up: dict[int, int] = field(default_factory=dict)
    days: dict[int, str] = field(default_factory=dict)


class EvidenceCollector:
    """Collects the evidence page by page."""

    def __init__(self, urls: Sequence[str], index: PageIndex) -> None:
        self._numbers = {url: number for number, url in enumerate(urls)}
        self._index = index
        self._lists: dict[tuple[int | None, bytes, bytes], LinkList] = {}
        self._next_of: dict[str, int] = {}
        self._prev_of: dict[str, int] = {}
        self._label_numbers: dict[str, int] = {}
        self._entries = 0
        self._characters = 0
        self._read_list = lru_cache(maxsize=_CACHED_LISTS)(self._read)
        self._page_number = lru_cache(maxsize=_CACHED_URLS)(self._find)
        self.evidence = Evidence(len(urls))

    def add(self, number: int, page: Page | PageLinks) -> None:
        """Add what the page with this number says."""
        around: set[int] = set()
        for inside, entries in page.nav:
            owner = number if inside else None
            pages = self._add_list(owner, entries, number)
            if not inside:
                around |= pages
        self.evidence.around.update(around)
        for relation in ("next", "prev", "up"):
            target = self._page_number(getattr(page, relation))
            if target is not None and target != number:
                getattr(self.evidence, relation)[number] = target
        self._bridge(number, page)

    def add_shared(self, lists: Iterable[tuple[Link, ...]]) -> None:
        """Add lists that every page shows around its content."""
        count = self.evidence.count
        for entries in lists:
            nodes, depths, pages = self._read(entries)
            if len(pages) < 2 or self._entries > _MOST_ENTRIES:
                continue
            everywhere = array("i", range(count))
            self.evidence.lists.append(LinkList(None, nodes, depths, len(pages), everywhere))
            self._entries += len(nodes) + count
            self.evidence.around.update(dict.fromkeys(pages, count))

    def _bridge(self, number: int, page: Page | PageLinks) -> None:
        """Join the pages before and after one that is missing: one names it as its next, the other as its previous."""
        if self._is_missing(page.next):
            self._next_of[page.next] = number
        if self._is_missing(page.prev):
            self._prev_of[page.prev] = number
        for missing in (page.next, page.prev):
            before, after = self._next_of.get(missing), self._prev_of.get(missing)
            if before is not None and after is not None and before != after:
                self.evidence.next[before] = after

    def _is_missing(self, url: str) -> bool:
        """True for the URL of a page that is not in the book."""
        return 0 < len(url) <= MAX_LENGTH and self._page_number(url) is None

    def _add_list(self, owner: int | None, entries: tuple[Link, ...], number: int) -> frozenset[int]:
        """Keep the list, unless it is of no use or a repetition; the pages that it links to."""
        nodes, depths, pages = self._read_list(entries)
        key = (owner, nodes.tobytes(), depths.tobytes())
        links = self._lists.get(key)
        full = self._entries > _MOST_ENTRIES
        if links is None and len(pages) > 1:
            if full:
                self.evidence.beyond += 1
                return pages
            links = LinkList(owner, nodes, depths, len(pages))
            self._lists[key] = links
            self._entries += len(nodes)
            self.evidence.lists.append(links)
        if links is not None and owner is None and not full:
            links.shown.append(number)
            self._entries += 1
        return pages

    def _read(self, entries: tuple[Link, ...]) -> tuple[array[int], array[int], frozenset[int]]:
        """The list's nodes and depths, see `LinkList`, and the pages that it links to."""
        nodes = array("i")
        depths = array("b")
        pages: set[int] = set()
        short = len(entries) <= _SHORT
        for place, (url, whole, depth) in enumerate(entries):
            text = whole[:_LONGEST_TEXT]
            node = self._page_number(url) if url else self._label_number(text)
            if node is None and url and (short or (place + 1 < len(entries) and entries[place + 1][2] > depth)):
                node = self._label_number(text, url)  # a page that is missing still stands above those below it
            if node is not None and node >= 0:
                self.evidence.names.setdefault(node, text)
                if is_numbered(text):
                    self.evidence.numbered.setdefault(node, text)
            if node is None or node in pages:
                continue
            nodes.append(node)
            depths.append(min(depth, _DEEPEST))
            if node >= 0:
                pages.add(node)
        return nodes, depths, frozenset(pages)

    def _find(self, url: str) -> int | None:
        match = self._index.find(url) if url else None
        if match is None:
            return None
        page, _fragment = match
        return self._numbers.get(page)

    def _label_number(self, text: str, missing: str = "") -> int | None:
        """Labels count downwards from -1; None for one more than there may be.

        ``missing`` is the URL of the page that the label stands for.
        """
        number = self._label_numbers.get(text)
        if number is None:
            if len(self._label_numbers) == _MOST_LABELS:
                self.evidence.beyond += 1
                return None
            number = -len(self._label_numbers) - 1
            self._label_numbers[text] = number
            self.evidence.labels.append(text)
        if missing and number not in self.evidence.missing and self._characters < _MOST_CHARACTERS:
            self._characters += len(missing)
            self.evidence.missing[number] = missing
        return number
