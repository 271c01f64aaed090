"""URLs that name languages or versions, and which of them differ in nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sitebookify.book.crawl.url_markers import Marker, markers_of
from sitebookify.book.urls import identity

_MOST_VALUES = 200
"""Variants at one place."""
_MOST_IN_ALL = 2_000
"""Variants at all places together."""
_MOST_MARKERS = 60_000
"""Markers of URLs that are remembered, of 0.6 kB and what of their URLs they repeat; by then all is decided."""
_MOST_CHARACTERS = 8_000_000
"""Of these markers' URLs."""


class MarkedUrls:
    """The URLs that were found, by their markers; ``pages`` are those of each value at each place (`Marker.rest`)."""

    def __init__(self) -> None:
        self.pages: defaultdict[str, dict[str, set[str]]] = defaultdict(dict)
        self._values_in_all = 0
        self._markers = 0
        self._characters = 0
        self._values: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_bare: defaultdict[str, list[Marker]] = defaultdict(list)
        self._urls: set[str] = set()

    def learn(self, url: str) -> Iterator[tuple[Marker, str]]:
        """Take note of a URL (normalized); yields each marker that now has a pair, and the value of the other URL.

        That is "" for a URL without a marker there.
        """
        key = identity(url)
        if key in self._urls:
            return
        self._urls.add(key)
        for marker in self._by_bare.get(key, ()):
            yield marker, ""
        for marker in markers_of(url):
            if self._has_room(marker):
                yield from self._add(marker)

    def _has_room(self, marker: Marker) -> bool:
        if self._markers >= _MOST_MARKERS or self._characters >= _MOST_CHARACTERS:
            return False
        pages = self.pages.get(marker.place, {})
        return marker.value in pages or (len(pages) < _MOST_VALUES and self._values_in_all < _MOST_IN_ALL)

    def _add(self, marker: Marker) -> Iterator[tuple[Marker, str]]:
        self._markers += 1
        self._characters += len(marker.without)
        pages = self.pages[marker.place]
        self._values_in_all += marker.value not in pages
        pages.setdefault(marker.value, set()).add(marker.rest)
        values = self._values[marker.place, marker.rest]
        for value in list(values):
            if value != marker.value:
                yield marker, value
        values.add(marker.value)
        bare = identity(marker.without)
        self._by_bare[bare].append(marker)
        if bare in self._urls:
            yield marker, ""
