"""URL patterns that never end, recognised from the URL alone and named."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from yarl import URL

MOST_QUERIES = 500
MOST_DATES = 120
_FEWEST_COPIES = 40
_MOST_COPIES = 0.8
"""Share of the queries to one path that show what others show, where it is a view of a list and no set of pages."""
_MOST_PATHS = 1000
_MOST_PARAMETERS = 20
_DEEPEST = 24
_REPEATS = 3
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


class TrapWatch:
    """Counts what a site invents; ask it once for every new URL, in the order of the frontier.

    Traps are: a path of more than 24 segments; one in which a run of segments stands three times in a row; more
    than 120 URLs that differ in nothing but numbers and look like dates; more than 500 queries to one path that differ
    in more than one parameter, as filters of a list do; and queries most of which show what others show. Queries that
    differ in one parameter alone, such as ``index.php?id=7``, are the addresses of a site's pages.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._parameters: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._varying: dict[tuple[str, ...], set[int]] = {}
        self._shown: dict[str, list[int]] = {}

    def check(self, url: str) -> Trap | None:
        """The trap that this URL (normalized) belongs to, or None."""
        parsed = URL(url, encoded=True)
        segments = [part for part in parsed.raw_path.split("/") if part]
        if len(segments) > _DEEPEST:
            return Trap.DEEP_PATH
        if _repeats(segments):
            return Trap.REPEATING_PATH
        if _CALENDAR.search(parsed.raw_path_qs) and self._exceeds(_NUMBER.sub("#", url), MOST_DATES):
            return Trap.CALENDAR
        if not parsed.raw_query_string:
            return None
        combined = self._combines(parsed) and self._exceeds(f"{parsed.raw_path}?", MOST_QUERIES)
        return Trap.QUERIES if combined or self.is_repetitive(parsed.raw_path) else None

    def note(self, url: str, *, copy: bool) -> bool:
        """Take note of what a query (in a normalized URL) showed; True if its path is known as repetitive from now on.

        ``copy``: it showed what another page shows.
        """
        parsed = URL(url, encoded=True)
        path = parsed.raw_path
        if not parsed.raw_query_string or (path not in self._shown and len(self._shown) >= _MOST_PATHS):
            return False
        before = self.is_repetitive(path)
        counts = self._shown.setdefault(path, [0, 0])
        counts[0] += 1
        counts[1] += copy
        return self.is_repetitive(path) and not before

    def is_repetitive(self, path: str) -> bool:
        """True where nearly all queries to the path showed what others show."""
        shown, copies = self._shown.get(path, (0, 0))
        return copies >= _FEWEST_COPIES and copies >= _MOST_COPIES * shown

    def repeats(self, url: str) -> bool:
        """True for a query (in a normalized URL) to a repetitive path."""
        parsed = URL(url, encoded=True)
        return bool(parsed.raw_query_string) and self.is_repetitive(parsed.raw_path)

    def to_json(self) -> dict[str, list[int]]:
        """What queries showed, by path; the rest is found again from the URLs."""
        return {path: [*counts] for path, counts in self._shown.items()}

    def restore(self, data: dict[str, list[int]]) -> None:
        """The inverse of `to_json`."""
        self._shown = {path: [*counts] for path, counts in data.items()}

    def _combines(self, url: URL) -> bool:
        """True where queries to this path with these parameters were seen to differ in more than one of them."""
        pairs = sorted(pair.partition("=")[::2] for pair in url.raw_query_string.split("&"))[:_MOST_PARAMETERS]
        names = (url.raw_path, *(name for name, _ in pairs))
        values = tuple(value for _, value in pairs)
        first = self._parameters.setdefault(names, values)
        varying = self._varying.setdefault(names, set())
        varying.update(place for place, value in enumerate(values) if value != first[place])
        return len(varying) > 1

    def _exceeds(self, family: str, most: int) -> bool:
        self._counts[family] += 1
        return self._counts[family] > most


def _repeats(segments: list[str]) -> bool:
    """True where some run of one to four segments stands three times in a row."""
    for length in range(1, 5):
        for start in range(len(segments) - length * _REPEATS + 1):
            run = segments[start : start + length]
            if segments[start : start + length * _REPEATS] == run * _REPEATS:
                return True
    return False
