"""Versions whose URLs say no more than a number: ``/manual/11/``, ``/api/jdk-21/``, ``/docs/2024-06/``.

Chapters, weeks and years have such URLs too. So they count as versions only where several pages that differ in nothing
but this number have most of their text in common.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self
from urllib.parse import urlsplit

from sitebookify.book.crawl.crawled_page import SKETCH_SIZE, Sketch
from sitebookify.book.crawl.url_markers import MOST_IN_ALL, MOST_MARKERS, MOST_VALUES, REMEMBERED, Axis, Marker, axis_of
from sitebookify.book.short_cache import short_cache

PAIRS = 3
"""Pages that two versions have in common, at least."""
_ALIKE = 0.3
"""Share of the text that two versions of a page have in common, at least; chapters have next to none."""
_MOST_UNLIKE = 0.5
"""Pairs of pages without common text, for each that has some."""
_MOST_COMPARED = 5
"""Sisters that a page is compared with."""
_SEGMENT = re.compile(r"([a-z]{0,12}[-_.]?)(\d{1,4}(?:[-_.]\d{1,4}){0,2})(?:[-_.]?lts)?", re.IGNORECASE)


@short_cache(maxsize=REMEMBERED)
def numbered_of(url: str) -> tuple[Marker, ...]:
    """The directories of the URL (normalized) that may be named by the number of a version, the first few."""
    return tuple(islice(_numbered(url), MOST_MARKERS))


def _numbered(url: str) -> Iterator[Marker]:
    parts = urlsplit(url)
    segments = parts.path.split("/")
    for number, segment in enumerate(segments[1:-1][:12], 1):
        match = _SEGMENT.fullmatch(segment)
        if match is None or axis_of(segment) is Axis.LANGUAGE:
            continue
        before, after = "/".join(segments[:number]) + "/", "/".join(segments[number + 1 :])
        rest = after + (f"?{parts.query}" if parts.query else "")
        without = parts._replace(path=before + after).geturl()
        yield Marker(Axis.VERSION, f"numbered {before}{match[1].lower()}", segment.lower(), rest, without)


@dataclass(slots=True)
class NumberedVersions:
    """What is known of such places in URLs: the ``values`` that were met, and how many pairs of pages are ``alike``."""

    values: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    alike: Counter[str] = field(default_factory=Counter)
    unlike: Counter[str] = field(default_factory=Counter)
    _kept: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _values_in_all: int = 0

    def learn(self, url: str) -> None:
        """Take note of a URL that was found (normalized, at home)."""
        for marker in numbered_of(url):
            values = self.values[marker.place]
            if marker.value in values:
                continue
            if len(values) < MOST_VALUES and self._values_in_all < MOST_IN_ALL:
                values.add(marker.value)
                self._values_in_all += 1

    def keep(self, url: str, sketches: Mapping[str, Sketch]) -> list[str]:
        """Take note of a page of the book; returns the places that it shows to name versions."""
        places = []
        for marker in numbered_of(url):
            if not marker.rest:
                continue
            sisters = self._kept[marker.place, marker.rest]
            for other in sisters[-_MOST_COMPARED:]:
                if url in sketches and other in sketches:
                    alike = have_common_text(sketches[url], sketches[other])
                    if self._compare(marker.place, alike=alike):
                        places.append(marker.place)
            sisters.append(url)
        return places

    def note_copy(self, url: str, original: str) -> list[str]:
        """Take note of two pages with the same text; returns the places that they show to name versions."""
        theirs = {(marker.place, marker.rest) for marker in numbered_of(original)}
        mine = [marker for marker in numbered_of(url) if marker.rest and (marker.place, marker.rest) in theirs]
        return [marker.place for marker in mine if self._compare(marker.place, alike=True)]

    def _compare(self, place: str, *, alike: bool) -> bool:
        """Count a pair of pages; True if the place is now known to name versions."""
        counts = self.alike if alike else self.unlike
        counts[place] += 1
        return self.alike[place] >= PAIRS and self.unlike[place] <= _MOST_UNLIKE * self.alike[place]

    def to_json(self) -> dict[str, Any]:
        """What cannot be learned again from URLs."""
        return {"alike": dict(self.alike), "unlike": dict(self.unlike)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(alike=Counter(data["alike"]), unlike=Counter(data["unlike"]))


def have_common_text(one: Sketch, other: Sketch) -> bool:
    """True where two pages share as much of their text as two versions of a page do."""
    mine, yours = set(one.smallest), set(other.smallest)
    union = sorted(mine | yours)[:SKETCH_SIZE]
    common = mine & yours
    return sum(block in common for block in union) >= max(1, _ALIKE * len(union))
