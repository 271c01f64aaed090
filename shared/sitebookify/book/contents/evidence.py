"""What all pages together say of their order, small enough to be held for a large site."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sitebookify.book.links import PageIndex
from sitebookify.book.model import Page

_MOST_ENTRIES = 4_000_000
"""Entries of lists kept in all, 8 bytes each."""


@dataclass(frozen=True, slots=True)
class LinkList:
    """One list of links. ``owner`` is the page whose content it is part of, None for a list around the content.

    ``nodes`` are numbers of pages, or negative for labels; ``depths`` their nesting depths.
    """

    owner: int | None
    nodes: array[int]
    depths: array[int]
    pages: int


@dataclass(slots=True)
class Evidence:
    """Pages by their number in crawl order; ``next``, ``prev`` and ``up`` lead from page to page.

    ``around`` counts for each page the pages that name it in a list around their content.
    """

    count: int
    lists: list[LinkList] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    around: Counter[int] = field(default_factory=Counter)
    next: dict[int, int] = field(default_factory=dict)
    prev: dict[int, int] = field(default_factory=dict)
    up: dict[int, int] = field(default_factory=dict)


class Witness:
    """Gathers the evidence, a page at a time."""

    def __init__(self, urls: Sequence[str], index: PageIndex) -> None:
        self._numbers = {url: number for number, url in enumerate(urls)}
        self._index = index
        self._known: set[tuple[int | None, bytes, bytes]] = set()
        self._label_numbers: dict[str, int] = {}
        self._entries = 0
        self.evidence = Evidence(len(urls))

    def hear(self, number: int, page: Page) -> None:
        """Take down what a page says."""
        around: set[int] = set()
        for inside, entries in page.nav:
            nodes = self._take_list(number if inside else None, entries)
            around.update(node for node in nodes if not inside and node >= 0)
        self.evidence.around.update(around)
        for name in ("next", "prev", "up"):
            target = self._number(getattr(page, name))
            if target is not None and target != number:
                getattr(self.evidence, name)[number] = target

    def _take_list(self, owner: int | None, entries: Sequence[tuple[str, str, int]]) -> Sequence[int]:
        nodes, depths, pages = array("i"), array("b"), set[int]()
        for url, text, depth in entries:
            node = self._number(url) if url else self._label(text)
            if node is not None and node not in pages:
                nodes.append(node)
                depths.append(min(depth, 100))
                pages.update([node] if node >= 0 else [])
        known = (owner, nodes.tobytes(), depths.tobytes())
        if len(pages) < 2 or known in self._known or self._entries > _MOST_ENTRIES:
            return nodes
        self._known.add(known)
        self._entries += len(nodes)
        self.evidence.lists.append(LinkList(owner, nodes, depths, len(pages)))
        return nodes

    def _number(self, url: str) -> int | None:
        found = self._index.find(url) if url else None
        return self._numbers.get(found[0]) if found else None

    def _label(self, text: str) -> int:
        """Labels count downwards from -1."""
        number = self._label_numbers.setdefault(text, -len(self._label_numbers) - 1)
        if -number > len(self.evidence.labels):
            self.evidence.labels.append(text)
        return number
