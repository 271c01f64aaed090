"""Variants: the site's pages in other languages and other versions. The book has them once, in the start page's own.

What tells variants of one page: ``hreflang``; a language that both the URL and the page name; canonical links between
versions; and URLs that differ in nothing but the name of a language or version, where several pages have such pairs.
Where the name is a number alone, their texts have to be alike too (`numbered_versions`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Any, Self

from sitebookify.book.crawl.numbered_versions import NumberedVersions, numbered_of
from sitebookify.book.crawl.reading import Document
from sitebookify.book.crawl.sketch import Sketch
from sitebookify.book.crawl.url_markers import AMBIGUOUS, Axis, Marker, markers_of
from sitebookify.book.urls import identity

PAIRS = 3
"""Pages that two variants have in common, at least, where nothing but their URLs tells."""
_SHARE = 0.5
"""Share of a variant's pages that have pairs, at least: `/docs/dev/` may be for developers."""
_VOTES = 2
"""Pages whose canonical link leads to another version, at least."""
_MOST_VALUES = 200
"""Variants at one place."""
_MOST_IN_ALL = 2_000
"""Variants at all places together."""
_MOST_MARKERS = 60_000
"""Markers of URLs that are remembered, of 0.6 kB and what of their URLs they repeat; by then all is decided."""
_MOST_CHARACTERS = 8_000_000
"""Of these markers' URLs, and of translations'."""
_MOST_TRANSLATIONS = 50_000
_BEST = ("latest", "stable", "current", "lts")
"""Names of the version that readers want, the best first; numbers come next, then what is being worked on."""
_NUMBER = re.compile(r"\d+")


class Other(StrEnum):
    """Why a page is not in the book; a reason in the report."""

    LANGUAGE = "OTHER_LANGUAGE"
    VERSION = "OTHER_VERSION"


_REASONS = {Axis.LANGUAGE: Other.LANGUAGE, Axis.VERSION: Other.VERSION}


@dataclass(slots=True, kw_only=True)
class Variants:
    """Which variant of the site the book is made from, and what is known of the others.

    ``language`` is the book's as a tag in lower case, "" while it is unknown. ``chosen`` is the value for each place in
    URLs (`Marker.place`) where variants are told apart, "" for pages without a marker there. ``out`` are values that
    are known to be other variants. ``translations`` are pages that others name as their translation, by identity, with
    their language. ``found`` counts the pages left out of each variant.
    """

    starts: tuple[str, ...]
    language: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    out: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    same: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    translations: dict[str, str] = field(default_factory=dict)
    found: Counter[tuple[Other, str]] = field(default_factory=Counter)
    numbered: NumberedVersions = field(default_factory=NumberedVersions)
    _kept: dict[str, str] = field(default_factory=dict)
    _kept_at: defaultdict[str, defaultdict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    _doubtful: list[str] = field(default_factory=list)
    _values: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _values_in_all: int = 0
    _markers: int = 0
    _characters: int = 0
    _translated_characters: int = 0
    _rests: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _marked: defaultdict[str, list[Marker]] = field(default_factory=lambda: defaultdict(list))
    _urls: set[str] = field(default_factory=set)
    _pairs: defaultdict[str, Counter[frozenset[str]]] = field(default_factory=lambda: defaultdict(Counter))
    _votes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def begin(self, url: str, document: Document) -> None:
        """Take the book's language from the start page: as it states it, else as its own translations or URL do."""
        own = [tag for tag, target in document.alternates if identity(target) == identity(url)]
        named = [marker.value for marker in markers_of(url) if marker.axis is Axis.LANGUAGE]
        stated = [document.language] if document.language else []
        self.language = next(iter([*stated, *own, *named]), "")
        self.learn(url)

    def why(self, url: str) -> Other | None:
        """Why the page at the URL (normalized, at home) is not in the book, as far as is known by now."""
        if url in self.starts:
            return None
        return next((reason for reason, _ in self._others(url)), None)

    def leave_out(self, url: str) -> None:
        """Count a page that is left out."""
        for reason, value in self._others(url)[:1]:
            self.found[reason, value] += 1

    def _others(self, url: str) -> list[tuple[Other, str]]:
        named = markers_of(url)
        decided = any(marker.axis is Axis.VERSION and marker.place in self.chosen for marker in named)
        markers = named if decided else (*named, *numbered_of(url))
        reasons = [(_REASONS[marker.axis], marker.value) for marker in markers if self._is_out(marker)]
        if tag := self.translations.get(identity(url)):
            reasons.append((Other.LANGUAGE, tag))
        return reasons

    def _is_out(self, marker: Marker) -> bool:
        if marker.axis is Axis.LANGUAGE:
            return marker.value in self.out[marker.place]
        return self.chosen.get(marker.place, marker.value) != marker.value

    def keep(self, url: str, sketches: Mapping[str, Sketch] = MappingProxyType({})) -> bool:
        """Take note of a page of the book (normalized); ``sketches`` are its own and those of the pages before.

        True where more is known of variants now.
        """
        self._kept[identity(url)] = url
        for marker in (*markers_of(url), *numbered_of(url)):
            self._kept_at[marker.place][marker.value].append(url)
        return self._settle_all(self.numbered.keep(url, sketches))

    def note_copy(self, url: str, original: str) -> bool:
        """Take note of a page that is the copy of one in the book; True where more is known of variants now."""
        return self._settle_all(self.numbered.note_copy(url, original))

    def _settle_all(self, places: Iterable[str]) -> bool:
        changed = [self._settle(place) for place in places]
        return any(changed)

    def take_doubtful(self) -> list[str]:
        """The kept pages that may turn out to be other variants, after what was learned since the last call.

        Learning puts the pages that it concerns on a list, so that no call has to go through all pages.
        """
        doubtful = list(dict.fromkeys(self._doubtful))
        self._doubtful.clear()
        return doubtful

    def learn(self, url: str) -> bool:
        """Take note of a URL that was found (normalized, at home); True where more is known of variants now."""
        key = identity(url)
        if key in self._urls:
            return False
        self._urls.add(key)
        changed = False
        for marker in self._marked.get(key, ()):
            changed |= self._pair(marker, "")
        for marker in markers_of(url):
            if self._markers < _MOST_MARKERS and self._characters < _MOST_CHARACTERS:
                changed |= self._learn_marker(marker)
        self.numbered.learn(url)
        return changed

    def _learn_marker(self, marker: Marker) -> bool:
        values = self._values.get(marker.place, {})
        if marker.value not in values:
            if len(values) >= _MOST_VALUES or self._values_in_all >= _MOST_IN_ALL:
                return False
            self._values_in_all += 1
        self._markers += 1
        self._characters += len(marker.without)
        self._values[marker.place] = values
        values.setdefault(marker.value, set()).add(marker.rest)
        sisters = self._rests[marker.place, marker.rest]
        changed = False
        for value in [*sisters]:
            changed |= value != marker.value and self._pair(marker, value)
        sisters.add(marker.value)
        bare = identity(marker.without)
        self._marked[bare].append(marker)
        if bare in self._urls:
            changed |= self._pair(marker, "")
        return changed

    def _pair(self, marker: Marker, other: str) -> bool:
        out = self.out[marker.place]
        if marker.value in out and other in out:
            return False
        pairs = self._pairs[marker.place]
        pair = frozenset((marker.value, other))
        pairs[pair] += 1
        enough = pairs[pair] >= max(PAIRS, _SHARE * len(self._values[marker.place][marker.value]))
        if not enough:
            return False
        return self._settle(marker.place) if marker.axis is Axis.VERSION else self._part(marker.place, pair)

    def read(self, url: str, document: Document) -> bool:
        """Take note of what a page says of its variants; True where pages kept before may be others' variants now."""
        changed = self._read_alternates(url, document)
        changed |= self._read_language(url, document)
        return changed | self._read_canonical(url, document.canonical)

    def _read_alternates(self, url: str, document: Document) -> bool:
        targets = Counter(target for _, target in document.alternates)
        changed = False
        for tag, target in document.alternates:
            own = identity(target) in (identity(url), identity(self.starts[0]))
            if own or targets[target] > 1 or not self.language or alike(tag, self.language):
                continue
            key = identity(target)
            if key not in self.translations and self._has_room():
                self._translated_characters += len(key)
                self.translations[key] = tag
                if key in self._kept:
                    self._doubtful.append(self._kept[key])
                    changed = True
        return changed

    def _has_room(self) -> bool:
        """True while further translations are remembered."""
        return len(self.translations) < _MOST_TRANSLATIONS and self._translated_characters < _MOST_CHARACTERS

    def _read_language(self, url: str, document: Document) -> bool:
        """Compare what the page says of its language with what its URL says."""
        stated = document.language.lower()
        changed = False
        for marker in markers_of(url):
            if marker.axis is not Axis.LANGUAGE or not stated:
                continue
            if not alike(stated, marker.value):
                self.same[marker.place].add(marker.value)
            elif self.language and not alike(stated, self.language):
                changed |= self._put_out(marker.place, marker.value)
        return changed

    def _read_canonical(self, url: str, canonical: str) -> bool:
        """A canonical link that names the same page of another version votes for that version."""
        if not canonical or canonical == url:
            return False
        others = {(marker.place, marker.rest): marker.value for marker in markers_of(canonical)}
        changed = False
        for marker in markers_of(url):
            if marker.axis is not Axis.VERSION:
                continue
            value = others.get((marker.place, marker.rest))
            if value is None and identity(canonical) == identity(marker.without):
                value = ""
            if value is not None and value != marker.value:
                self._votes[marker.place][value] += 1
                if self._votes[marker.place][value] == _VOTES:
                    changed |= self._settle(marker.place)
        return changed

    def _settle(self, place: str) -> bool:
        """Choose the book's version at this place in URLs."""
        if place in self.chosen:
            return False
        chosen = self.chosen[place] = self._version(place)
        others = (urls for value, urls in self._kept_at[place].items() if value != chosen)
        self._doubtful.extend(chain.from_iterable(others))
        return True

    def _part(self, place: str, pair: Iterable[str]) -> bool:
        """Leave out the languages of which pages have pairs, but for the book's own and what may be no language."""
        candidates = [value for value in sorted(pair) if value and value not in self.out[place]]
        doubtful = self.same[place]
        candidates = [value for value in candidates if value not in doubtful and value[:2] not in AMBIGUOUS]
        if not candidates or not self.language:
            return False
        own = next((value for value in self._values[place] if alike(value, self.language)), "")
        newly = [value for value in candidates if value != own and self._put_out(place, value)]
        return bool(newly)

    def _version(self, place: str) -> str:
        markers = (*markers_of(self.starts[0]), *numbered_of(self.starts[0]))
        own = next((marker.value for marker in markers if marker.place == place), None)
        if own is not None:
            return own
        votes = self._votes[place].most_common(1)
        if votes and votes[0][1] >= _VOTES:
            return votes[0][0]
        if any("" in pair and count >= PAIRS for pair, count in self._pairs[place].items()):
            return ""
        return max(self._values.get(place) or self.numbered.values[place], key=_rank)

    def _put_out(self, place: str, value: str) -> bool:
        if value in self.out[place] or any(
            marker.place == place and marker.value == value for marker in markers_of(self.starts[0])
        ):
            return False
        self.out[place].add(value)
        self._doubtful += self._kept_at[place][value]
        return True

    def others(self) -> dict[str, list[str]]:
        """The site's other languages and versions, by axis, those with most pages first."""
        names: dict[str, list[str]] = {}
        for (reason, value), _ in self.found.most_common():
            axis = Axis.LANGUAGE if reason is Other.LANGUAGE else Axis.VERSION
            names.setdefault(axis.value, []).append(value)
        return names

    def to_json(self) -> dict[str, Any]:
        """What cannot be learned again from the frontier's URLs."""
        return {
            "language": self.language,
            "chosen": self.chosen.copy(),
            "out": {place: sorted(values) for place, values in self.out.items() if values},
            "same": {place: sorted(values) for place, values in self.same.items() if values},
            "translations": self.translations.copy(),
            "found": [[reason, value, count] for (reason, value), count in self.found.items()],
            "votes": {place: dict(votes) for place, votes in self._votes.items()},
            "numbered": self.numbered.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], starts: tuple[str, ...], urls: Iterable[str]) -> Self:
        """The inverse of `to_json`; ``urls`` are those that the frontier has seen."""
        variants = cls(starts=starts, language=data.get("language", ""), chosen=dict(data.get("chosen", {})))
        variants.numbered = NumberedVersions.from_json(data.get("numbered", {}))
        variants.translations = dict(data.get("translations", {}))
        variants._translated_characters = sum(map(len, variants.translations))
        for name, sets in (("out", variants.out), ("same", variants.same)):
            sets.update({place: set(values) for place, values in data.get(name, {}).items()})
        variants.found.update({(Other(reason), value): count for reason, value, count in data.get("found", ())})
        for place, votes in data.get("votes", {}).items():
            variants._votes[place].update(votes)
        for url in urls:
            variants.learn(url)
        return variants


def alike(tag: str, other: str) -> bool:
    """True where two language tags may be one language: the same subtag first, and no different ones after it."""
    one, two = (each.lower().replace("_", "-").split("-") for each in (tag, other))
    return one[0] == two[0] and (len(one) == 1 or len(two) == 1 or one[1:] == two[1:])


def _rank(value: str) -> tuple[int, list[int]]:
    if value in _BEST:
        return len(_BEST) + 1 - _BEST.index(value), []
    numbers = [int(number) for number in _NUMBER.findall(value)[:4]]
    return (1, numbers) if numbers else (0, [])
