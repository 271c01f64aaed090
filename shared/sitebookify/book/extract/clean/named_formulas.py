r"""Formulas that a class or an address names: TeX that a script is to draw (GitLab, GitHub), pictures of formulas."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit

from sitebookify.book.tree import Element, classes_of, finder, text_of

_IN_LINE = frozenset(("js-inline-math",))
_DISPLAYED = frozenset(("js-display-math",))
_EITHER = frozenset(("js-render-math",))
_NAMES = _IN_LINE | _DISPLAYED | _EITHER
_DRAWERS = re.compile(
    r"/latex\.php\?|codecogs\.com/(?:svg|png|gif)\.(?:latex|image)\?|/(?:mathtex|mimetex)(?:\.cgi)?\?|chart\?cht=tx"
)
"""Addresses of services that draw the TeX in their query."""
_QUERY = re.compile(r"(?:^|&)(?:latex|chl|tex)=([^&]*)")
_DELIMITERS = re.compile(r"\s*(\$\$?|\\[(\[])(.*?)(\$\$?|\\[)\]])\s*", re.DOTALL)
_can_be_named = finder(["img"], ["class"])


def named_formulas(root: Element) -> list[tuple[Element, str, bool]]:
    """The elements that are formulas by name, each with its TeX and whether it is displayed."""
    formulas = []
    for element in _can_be_named(root):
        if element.tag == "img":
            tex, displayed = _pictured(element), False
        else:
            tex, displayed = _named(element)
        if tex:
            formulas.append((element, tex, displayed))
    return formulas


def _named(element: Element) -> tuple[str, bool]:
    names = set(classes_of(element))
    if names.isdisjoint(_NAMES):
        return "", False
    tex = text_of(element).strip()
    match = _DELIMITERS.fullmatch(tex)
    displayed = not names.isdisjoint(_DISPLAYED) or element.get("data-math-style") == "display"
    return (match[2].strip() if match else tex), displayed


def _pictured(picture: Element) -> str:
    """The TeX of a picture that a service draws of it: its alternative text, else the address."""
    source = picture.get("src") or picture.get("data-src") or ""
    if not _DRAWERS.search(source):
        return ""
    alternative = (picture.get("alt") or "").strip()
    if alternative:
        match = _DELIMITERS.fullmatch(alternative)
        return match[2] if match else alternative
    query = urlsplit(source).query
    named = _QUERY.search(query)
    return unquote_plus(named[1] if named else query).strip()
