"""Classes of our own, kept apart from the page's until the end."""

from __future__ import annotations

from sitebookify.book.tree import Element, finder

_OURS = "book-class"
_with_classes = finder(attributes=["class", _OURS])


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
