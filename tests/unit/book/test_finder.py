"""Searches for elements by tag and attribute: what is found, and in which order."""

from __future__ import annotations

import pytest

from sitebookify.book.tree import Element, finder, fragment

PAGE = '<section role="a"><p>One</p><b data-x="">two</b><i class="c" role="r">three</i></section><p role="z">four</p>'


def _tags(elements: list[Element]) -> list[str]:
    return [str(element.tag) for element in elements]


@pytest.mark.parametrize(
    ("tags", "attributes", "expected"),
    [
        ((), ("role",), ["section", "i", "p"]),
        ((), ("role", "class", "data-x"), ["section", "b", "i", "p"]),
        (("p", "b"), (), ["p", "b", "p"]),
        (("p",), ("data-x", "role"), ["section", "p", "b", "i", "p"]),
        (("u",), ("title",), []),
    ],
)
def test_elements_with_any_of_the_names_come_once_in_document_order(
    tags: tuple[str, ...], attributes: tuple[str, ...], expected: list[str]
) -> None:
    assert _tags(finder(tags, attributes)(fragment(PAGE))) == expected


def test_the_element_itself_is_looked_at_and_what_stands_around_it_is_not() -> None:
    section = fragment(PAGE)[0]
    assert _tags(finder(attributes=["role"])(section)) == ["section", "i"]
