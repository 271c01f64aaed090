"""Which elements a reader of the page does not see: by attribute, by inline style, by class.

Style sheets are not read. ``aria-hidden`` is no sign by itself: it keeps from screen readers what everyone else sees,
numbers of headings, stars, drawn formulas; what it marks may be an ornament, though (`is_ornament`).
"""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element, classes_of

_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:left|text-indent)\s*:\s*-\d{4,6}(?:px|em|rem)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\))",
    re.IGNORECASE,
)
"""Styles that take out of sight; the last ones are the old ways to keep words for screen readers."""
_FOR_SCREEN_READERS = re.compile(
    r"(?!not-)(?:\w+-)*(?:sr-only|visually-?hidden|screen-?reader(?:s|-text|-only)?)(?:-focusable)?"
    r"|(?:\w+-)*(?:a11y-(?:hidden|only|text)|hidden-visually|off-?screen|(?:element|text)-invisible|assistive-text"
    r"|accessibly-hidden|hide-visually|hidden-accessible|accessibility-text|visuallyhidden|reader-only)",
    re.IGNORECASE,
)
"""Classes that all frameworks have for what only screen readers are to read, with the prefix of some."""
_BROUGHT_BACK = re.compile(r"(?!focus)[\w-]+:not-sr-only")
"""Tailwind's class for what is seen on wider screens."""
_ICON_FONT = re.compile(r"(?:google-)?material-(?:icons|symbols)(?:-\w+)*", re.IGNORECASE)
"""Classes of fonts that draw an icon in the place of its name."""
_ICON_CLASS = re.compile(r"(?:.*[-_])?icons?(?:[-_].*)?")
_ICON_NAME = re.compile(r"[a-z0-9_]{1,40}")
_ANSWER = re.compile(r"(?:.*[-_])?(?:answer|explanation|hint|reveal|solution|spoiler)s?(?:[-_].*)?", re.IGNORECASE)
"""Classes of what a button beside it shows."""
_NEAR = 12
"""Elements before a hidden one that are looked at for what opens it."""


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
    if element.get("popover") is not None:
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
    names = classes_of(element)
    return "hidden" in names and not any(":" in name for name in names)


def opens_by_a_click(element: Element) -> bool:
    """True for an answer, however short: what is precedes it opens it, or is a heading of nothing else."""
    if element.get("role") == "region":
        return True
    before = element.getprevious()
    if before is None:
        return False
    if before.tag == "button" and any(map(_ANSWER.fullmatch, classes_of(element))):
        return True
    following = element.getnext()
    if before.tag in HEADINGS and (following is None or following.tag in HEADINGS):
        return True
    if before.tag in ("dt", "label", "summary") and (element.tag == "dd" or before.get("for") is not None):
        return True
    return any(inner.get("aria-expanded") is not None for inner in islice(before.iter("*"), _NEAR))


def is_ornament(element: Element) -> bool:
    """True for what its author says screen readers lose nothing by passing over."""
    return element.get("aria-hidden") == "true" or element.get("role") in ("presentation", "none")


def is_icon(element: Element) -> bool:
    """True for an icon that a font draws: in the place of its name, or of signs that no other font has."""
    text = (element.text or "").strip()
    is_own_element = str(element.tag).endswith("-icon")
    if not is_own_element and element.tag not in ("i", "span"):
        return False
    if not text or len(element):
        return False
    if not _ICON_NAME.fullmatch(text):
        return is_private(text)
    names = classes_of(element)
    if is_own_element or any(map(_ICON_FONT.fullmatch, names)):
        return True
    return element.get("aria-hidden") == "true" and "_" in text and any(map(_ICON_CLASS.fullmatch, names))


def is_private(text: str) -> bool:
    """True for nothing but signs for private use (U+E000 to U+F8FF), which are another picture in each font."""
    signs = "".join(text.split())
    return not signs.isascii() and all("\ue000" <= sign <= "\uf8ff" for sign in signs)
