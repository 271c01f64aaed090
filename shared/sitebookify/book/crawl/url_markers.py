"""Where a URL names a language or a version, and which URLs differ in nothing else.

That is a segment of the path, an ending of the file's name, or a parameter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from sitebookify.book.short_cache import short_cache
from sitebookify.book.urls import identity

LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
"""ISO 639-1."""
AMBIGUOUS = frozenset(
    "am an as be ch co cs cv ee ga hr id ie in io is it la me ml mr ms my na no or os pa ps sc se sg si so st tl tn to "
    "ts tt vi".split()
)
"""Codes that name other things as often: C#, human resources, information technology."""
NAMES = {
    name: tag
    for tag, names in {
        "cs": "czech cestina cz",
        "da": "danish dansk dk",
        "de": "german deutsch",
        "el": "greek gr",
        "en": "english eng",
        "es": "spanish espanol castellano",
        "fi": "finnish suomi",
        "fr": "french francais",
        "hu": "hungarian magyar",
        "it": "italian italiano",
        "ja": "japanese nihongo jp jpn",
        "ko": "korean kr kor",
        "nl": "dutch nederlands",
        "pl": "polish polski",
        "pt": "portuguese portugues",
        "ru": "russian russkij",
        "sv": "swedish svenska",
        "tr": "turkish turkce",
        "uk": "ukrainian ua",
        "zh": "chinese zhongwen cn chs cht",
    }.items()
    for name in names.split()
}
"""What directories of languages are called that are not called by the language's code."""
_TAG = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3}|[a-z]{4}[-_][a-z]{2}))?", re.IGNORECASE)
_NAMED_VERSION = re.compile(
    r"latest|stable|current|lts|next|dev|devel|develop|development|main|master|edge|nightly|canary|unreleased|head|trunk",
    re.IGNORECASE,
)
_NUMBERED_VERSION = re.compile(
    r"(?:v|version|release|rel)[-_.]?\d{1,4}(?:[._]\d{1,4}){0,3}(?:[._]x)?(?:[-.]?(?:alpha|beta|rc|dev|a|b)[-.]?\d{0,3})?"
    r"|\d{1,3}(?:[._]\d{1,4}){1,3}(?:[._]x)?(?:[-.]?(?:alpha|beta|rc|dev|a|b)[-.]?\d{0,3})?"
    r"|\d{1,3}[._]x",
    re.IGNORECASE,
)
_FILE = re.compile(r"(.{1,200})[._]([a-z]{2}(?:[-_][a-z]{2,4})?)(\.(?:x?html?|php))", re.IGNORECASE)
MOST_MARKERS = 4
"""Of each kind in one URL: real ones have a language and a version."""
MOST_VALUES = 200
"""Variants at one place."""
MOST_IN_ALL = 2_000
"""Variants at all places together."""
_MOST_LEARNED = 60_000
"""Markers of URLs that are remembered, of 0.6 kB and what of their URLs they repeat; by then all is decided."""
_MOST_CHARACTERS = 8_000_000
"""Of these markers' URLs."""
REMEMBERED = 4096
"""URLs whose markers are cached; each takes some hundreds of bytes."""


class Axis(StrEnum):
    """In what variants of a page differ."""

    LANGUAGE = "language"
    VERSION = "version"


_PARAMETERS = {
    **dict.fromkeys(("lang", "hl", "locale", "language", "setlang"), Axis.LANGUAGE),
    **dict.fromkeys(("version", "ver"), Axis.VERSION),
}


@dataclass(frozen=True, slots=True)
class Marker:
    """A place in a URL that names a variant.

    ``place`` is the same for all variants, and ``rest`` for those of one page; ``value`` is the variant's name in lower
    case. ``without`` is the URL without the marker: it may be the page in the variant that needs no name.
    """

    axis: Axis
    place: str
    value: str
    rest: str
    without: str


@short_cache(maxsize=REMEMBERED)
def markers_of(url: str) -> tuple[Marker, ...]:
    """The URL's (normalized) markers, those of the path first."""
    return (*islice(_in_path(url), MOST_MARKERS), *_in_file(url), *islice(_in_query(url), MOST_MARKERS))


def axis_of(segment: str) -> Axis | None:
    """What a segment of a path names, if anything."""
    tag = _TAG.fullmatch(segment)
    if segment.lower() in NAMES or (tag and tag[1].lower() in LANGUAGES):
        return Axis.LANGUAGE
    if _NAMED_VERSION.fullmatch(segment) or _NUMBERED_VERSION.fullmatch(segment):
        return Axis.VERSION
    return None


def _in_path(url: str) -> Iterator[Marker]:
    parts = urlsplit(url)
    segments = parts.path.split("/")
    for number, segment in enumerate(segments[1:13], 1):
        axis = axis_of(segment)
        if axis is None:
            continue
        before, after = "/".join(segments[:number]) + "/", "/".join(segments[number + 1 :])
        without = parts._replace(path=before + after).geturl()
        rest = after + (f"?{parts.query}" if parts.query else "")
        name = segment.lower()
        yield Marker(axis, f"{axis} {before}", NAMES.get(name, name), rest, without)


def _in_file(url: str) -> Iterator[Marker]:
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = _FILE.fullmatch(name)
    if match and match[2][:2].lower() in LANGUAGES:
        rest = f"{folder}/{match[1]}{match[3]}"
        without = parts._replace(path=rest).geturl()
        yield Marker(Axis.LANGUAGE, f"{Axis.LANGUAGE} *.*", match[2].lower(), rest, without)


def _in_query(url: str) -> Iterator[Marker]:
    parts = urlsplit(url)
    if not parts.query:
        return
    pairs = parse_qsl(parts.query, keep_blank_values=True)[:20]
    for name, value in pairs:
        axis = _PARAMETERS.get(name.lower())
        if axis and axis_of(value) == axis:
            others = urlencode([pair for pair in pairs if pair[0] != name])
            without = parts._replace(query=others).geturl()
            yield Marker(axis, f"{axis} ?{name}", value.lower(), f"{parts.path}?{others}", without)


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
        if self._markers >= _MOST_LEARNED or self._characters >= _MOST_CHARACTERS:
            return False
        pages = self.pages.get(marker.place, {})
        return marker.value in pages or (len(pages) < MOST_VALUES and self._values_in_all < MOST_IN_ALL)

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
