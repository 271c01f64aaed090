"""Days that texts and attributes state."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

_LONGEST = 160
"""Characters looked at."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?:19|20)\d\d")
DAY = re.compile(r"\b((?:19|20)\d\d)(?:-|/|\.|年) ?(\d\d?)(?:-|/|\.|月) ?(\d\d?)日?")
MONTH_FIRST = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\d\d)\b")
DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3,9})\.?,? ((?:19|20)\d\d)\b")


def may_state_day(text: str) -> bool:
    """False where no part of the text can be a date: a quick look for a year."""
    return _YEAR.search(text) is not None


def day_in(text: str) -> str:
    """The first date in the text as YYYY-MM-DD, in ISO's order or with an English month; "" where there is none."""
    said = text[:_LONGEST].lower()
    if not may_state_day(said):
        return ""
    if match := DAY.search(said):
        return _iso(match[1], match[2], match[3])
    if match := MONTH_FIRST.search(said):
        return _iso(match[3], _month(match[1]), match[2])
    if match := DAY_FIRST.search(said):
        return _iso(match[3], _month(match[2]), match[1])
    return ""


def day_of_feed(text: str) -> str:
    """The day of a feed's entry, as RSS (RFC 5322) or Atom (RFC 3339) write it; "" where it is none."""
    try:
        return parsedate_to_datetime(text[:_LONGEST]).date().isoformat()
    except (ValueError, OverflowError):
        return day_in(text)


def _month(name: str) -> str:
    return str(_MONTHS.index(name[:3]) + 1) if name[:3] in _MONTHS else "0"


def _iso(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
