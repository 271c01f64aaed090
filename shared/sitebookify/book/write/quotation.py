"""Quotation marks by language, as in the Unicode CLDR: of a quotation, then of one inside it."""
# ruff: noqa: RUF001 - these marks look like others, and are not

from __future__ import annotations

_ENGLISH = ("“", "”", "‘", "’")
_MARKS = {
    "cs": ("„", "“", "‚", "‘"),
    "de": ("„", "“", "‚", "‘"),
    "es": ("«", "»", "“", "”"),
    "fi": ("”", "”", "’", "’"),
    "fr": ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»", "“", "”"),
    "it": ("«", "»", "“", "”"),
    "ja": ("「", "」", "『", "』"),
    "pl": ("„", "”", "«", "»"),
    "ru": ("«", "»", "„", "“"),
    "sv": ("”", "”", "’", "’"),
    "uk": ("«", "»", "„", "“"),
}


def quotation_marks(language: str, depth: int) -> tuple[str, str]:
    """The marks around a quotation inside ``depth`` others; those of English by default.

    ``language`` is a BCP 47 tag or "".
    """
    marks = _MARKS.get(language.partition("-")[0].lower(), _ENGLISH)
    return marks[2:] if depth % 2 else marks[:2]
