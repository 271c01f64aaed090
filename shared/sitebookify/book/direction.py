"""The direction in which text runs, by its language."""

from __future__ import annotations

from sitebookify.book.document.nodes import Direction

_LANGUAGES = frozenset(
    "ar arc azb bal bqi ckb dv fa glk he iw ji khw ks lrc luz mzn nqo pnb prs ps rhg sam sd sdh skr syr ug ur "
    "yi".split()
)
"""Languages that are written from right to left, by CLDR's likely scripts (``likelySubtags.xml``)."""
_SCRIPTS = frozenset("adlm arab hebr mand mend nkoo rohg samr syrc thaa yezi".split())


def direction_of(language: str) -> Direction:
    """Answer "rtl" for a BCP 47 tag of a language that runs from right to left, else "", which means left to right."""
    name, *others = language.lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else ""
    return "rtl" if name in _LANGUAGES else ""
