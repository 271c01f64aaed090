"""Days that texts and attributes state."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_LONGEST = 160
"""Characters looked at."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = (
    "januar janvier enero janeiro gennaio januari stycznia leden ledna января січня ocak tammikuuta janv jän jänner",
    "februar février febrero fevereiro febbraio februari lutego února февраля лютого şubat helmikuuta févr fev",
    "märz mars marzo março maart marca března марта березня mart maaliskuuta mrz mär marts",
    "avril abril aprile kwietnia dubna апреля квітня nisan huhtikuuta avr abr",
    "mai mayo maio maggio mei maj maja května мая травня may\u0131s toukokuuta",
    "juni juin junio junho giugno czerwca června июня червня haziran kesäkuuta",
    "juli juillet julio julho luglio lipca července июля липня temmuz heinäkuuta juil",
    "august août agosto augustus sierpnia srpna августа серпня ağustos elokuuta ago augusti",
    "septembre septiembre setembro settembre września září сентября вересня eylül syyskuuta sept set",
    "oktober octobre octubre outubro ottobre października října октября жовтня ekim lokakuuta okt",
    "novembre noviembre novembro listopada listopadu ноября листопада kas\u0131m marraskuuta",
    "dezember décembre diciembre dezembro dez déc dic dicembre desember grudnia декабря грудня aral\u0131k joulukuuta",
)
"""Months as the larger languages of Europe write them in dates; English ones are known by three letters."""
_MONTH_OF = {name: str(number) for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_YEAR = re.compile(r"(?:19|20)\d\d")
DAY = re.compile(r"\b((?:19|20)\d\d)(?:-|/|\.|年|년) ?(\d\d?)(?:-|/|\.|月|월) ?(\d\d?)(?:日|일)?")
MONTH_FIRST = re.compile(
    r"\b([a-z]{3,9})\.? {1,2}(\d{1,2})(?:st|nd|rd|th)?,?(?: \d\d?:\d\d(?::\d\d)?(?: [a-z]{3,4})?)? ((?:19|20)\d\d)\b"
)
DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º)?\.? (?:de |of )?([^\W\d_]{3,12})\.?,? (?:de |del )?((?:19|20)\d\d)\b"
)
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)(?:[/-](\d\d))?[/-]")
IN_FIGURES = re.compile(r"\b(\d{1,2})\. ?(\d{1,2})\. ?((?:19|20)\d\d)\b")
"""Day, month and year, in the order that points between them stand for."""


def may_state_day(text: str) -> bool:
    """False where no part of the text can be a date: a quick look for a year."""
    return _YEAR.search(text) is not None


def day_in(text: str) -> str:
    """The first date in the text as YYYY-MM-DD, in ISO's order or with a month's name; "" where there is none."""
    words = text[:_LONGEST].lower()
    if not may_state_day(words):
        return ""
    if match := DAY.search(words):
        return _iso(match[1], match[2], match[3])
    if match := MONTH_FIRST.search(words):
        return _iso(match[3], _month(match[1]), match[2])
    if match := DAY_FIRST.search(words):
        return _iso(match[3], _month(match[2]), match[1])
    if match := IN_FIGURES.search(words):
        return _iso(match[3], match[2], match[1])
    return ""


def day_of_feed(text: str) -> str:
    """The day of a feed's entry, as RSS (RFC 5322) or Atom (RFC 3339) write it; "" where it is none."""
    try:
        return parsedate_to_datetime(text[:_LONGEST]).date().isoformat()
    except (ValueError, OverflowError):
        return day_in(text)


def day_of_path(url: str) -> str:
    """The day (YYYY-MM-DD), or the first of the month, that the path of a post's URL names; else ""."""
    match = _IN_PATH.search(urlsplit(url).path)
    if match is None or not 1 <= int(match[2]) <= 12:
        return ""
    return f"{match[1]}-{match[2]}-{match[3] or '01'}"


def _month(name: str) -> str:
    if name in _MONTH_OF:
        return _MONTH_OF[name]
    return str(_MONTHS.index(name[:3]) + 1) if name[:3] in _MONTHS else "0"


def _iso(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
