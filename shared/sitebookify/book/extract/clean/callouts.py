"""Numbers that explain lines of a listing and are drawn as pictures: ``(1)`` in code and beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from sitebookify.book.extract.clean.elements import number_in
from sitebookify.book.html.vocabulary import CELLS, PREFORMATTED
from sitebookify.book.tree import Element, classes_of, is_blank, make, replace, text_of, words_of

_ANNOTATION = re.compile(r"\((\d{1,2})\)!")
_NEAR = 20
"""Elements before a list among which the code that it explains begins."""
_MOST = 99
"""The largest number that is one."""


def normalise(root: Element) -> None:
    """Write the numbers in code, and those of the explanations that lead to them."""
    _annotations(root)
    for table in [*root.iter("table")]:
        _as_list(table)
    places: set[str] = set()
    for block in root.iter(*PREFORMATTED):
        for picture in [*block.iter("img")]:
            number = _number(picture)
            if number:
                places.update(_places(picture, block))
                replace(picture, make("span", number))
    if places:
        _unlink_numbers(root, places)


def _unlink_numbers(root: Element, places: set[str]) -> None:
    """Write the number in the place of each drawn one that leads to the code."""
    for link in [*root.iter("a")]:
        picture = link.find(".//img")
        target = link.get("href", "").rpartition("#")[2]
        if picture is not None and target in places and _number(picture):
            replace(link, make("span", _number(picture)))


def _as_list(table: Element) -> None:
    """Explanations that a table numbers (AsciiDoc with icons) are a numbered list: the table only draws."""
    box = table.getparent()
    if box is None or "colist" not in classes_of(box):
        return
    rows = [[*row.iterchildren(*CELLS)] for row in table.iter("tr")]
    numbered = all(len(cells) == 2 and words_of(cells[0]) == str(number) for number, cells in enumerate(rows, 1))
    if not rows or not numbered:
        return
    items = make("ol")
    for _, text in rows:
        text.tag = "li"
        items.append(text)
    replace(table, items)


def _annotations(root: Element) -> None:
    """``(1)!`` in comments of code that a numbered list explains (Material): the sign is the typesetter's."""
    for notes in [*root.iter("ol")]:
        block = _code_before(notes)
        if block is None or ")!" not in text_of(block):
            continue
        for element in [*block.iter("*")]:
            element.text = _ANNOTATION.sub(r"(\1)", element.text or "")
            if element is not block:
                element.tail = _ANNOTATION.sub(r"(\1)", element.tail or "")


def _code_before(notes: Element) -> Element | None:
    """The code block that what stands before the list begins with."""
    before = notes.getprevious()
    near = [] if before is None else islice(before.iter("*"), _NEAR)
    return next((element for element in near if element.tag == "pre"), None)


def _number(picture: Element) -> str:
    number = picture.get("alt", "").strip(" ()")
    return f"({number})" if 0 <= number_in(number) <= _MOST else ""


def _places(picture: Element, block: Element) -> Iterator[str]:
    """The ids of the picture, and of what stands around and right before it."""
    for element in (picture, *picture.iterancestors()):
        if element is block:
            return
        before = element.getprevious()
        near = [element] if before is None or not is_blank(before.tail) else [element, before]
        for place in near:
            names = (place.get("id"), place.get("name"))
            yield from filter(None, names)
