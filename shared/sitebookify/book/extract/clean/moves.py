"""Changes to the tree that several steps make, beyond those of `book.tree`."""

from __future__ import annotations

from sitebookify.book.tree import Element, make, unwrap


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
