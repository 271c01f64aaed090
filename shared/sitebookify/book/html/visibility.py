"""Which elements a reader of the page does not see: by attribute, by inline style, by class.

Style sheets are not read. ``aria-hidden`` is no sign by itself: it keeps from screen readers what everyone else sees,
numbers of headings, stars, drawn formulas; what it marks may be an ornament, though (`is_ornament`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from sitebookify.book.tree import Element

LABEL = 5
"""Words of what is hidden and too short for a text that would be opened: a tooltip, a state, a button's caption."""
_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(
    r"(?!not-)(?:\w+-)*(?:sr-only|visually-?hidden|screen-?reader(?:s|-text|-only)?)(?:-focusable)?", re.IGNORECASE
)
"""Classes that all frameworks have for what only screen readers are to read, with the prefix of some."""
_BROUGHT_BACK = re.compile(r"(?!focus)[\w-]+:not-sr-only")
"""Tailwind's class for what is seen on wider screens."""
_DRAWN_AS_ICON = re.compile(r"(?:google-)?material-(?:icons|symbols)(?:-\w+)*", re.IGNORECASE)
"""Classes of fonts that draw an icon in the place of its name."""


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


@lru_cache(maxsize=4096)
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
    """True for an icon of a font: by its class, where its text is the icon's name, or as a sign for private use."""
    return _names_icons(element.get("class") or "") or is_private(element)


@lru_cache(maxsize=4096)
def _names_icons(classes: str) -> bool:
    """The answer for a class attribute."""
    return any(map(_DRAWN_AS_ICON.fullmatch, classes.split()))


def is_private(element: Element) -> bool:
    """True for a text of nothing but signs for private use (U+E000 to U+F8FF): only its own font can draw it."""
    text = element.text or ""
    if len(element) or text.isascii():
        return False
    return all("\ue000" <= sign <= "\uf8ff" for sign in "".join(text.split()))
