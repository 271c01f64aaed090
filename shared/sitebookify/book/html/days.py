"""Days that texts and attributes state."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_LONGEST = 160
"""Characters looked at."""
_ENGLISH = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
"""English months by three letters."""
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
"""Months as the larger languages of Europe write them in dates."""
_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(_NAMES, start=1):
    _MONTHS.update(dict.fromkeys(_names.split(), _number))
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_FIRST = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)(?:-|/|\.|年|년) ?(?P<month>\d\d?)(?:-|/|\.|月|월) ?(?P<day>\d\d?)(?:日|일)?"
)
_MONTH_FIRST = re.compile(
    r"\b(?P<month>[a-z]{3,9})\.? {1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?,?"
    r"(?: \d\d?:\d\d(?::\d\d)?(?: [a-z]{3,4})?)? (?P<year>(?:19|20)\d\d)\b"
)
_DAY_FIRST = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.? (?:de |of )?(?P<month>[^\W\d_]{3,12})\.?,? (?:de |del )?"
    r"(?P<year>(?:19|20)\d\d)\b"
)
_IN_FIGURES = re.compile(r"\b(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>(?:19|20)\d\d)\b")
"""Day, month and year, in the order that points between them stand for."""
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)(?:[/-](\d\d))?[/-]")


def may_state_day(text: str) -> bool:
    """False where no part of the text can be a date: a quick look for a year."""
    return _YEAR.search(text) is not None


def day_in(text: str) -> str:
    """The first date in the text as YYYY-MM-DD, in ISO's order or with a month's name; "" where there is none."""
    words = text[:_LONGEST].lower()
    if not may_state_day(words):
        return ""
    for pattern in (_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST, _IN_FIGURES):
        match = pattern.search(words)
        if match:
            return _iso(match)
    return ""


def written_date(text: str) -> str:
    """The first date in the text as it is written, rather in words than in figures; the whole text without one."""
    for pattern in (_MONTH_FIRST, _DAY_FIRST, _YEAR_FIRST, _IN_FIGURES):
        match = pattern.search(text.lower())
        if match:
            return text[match.start() : match.end()]
    return text


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


def _iso(match: re.Match[str]) -> str:
    name = match["month"]
    month = int(name) if name.isdigit() else _MONTHS.get(name) or _ENGLISH.get(name[:3], 0)
    try:
        return date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return ""
