"""Which elements a reader of the page does not see: by attribute, by inline style, by class.

Style sheets are not read. ``aria-hidden`` is no sign by itself: it keeps from screen readers what everyone else sees,
numbers of headings, stars, drawn formulas; what it marks may be an ornament, though (`is_ornament`).
"""

from __future__ import annotations

import re

from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element

_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(
    r"(?!not-)(?:\w+-)*(?:sr-only|visually-?hidden|screen-?reader(?:s|-text|-only)?)(?:-focusable)?", re.IGNORECASE
)
"""Classes that all frameworks have for what only screen readers are to read, with the prefix of some."""
_BROUGHT_BACK = re.compile(r"(?!focus)[\w-]+:not-sr-only")
"""Tailwind's class for what is seen on wider screens."""
_ICON_FONT = re.compile(r"(?:google-)?material-(?:icons|symbols)(?:-\w+)*", re.IGNORECASE)
"""Classes of fonts that draw an icon in the place of its name."""
_ICON_CLASS = re.compile(r"(?:.*[-_])?icons?(?:[-_].*)?")
_ICON_NAME = re.compile(r"[a-z0-9_]{1,40}")


def is_hidden(element: Element) -> bool:
    """True for an element no reader sees.

    Panels of tabs are shown one at a time, and so are the variants of a block of code: they are not hidden.
    """
    if element.get("role") == "tabpanel" or not is_out_of_sight(element):
        return False
    return element.find(".//pre") is None


def is_out_of_sight(element: Element) -> bool:
    """True for an element that is not to be seen as the page stands."""
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    return is_for_screen_readers(element) or bool(_STYLE.search(element.get("style") or ""))


def is_for_screen_readers(element: Element) -> bool:
    """True for what a class takes out of sight but not from screen readers."""
    return _names_screen_readers(element.get("class") or "")


@short_cache(maxsize=4096)
def _names_screen_readers(classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    names = classes.split()
    return any(map(_FOR_SCREEN_READERS.fullmatch, names)) and not any(map(_BROUGHT_BACK.fullmatch, names))


def is_marked_hidden(element: Element) -> bool:
    """True for a class of that name, unless others bring the element back on wider screens."""
    names = (element.get("class") or "").split()
    return "hidden" in names and not any(":" in name for name in names)


def is_ornament(element: Element) -> bool:
    """True for what its author says screen readers lose nothing by passing over."""
    return element.get("aria-hidden") == "true" or element.get("role") in ("presentation", "none")


def is_icon(element: Element) -> bool:
    """True for an icon that a font draws: in the place of its name, or of signs that no other font has."""
    text = (element.text or "").strip()
    if element.tag not in ("i", "span") or len(element) or not text:
        return False
    names = (element.get("class") or "").split()
    if _ICON_NAME.fullmatch(text):
        named = element.get("aria-hidden") == "true" and "_" in text and any(map(_ICON_CLASS.fullmatch, names))
        return named or any(map(_ICON_FONT.fullmatch, names))
    return is_private(text)


def is_private(text: str) -> bool:
    """True for nothing but signs for private use (U+E000 to U+F8FF), which are another picture in each font."""
    signs = "".join(text.split())
    return not signs.isascii() and all("\ue000" <= sign <= "\uf8ff" for sign in signs)
