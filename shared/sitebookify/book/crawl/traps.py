"""URL patterns that never end, recognised from the URL alone and named."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from yarl import URL

MOST_QUERIES = 500
MOST_DATES = 120
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
    than 120 URLs that differ in nothing but numbers and look like dates; more than 500 queries to one path.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

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
        if parsed.raw_query_string and self._exceeds(f"{parsed.raw_path}?", MOST_QUERIES):
            return Trap.QUERIES
        return None

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
