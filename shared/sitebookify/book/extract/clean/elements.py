"""What several steps ask of an element and do to it, beyond `book.tree`; and the classes of our own that they give it.

Those are kept apart from the page's until the end: what is marked has been given its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from sitebookify.book.short_cache import short_cache
from sitebookify.book.tree import Element, finder, make, unwrap, words_of

_LONGEST_NUMBER = 9
"""Digits. Python refuses to read some thousands of them."""
_OURS = "book-class"
_with_classes = finder(attributes=["class", _OURS])


def is_empty(box: Element) -> bool:
    """True for a box without words and pictures."""
    return not words_of(box) and box.find(".//img") is None


def has_letters(text: str) -> bool:
    """True for a text with letters or digits, which is no mere sign."""
    return any(map(str.isalnum, text))


def number_in(text: str) -> int:
    """The number that the text is; -1 for none, and for one longer than any page means."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_NUMBER else -1


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


def beside(element: Element) -> list[Element]:
    """The elements right before and after this one."""
    return [other for other in (element.getprevious(), element.getnext()) if other is not None]


def own_parts(table: Element, *tags: str) -> list[Element]:
    """The table's parts with these tags, without those of tables inside it."""
    return [part for part in table.iter(*tags) if next(part.iterancestors("table"), None) is table]


def put_first(element: Element, box: Element) -> None:
    """Put the element at the beginning of the box, before its text."""
    element.tail, box.text = box.text, None
    box.insert(0, element)


def enclose(element: Element, tag: str) -> Element:
    """Put a new element around this one, and return it; the text after this one stays after both."""
    box = make(tag)
    element.addprevious(box)
    box.tail, element.tail = element.tail, None
    box.append(element)
    return box


def enclose_content(element: Element, tag: str, **attributes: str) -> None:
    """Put a new element around everything that this one holds."""
    inner = make(tag, element.text, **attributes)
    inner.extend([*element])
    element.text = None
    element.append(inner)


def put_space_before(element: Element) -> None:
    """Put a space before the element."""
    space = make("span", " ")
    element.addprevious(space)
    unwrap(space)


def put_place_before(element: Element, name: str) -> None:
    """Put an empty element with this id, to which links lead, before the element."""
    element.addprevious(make("span", id=name))


def pass_on(element: Element, other: Element, *names: str) -> None:
    """Give the other element these attributes of the first, as far as it has none of its own."""
    for name in names:
        value = element.get(name)
        if value and not other.get(name):
            other.set(name, value)


def mark(element: Element, *classes: str) -> None:
    """Give the element classes that stay."""
    element.set(_OURS, " ".join(classes))


def is_marked(element: Element) -> bool:
    """True for an element that has been given its form."""
    return element.get(_OURS) is not None


def settle(root: Element) -> None:
    """Replace the page's classes by ours."""
    for element in _with_classes(root):
        element.attrib.pop("class", "")
        ours = str(element.attrib.pop(_OURS, ""))
        if ours:
            element.set("class", ours)
