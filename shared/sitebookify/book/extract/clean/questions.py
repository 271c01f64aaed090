"""What several steps ask of an element, beyond what `book.tree` answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element, words_of


def is_empty(box: Element) -> bool:
    """True for a box without words and pictures."""
    return not words_of(box) and box.find(".//img") is None


def has_letters(text: str) -> bool:
    """True for a text with letters or digits, which is no mere sign."""
    return any(map(str.isalnum, text))


def holds_several(box: Element, tag: str) -> bool:
    """True where more than one element of the box, itself counted, has the tag."""
    return next(islice(box.iter(tag), 1, None), None) is not None


def named(pattern: str) -> Callable[[Element], bool]:
    """The question whether the pattern fully matches one of an element's classes, in lower case."""
    matches = re.compile(pattern).fullmatch

    @short_cache(maxsize=4096)  # templates have few class attributes
    def any_matches(classes: str) -> bool:
        return any(map(matches, classes.lower().split()))

    return lambda element: any_matches(element.get("class") or "")


def first_attribute(element: Element, names: Iterable[str]) -> str:
    """The first of these attributes that is not empty, or ""."""
    values = map(element.get, names)
    return next(filter(None, values), "")


def own_parts(table: Element, *tags: str) -> list[Element]:
    """The table's parts with these tags, without those of tables inside it."""
    return [part for part in table.iter(*tags) if next(part.iterancestors("table"), None) is table]
