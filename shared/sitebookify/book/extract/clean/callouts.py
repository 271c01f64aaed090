"""Numbers that explain lines of a listing and are drawn as pictures: ``(1)`` in code and beside the text."""

from __future__ import annotations

import re
from itertools import islice

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
                places |= _places(picture, block)
                replace(picture, make("span", number))
    for link in [*root.iter("a")] if places else []:
        drawn = link.find(".//img")
        name = (link.get("href") or "").rpartition("#")[2]
        if drawn is not None and name in places and (number := _number(drawn)):
            replace(link, make("span", number))


def _as_list(table: Element) -> None:
    """Explanations that a table numbers (AsciiDoc with icons) are a numbered list: the table only draws."""
    box = table.getparent()
    if box is None or "colist" not in classes_of(box):
        return
    rows = [[cell for cell in row if cell.tag in CELLS] for row in table.iter("tr")]
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
        before = notes.getprevious()
        near = islice(before.iter("*"), _NEAR) if before is not None else ()
        block = next((element for element in near if element.tag == "pre"), None)
        for element in [*block.iter("*")] if block is not None and ")!" in text_of(block) else []:
            element.text = _ANNOTATION.sub(r"(\1)", element.text or "")
            if element is not block:
                element.tail = _ANNOTATION.sub(r"(\1)", element.tail or "")


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
        near = (element, before) if before is not None and is_blank(before.tail) else (element,)
        names.update(name for one in near for name in (one.get("id"), one.get("name")) if name)
    return names
