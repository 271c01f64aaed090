"""Numbers that explain lines of a listing and are drawn as pictures: ``(1)`` in code and beside the text."""

from __future__ import annotations

from sitebookify.book.html.vocabulary import PREFORMATTED
from sitebookify.book.tree import Element, make, replace

_MOST = 99
"""The largest number that is one."""


def normalise(root: Element) -> None:
    """Write the numbers in code, and those of the explanations that lead to them."""
    places: set[str] = set()
    for block in root.iter(*PREFORMATTED):
        for picture in [*block.iter("img")]:
            number = _number(picture)
            if number:
                places |= _places(picture, block)
                replace(picture, make("span", number))
    for link in [*root.iter("a")] if places else []:
        drawn = link.find(".//img")
        name = (link.get("href") or "").rpartition("#")[2]
        if drawn is not None and name in places and (number := _number(drawn)):
            replace(link, make("span", number))


def _number(picture: Element) -> str:
    number = (picture.get("alt") or "").strip(" ()")
    return f"({number})" if number.isdecimal() and int(number[:3]) <= _MOST else ""


def _places(picture: Element, block: Element) -> set[str]:
    """The ids of the picture, and of what stands around and right before it."""
    names: set[str] = set()
    for element in (picture, *picture.iterancestors()):
        if element is block:
            break
        before = element.getprevious()
        near = (element, before) if before is not None and not (before.tail or "").strip() else (element,)
        names.update(name for one in near for name in (one.get("id"), one.get("name")) if name)
    return names
