"""Variants: the site's pages in other languages and other versions. The book has them once, in the start page's own.

Variants of a page are recognised by: ``hreflang``; a language that both the URL and the page name; canonical links
between versions; and URLs that differ in nothing but the name of a language or version, where several pages have such
pairs. Where the name is a number alone, their texts have to be alike too (`numbered_versions`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Self

from sitebookify.book.crawl.crawled_page import Document, Sketch
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.numbered_versions import NumberedVersions, numbered_of
from sitebookify.book.crawl.url_markers import AMBIGUOUS, Axis, MarkedUrls, Marker, markers_of
from sitebookify.book.urls import identity

PAIRS = 3
"""Pages that two variants have in common, at least, where only their URLs suggest it."""
_SHARE = 0.5
"""Share of a variant's pages that have pairs, at least: `/docs/dev/` may be for developers."""
_VOTES = 2
"""Pages whose canonical link leads to another version, at least."""
_MOST_TRANSLATIONS = 50_000
_MOST_CHARACTERS = 8_000_000
"""Of the URLs of translations."""
_BEST = ("latest", "stable", "current", "lts")
"""Names of the version that readers want, the best first; numbers come next, then what is being worked on."""
_NUMBER = re.compile(r"\d+")


_REASONS = {Axis.LANGUAGE: Lost.OTHER_LANGUAGE, Axis.VERSION: Lost.OTHER_VERSION}


@dataclass(slots=True, kw_only=True)
class Variants:
    """Which variant of the site the book is made from, and what is known of the others.

    ``language`` is the book's as a tag in lower case, "" while it is unknown. ``chosen`` is the value for each place in
    URLs (`Marker.place`) where variants differ, "" for pages without a marker there. ``out`` are values that
    are known to be other variants, ``misnamed`` name a language that their pages are not in.
    ``translations`` are pages that others name as their translation, by identity, with their language. ``found`` counts
    the pages left out of each variant.
    """

    starts: tuple[str, ...]
    language: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    out: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    misnamed: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    translations: dict[str, str] = field(default_factory=dict)
    found: Counter[tuple[Lost, str]] = field(default_factory=Counter)
    numbered: NumberedVersions = field(default_factory=NumberedVersions)
    _kept: dict[str, str] = field(default_factory=dict)
    _kept_at: defaultdict[str, defaultdict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _doubtful: list[str] = field(default_factory=list)
    _translated_characters: int = 0
    _urls: MarkedUrls = field(default_factory=MarkedUrls)
    _pairs: defaultdict[str, Counter[frozenset[str]]] = field(default_factory=lambda: defaultdict(Counter))
    _votes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def begin(self, url: str, document: Document) -> None:
        """Take the book's language from the start page: as it states it, else as its own translations or URL do."""
        own = [tag for tag, target in document.alternates if identity(target) == identity(url)]
        named = [marker.value for marker in markers_of(url) if marker.axis is Axis.LANGUAGE]
        self.language = document.language or next(iter((*own, *named)), "")
        self.learn(url)

    def why(self, url: str) -> Lost | None:
        """Why the page at the URL (normalized, at home) is not in the book, as far as is known by now."""
        reason = self._reason(url) if url not in self.starts else None
        return reason[0] if reason else None

    def leave_out(self, url: str) -> None:
        """Count a page that is left out."""
        reason = self._reason(url)
        if reason:
            self.found[reason] += 1

    def _reason(self, url: str) -> tuple[Lost, str] | None:
        """Why the URL is another variant's, and which one's."""
        markers = markers_of(url)
        if not any(marker.axis is Axis.VERSION and marker.place in self.chosen for marker in markers):
            markers = (*markers, *numbered_of(url))
        for marker in markers:
            if self._is_out(marker):
                return _REASONS[marker.axis], marker.value
        tag = self.translations.get(identity(url))
        return (Lost.OTHER_LANGUAGE, tag) if tag else None

    def _is_out(self, marker: Marker) -> bool:
        if marker.axis is Axis.LANGUAGE:
            return marker.value in self.out[marker.place]
        return self.chosen.get(marker.place, marker.value) != marker.value

    def keep(self, url: str, sketches: Mapping[str, Sketch] = MappingProxyType({})) -> None:
        """Take note of a page of the book (normalized); ``sketches`` are its own and those of the pages before."""
        self._kept[identity(url)] = url
        for marker in (*markers_of(url), *numbered_of(url)):
            self._kept_at[marker.place][marker.value].append(url)
        for place in self.numbered.keep(url, sketches):
            self._settle(place)

    def note_copy(self, url: str, original: str) -> None:
        """Take note of a page that is the copy of one in the book."""
        for place in self.numbered.note_copy(url, original):
            self._settle(place)

    def take_doubtful(self) -> list[str]:
        """The kept pages that may turn out to be other variants, after what was learned since the last call.

        Learning puts the pages that it concerns on a list, so that no call has to go through all pages.
        """
        doubtful = list(dict.fromkeys(self._doubtful))
        self._doubtful.clear()
        return doubtful

    def learn(self, url: str) -> None:
        """Take note of a URL that was found (normalized, at home)."""
        for marker, other in self._urls.learn(url):
            self._note_pair(marker, other)
        self.numbered.learn(url)

    def _note_pair(self, marker: Marker, other: str) -> None:
        place = marker.place
        if {marker.value, other} <= self.out[place]:
            return
        pair = frozenset((marker.value, other))
        self._pairs[place][pair] += 1
        pages = len(self._urls.pages[place][marker.value])
        if self._pairs[place][pair] < max(PAIRS, _SHARE * pages):
            return
        if marker.axis is Axis.VERSION:
            self._settle(place)
        else:
            self._part(place, pair)

    def read(self, url: str, document: Document) -> None:
        """Take note of what a page says of its variants."""
        self._read_alternates(url, document)
        self._read_language(url, document)
        self._read_canonical(url, document.canonical)

    def _read_alternates(self, url: str, document: Document) -> None:
        if not self.language:
            return
        targets = Counter(target for _, target in document.alternates)
        own = (identity(url), identity(self.starts[0]))
        for tag, target in document.alternates:
            if targets[target] == 1 and identity(target) not in own and not alike(tag, self.language):
                self._add_translation(identity(target), tag)

    def _add_translation(self, key: str, tag: str) -> None:
        is_full = len(self.translations) >= _MOST_TRANSLATIONS or self._translated_characters >= _MOST_CHARACTERS
        if key in self.translations or is_full:
            return
        self._translated_characters += len(key)
        self.translations[key] = tag
        if key in self._kept:
            self._doubtful.append(self._kept[key])

    def _read_language(self, url: str, document: Document) -> None:
        """Compare what the page says of its language with what its URL says."""
        stated = document.language
        for marker in markers_of(url):
            if marker.axis is not Axis.LANGUAGE or not stated:
                continue
            if not alike(stated, marker.value):
                self.misnamed[marker.place].add(marker.value)
            elif self.language and not alike(stated, self.language):
                self._put_out(marker.place, marker.value)

    def _read_canonical(self, url: str, canonical: str) -> None:
        """A canonical link that names the same page of another version votes for that version."""
        if not canonical or canonical == url:
            return
        others = {(marker.place, marker.rest): marker.value for marker in markers_of(canonical)}
        for marker in markers_of(url):
            if marker.axis is not Axis.VERSION:
                continue
            value = others.get((marker.place, marker.rest))
            if value is None and identity(canonical) == identity(marker.without):
                value = ""
            if value is not None and value != marker.value:
                votes = self._votes[marker.place]
                votes[value] += 1
                if votes[value] == _VOTES:
                    self._settle(marker.place)

    def _settle(self, place: str) -> None:
        """Choose the book's version at this place in URLs."""
        if place in self.chosen:
            return
        chosen = self.chosen[place] = self._version(place)
        others = (urls for value, urls in self._kept_at[place].items() if value != chosen)
        self._doubtful.extend(chain.from_iterable(others))

    def _part(self, place: str, pair: Iterable[str]) -> None:
        """Leave out the languages of which pages have pairs, but for the book's own and what may be no language."""
        if not self.language:
            return
        own = next((value for value in self._urls.pages[place] if alike(value, self.language)), "")
        for value in sorted(pair):
            may_be_none = not value or value in self.misnamed[place] or value[:2] in AMBIGUOUS
            if value != own and not may_be_none:
                self._put_out(place, value)

    def _start_value(self, place: str) -> str | None:
        """What the start page's URL names at this place."""
        markers = (*markers_of(self.starts[0]), *numbered_of(self.starts[0]))
        return next((marker.value for marker in markers if marker.place == place), None)

    def _version(self, place: str) -> str:
        own = self._start_value(place)
        if own is not None:
            return own
        votes = self._votes[place].most_common(1)
        if votes and votes[0][1] >= _VOTES:
            return votes[0][0]
        if any("" in pair and count >= PAIRS for pair, count in self._pairs[place].items()):
            return ""
        return max(self._urls.pages.get(place) or self.numbered.values[place], key=_rank)

    def _put_out(self, place: str, value: str) -> None:
        if value not in self.out[place] and value != self._start_value(place):
            self.out[place].add(value)
            self._doubtful += self._kept_at[place][value]

    def others(self) -> dict[str, list[str]]:
        """The site's other languages and versions, by axis, those with most pages first."""
        names: dict[str, list[str]] = {}
        for (reason, value), _ in self.found.most_common():
            axis = Axis.LANGUAGE if reason is Lost.OTHER_LANGUAGE else Axis.VERSION
            names.setdefault(axis.value, []).append(value)
        return names

    def to_json(self) -> dict[str, Any]:
        """What cannot be learned again from the frontier's URLs."""
        return {
            "language": self.language,
            "chosen": self.chosen.copy(),
            "out": {place: sorted(values) for place, values in self.out.items() if values},
            "same": {place: sorted(values) for place, values in self.misnamed.items() if values},
            "translations": self.translations.copy(),
            "found": [[reason, value, count] for (reason, value), count in self.found.items()],
            "votes": {place: dict(votes) for place, votes in self._votes.items()},
            "numbered": self.numbered.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], starts: tuple[str, ...], urls: Iterable[str]) -> Self:
        """The inverse of `to_json`; ``urls`` are those that the frontier has seen."""
        variants = cls(starts=starts, language=data["language"], chosen=dict(data["chosen"]))
        variants.numbered = NumberedVersions.from_json(data["numbered"])
        variants.translations = dict(data["translations"])
        variants._translated_characters = sum(map(len, variants.translations))
        for name, sets in (("out", variants.out), ("same", variants.misnamed)):
            sets.update({place: set(values) for place, values in data[name].items()})
        for reason, value, count in data["found"]:
            variants.found[Lost(reason), value] = count
        for place, votes in data["votes"].items():
            variants._votes[place].update(votes)
        for url in urls:
            variants.learn(url)
        return variants


def alike(tag: str, other: str) -> bool:
    """True where two language tags may be one language: the same subtag first, and no different ones after it."""
    language, *region = _subtags(tag)
    other_language, *other_region = _subtags(other)
    return language == other_language and (not region or not other_region or region == other_region)


def _subtags(tag: str) -> list[str]:
    return tag.lower().replace("_", "-").split("-")


def _rank(value: str) -> tuple[int, list[int]]:
    if value in _BEST:
        return len(_BEST) + 1 - _BEST.index(value), []
    numbers = [int(number) for number in _NUMBER.findall(value)[:4]]
    return (1, numbers) if numbers else (0, [])
