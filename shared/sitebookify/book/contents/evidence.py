"""What all pages together say of their order, compact enough for a large site."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

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
    """One list of links: of a page's content, or a menu around the content (a sidebar, the navigation, a footer).

    ``owner`` is the page whose content the list is part of, None for a menu. ``nodes`` are numbers of pages, or
    negative for labels, each ``depths`` levels deep; ``page_count`` is how many of them are pages. ``shown_on`` are the
    pages that show a menu.
    """

    owner: int | None
    nodes: array[int]
    depths: array[int]
    page_count: int
    shown_on: array[int] = field(default_factory=lambda: array("i"))

    @property
    def is_menu(self) -> bool:
        """True for a list around the content."""
        return self.owner is None

    @property
    def contents_of(self) -> int | None:
        """The page that the list belongs to: the start page also has the menus that no other page shows."""
        only_on_start = self.is_menu and len(self.shown_on) == 1 and self.shown_on[0] == 0
        return 0 if only_on_start else self.owner

    def pages(self) -> list[int]:
        """The pages among the nodes."""
        return [node for node in self.nodes if node >= 0]


@dataclass(slots=True)
class Evidence:
    """Pages by their number in crawl order; ``next``, ``prev`` and ``up`` map page to page.

    ``menu_links`` counts for each page the pages that link to it in a menu. ``link_texts`` has a text of links to each
    page, ``numbered_texts`` one that seems to begin with a chapter number. ``missing`` are the URLs of labels that
    stand for pages that are not in the book. ``listed`` is True if the pages come in the order of a list (`llms.txt`, a
    list of URLs); that order decides where nothing else does. ``days`` are the dates that pages give for themselves
    (YYYY-MM-DD). ``beyond`` counts lists and labels that were left out because there were too many.
    """

    count: int
    listed: bool = False
    beyond: int = 0
    lists: list[LinkList] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    menu_links: Counter[int] = field(default_factory=Counter)
    link_texts: dict[int, str] = field(default_factory=dict)
    numbered_texts: dict[int, str] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)
    next: dict[int, int] = field(default_factory=dict)
    prev: dict[int, int] = field(default_factory=dict)
    up: dict[int, int] = field(default_factory=dict)
    days: dict[int, str] = field(default_factory=dict)

    def label(self, node: int) -> str:
        """The text of a label by its number, which is negative."""
        return self.labels[-node - 1]


@dataclass(frozen=True, slots=True)
class _Entries:
    """A list's ``nodes`` and ``depths``, see `LinkList`, and the ``pages`` that it links to."""

    nodes: array[int]
    depths: array[int]
    pages: frozenset[int]


class EvidenceCollector:
    """Collects the evidence page by page."""

    def __init__(self, urls: Sequence[str], index: PageIndex) -> None:
        self._numbers = {url: number for number, url in enumerate(urls)}
        self._index = index
        self._lists: dict[tuple[int | None, bytes, bytes], LinkList] = {}
        self._next_of: dict[str, int] = {}
        self._prev_of: dict[str, int] = {}
        self._label_numbers: dict[str, int] = {}
        self._entry_count = 0
        self._characters = 0
        self._read_list = lru_cache(maxsize=_CACHED_LISTS)(self._read)
        self._page_number = lru_cache(maxsize=_CACHED_URLS)(self._find)
        self.evidence = Evidence(len(urls))

    def add(self, number: int, page: Page | PageLinks) -> None:
        """Add what the page with this number says."""
        in_menus: set[int] = set()
        for is_content, links in page.nav:
            entries = self._read_list(links)
            if is_content:
                self._add_list(number, entries, number)
            else:
                self._add_list(None, entries, number)
                in_menus |= entries.pages
        self.evidence.menu_links.update(in_menus)
        for relation in ("next", "prev", "up"):
            target = self._page_number(getattr(page, relation))
            if target is not None and target != number:
                getattr(self.evidence, relation)[number] = target
        self._bridge(number, page)

    def add_shared(self, menus: Iterable[tuple[Link, ...]]) -> None:
        """Add menus that every page shows."""
        count = self.evidence.count
        for links in menus:
            entries = self._read(links)
            if len(entries.pages) < 2 or self._entry_count > _MOST_ENTRIES:
                continue
            menu = self._new_list(None, entries)
            menu.shown_on.extend(range(count))
            self._entry_count += count
            self.evidence.menu_links.update(dict.fromkeys(entries.pages, count))

    def _bridge(self, number: int, page: Page | PageLinks) -> None:
        """Join the pages before and after one that is missing: one names it as its next, the other as its previous."""
        if self._is_missing(page.next):
            self._next_of[page.next] = number
        if self._is_missing(page.prev):
            self._prev_of[page.prev] = number
        for missing in (page.next, page.prev):
            before = self._next_of.get(missing)
            after = self._prev_of.get(missing)
            if before is not None and after is not None and before != after:
                self.evidence.next[before] = after

    def _is_missing(self, url: str) -> bool:
        """True for the URL of a page that is not in the book."""
        return 0 < len(url) <= MAX_LENGTH and self._page_number(url) is None

    def _add_list(self, owner: int | None, entries: _Entries, number: int) -> None:
        """Keep the list that the page with this number shows, unless it is of no use or a repetition."""
        if len(entries.pages) < 2:
            return
        key = (owner, entries.nodes.tobytes(), entries.depths.tobytes())
        links = self._lists.get(key)
        if self._entry_count > _MOST_ENTRIES:
            self.evidence.beyond += links is None
            return
        if links is None:
            links = self._lists[key] = self._new_list(owner, entries)
        if links.is_menu:
            links.shown_on.append(number)
            self._entry_count += 1

    def _new_list(self, owner: int | None, entries: _Entries) -> LinkList:
        links = LinkList(owner, entries.nodes, entries.depths, len(entries.pages))
        self.evidence.lists.append(links)
        self._entry_count += len(entries.nodes)
        return links

    def _read(self, links: tuple[Link, ...]) -> _Entries:
        nodes = array("i")
        depths = array("b")
        pages: set[int] = set()
        is_short = len(links) <= _SHORT
        for (url, text, depth), following in zip_longest(links, links[1:]):
            stands_above = following is not None and following[2] > depth
            node = self._node(url, text[:_LONGEST_TEXT], keep_missing=is_short or stands_above)
            if node is None or node in pages:
                continue
            nodes.append(node)
            depths.append(min(depth, _DEEPEST))
            if node >= 0:
                pages.add(node)
        return _Entries(nodes, depths, frozenset(pages))

    def _node(self, url: str, text: str, *, keep_missing: bool) -> int | None:
        """The number of an entry's page or label; None where its page is missing and is not to be kept as a label."""
        if not url:
            return self._label_number(text)
        page = self._page_number(url)
        if page is None:
            return self._label_number(text, url) if keep_missing else None
        self.evidence.link_texts.setdefault(page, text)
        if is_numbered(text):
            self.evidence.numbered_texts.setdefault(page, text)
        return page

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
