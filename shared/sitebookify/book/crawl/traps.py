"""URL patterns that never end, recognised from the URL alone and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from zlib import crc32

from yarl import URL

MOST_QUERIES = 500
MOST_DATES = 120
_MOST_PARAMETERS = 20
_DEEPEST = 24
_FEWEST_WAYS = 2
"""Sets of parameters of one path."""
_FEWEST_BARREN = 14
"""Pages without a new word: a calendar has said the names of all months after twelve."""
_MOST_FAMILIES = 200
_MOST_SAID = 5_000
"""Of a path; one whose pages have said more is no trap."""
_LONG = 9
"""Words of a text that is more than a label: a page that has a new one says something."""
_LONGEST = 10_000
"""Characters of one text that are looked at."""
_WORD = re.compile(r"\w+")
_DAY_OR_YEAR = re.compile(r"[0-3]?\d|(?:19|20|21)\d\d")
_REPEATING = re.compile(r"((?:/[^/]++){1,4})\1\1(?:/|$)")
"""A run of one to four segments that stands three times in a row."""
_NUMBER = re.compile(r"\d+")
_CALENDAR = re.compile(
    r"calend[ae]r|(?:^|[/?&_-])(?:year|month|week|day|date|ymd)(?:[/=_-]|$)|(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])(?:\D|$)",
    re.IGNORECASE,
)


class Trap(StrEnum):
    """Why a URL is taken for a trap."""

    DEEP_PATH = "TRAP_DEEP_PATH"
    REPEATING_PATH = "TRAP_REPEATING_PATH"
    CALENDAR = "TRAP_CALENDAR"
    QUERIES = "TRAP_QUERIES"


def is_serial(url: str) -> bool:
    """True for a URL (normalized) that may be one of endlessly many: it has a query, or looks like a date."""
    return "?" in url or _CALENDAR.search(url) is not None


def said_by(texts: Iterable[str]) -> frozenset[int]:
    """Hashes of the words of a page's texts, and of its longer texts whole.

    Days and years are no words, since a calendar has new ones on every page.
    """
    hashes: set[str] = set()
    for text in texts:
        words = [word for word in _WORD.findall(text.lower()[:_LONGEST]) if not _DAY_OR_YEAR.fullmatch(word)]
        hashes.update(words)
        if len(words) >= _LONG:
            hashes.add(" ".join(words))
        if len(hashes) >= _MOST_SAID:
            break
    return frozenset(crc32(each.encode("utf-8", "surrogatepass")) for each in hashes)


class TrapWatch:
    """Counts what a site invents; ask it once for every new URL, in the order of the frontier.

    Traps are: a path of more than 24 segments; one in which a run of segments stands three times in a row; more
    than 120 URLs that differ in nothing but numbers and look like dates; and more than 500 queries to one path that
    differ in more than one parameter, as filters of a list do. Queries that differ in one parameter alone, such as
    ``index.php?id=7``, are the addresses of a site's pages.

    Long before there are so many, a trap is known by what it shows: 14 pages in a row of one family, such as the months
    of a calendar or the filters of a list, on which no word is new.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._parameters: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._ways: Counter[str] = Counter()
        self._varying: dict[tuple[str, ...], set[int]] = {}
        self._said: dict[str, set[int]] = {}
        self._barren: dict[str, list[str]] = {}

    def check(self, url: str) -> Trap | None:
        """The trap that this URL (normalized) belongs to, or None."""
        parsed = URL(url, encoded=True)
        segments = [part for part in parsed.raw_path.split("/") if part]
        if len(segments) > _DEEPEST:
            return Trap.DEEP_PATH
        if _REPEATING.search("/" + "/".join(segments)):
            return Trap.REPEATING_PATH
        if self.is_barren(url):
            return trap_of(url)
        if _CALENDAR.search(parsed.raw_path_qs) and self._exceeds(_NUMBER.sub("#", url), MOST_DATES):
            return Trap.CALENDAR
        if parsed.raw_query_string and self._combines(parsed) and self._exceeds(f"{parsed.raw_path}?", MOST_QUERIES):
            return Trap.QUERIES
        return None

    def read(self, url: str, says: frozenset[int]) -> tuple[str, ...]:
        """Take note of what a serial page says (`said_by`); answer the pages of its family that are a trap from now on.

        Those are the latest ones that follow each other and say nothing that no other page of their path said before.
        """
        path, family = _family_of(url)
        if not says or self.is_barren(url) or len(self._barren) >= _MOST_FAMILIES:
            return ()
        hashes = self._said.setdefault(path, set())
        barren = self._barren.setdefault(family, [])
        if says <= hashes:
            barren.append(url)
        else:
            barren.clear()
            if len(hashes) < _MOST_SAID:
                hashes |= says
        return tuple(barren) if len(barren) == _FEWEST_BARREN else ()

    def is_view(self, url: str, says: frozenset[int]) -> bool:
        """True for a query (in a normalized URL) to a list that can be sorted or filtered in several ways.

        It shows not one word that no other page of its path has shown. What one parameter alone addresses is a page of
        its own, such as a photograph with few words.
        """
        if not says or "?" not in url or self._ways[URL(url, encoded=True).raw_path] < _FEWEST_WAYS:
            return False
        path, _ = _family_of(url)
        return says <= self._said.get(path, set())

    def is_barren(self, url: str) -> bool:
        """True for a page of a family without new words."""
        return is_serial(url) and len(self._barren.get(_family_of(url)[1], ())) >= _FEWEST_BARREN

    def to_json(self) -> dict[str, Any]:
        """What pages showed; the rest is found again from the URLs."""
        hashes_of = {path: sorted(hashes) for path, hashes in self._said.items()}
        return {"said": hashes_of, "barren": self._barren}

    def restore(self, data: dict[str, Any]) -> None:
        """The inverse of `to_json`."""
        self._said = {path: set(hashes) for path, hashes in data["said"].items()}
        self._barren = {family: [*urls] for family, urls in data["barren"].items()}

    def _combines(self, url: URL) -> bool:
        """True where queries to this path with these parameters were seen to differ in more than one of them."""
        parameters = url.raw_query_string.split("&")
        pairs = sorted(parameter.partition("=")[::2] for parameter in parameters)[:_MOST_PARAMETERS]
        names = (url.raw_path, *(name for name, _ in pairs))
        values = tuple(value for _, value in pairs)
        if names not in self._parameters:
            self._ways[url.raw_path] += 1
        first = self._parameters.setdefault(names, values)
        varying = self._varying.setdefault(names, set())
        varying.update(place for place, value in enumerate(values) if value != first[place])
        return len(varying) > 1

    def _exceeds(self, family: str, most: int) -> bool:
        self._counts[family] += 1
        return self._counts[family] > most


def _family_of(url: str) -> tuple[str, str]:
    """The path without its numbers, and what the URLs of a family have in common besides.

    That is the name of the parameter; queries of several parameters are one family, as combined filters are.
    """
    path, _, query = url.partition("?")
    path = _NUMBER.sub("#", path)
    name = query.partition("=")[0] if "&" not in query else "&"
    return path, f"{path}?{name}"


def trap_of(url: str) -> Trap:
    """Which kind of trap a repetitive URL belongs to."""
    return Trap.CALENDAR if _CALENDAR.search(url) else Trap.QUERIES
