r"""Formulas that a class or an address names: TeX that a script is to draw (GitLab, GitHub), pictures of formulas."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit

from sitebookify.book.tree import Element, classes_of, finder, text_of

_DISPLAYED = "js-display-math"
_NAMES = frozenset(("js-inline-math", "js-render-math", _DISPLAYED))
"""Classes of TeX that a script is to draw."""
_DRAWERS = re.compile(
    r"/latex\.php\?|codecogs\.com/(?:svg|png|gif)\.(?:latex|image)\?|/(?:mathtex|mimetex)(?:\.cgi)?\?|chart\?cht=tx"
)
"""Addresses of services that draw the TeX in their query."""
_QUERY = re.compile(r"(?:^|&)(?:latex|chl|tex)=([^&]*)")
_DELIMITERS = re.compile(r"\s*(\$\$?|\\[(\[])(.*?)(\$\$?|\\[)\]])\s*", re.DOTALL)
_can_be_named = finder(["img"], ["class"])


def named_formulas(root: Element) -> list[tuple[Element, str, bool]]:
    """The elements that are formulas by name, each with its TeX and whether it is displayed."""
    formulas: list[tuple[Element, str, bool]] = []
    for element in _can_be_named(root):
        names = classes_of(element)
        is_named = element.tag != "img" and not _NAMES.isdisjoint(names)
        displayed = is_named and (_DISPLAYED in names or element.get("data-math-style") == "display")
        tex = _undelimited(text_of(element)).strip() if is_named else _pictured(element)
        if tex:
            formulas.append((element, tex, displayed))
    return formulas


def _undelimited(tex: str) -> str:
    match = _DELIMITERS.fullmatch(tex)
    return match[2] if match else tex


def _pictured(picture: Element) -> str:
    """The TeX of a picture that a service draws of it: its alternative text, else the address."""
    source = (picture.get("src") or picture.get("data-src") or "") if picture.tag == "img" else ""
    if not _DRAWERS.search(source):
        return ""
    alternative = picture.get("alt", "").strip()
    if alternative:
        return _undelimited(alternative)
    query = urlsplit(source).query
    match = _QUERY.search(query)
    return unquote_plus(match[1] if match else query).strip()
