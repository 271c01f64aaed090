"""The forest that the tree of contents grows in."""

from __future__ import annotations

import pytest

from sitebookify.book.contents.forest import Forest
from support.growth import assert_proportional


def test_pages_stand_where_they_are_put() -> None:
    forest = Forest()
    second = forest.add(2, forest.root)
    first = forest.add(1, forest.root, before=second)
    forest.add(3, forest.root)
    forest.add(9, forest.root, before=first.next)
    assert [node.page for node in forest.root.children] == [1, 9, 2, 3]
    assert 9 in forest
    assert forest.find(9).parent is forest.root
    with pytest.raises(KeyError):
        forest.find(4)


def test_a_label_is_there_once_below_one_parent() -> None:
    forest = Forest()
    label = forest.add_label("More", forest.root)
    assert forest.add_label("More", forest.root) is label
    assert forest.add_label("More", label) is not label


def test_what_would_be_too_deep_stands_beside_what_it_belongs_below() -> None:
    """A page a level deeper each time makes no contents that a reader could follow, nor an outline that renders."""
    forest = Forest()
    node = forest.root
    for page in range(30):
        node = forest.add(page, node)
    assert max(each.depth for each in forest.root.walk()) == 12
    assert [each.page for each in forest.root.walk()][1:] == list(range(30))


@pytest.mark.parametrize("place", ["labels", "after", "before"])
def test_siblings_are_placed_in_proportion(place: str) -> None:
    def grow(size: int) -> None:
        forest = Forest()
        first = forest.add(0, forest.root)
        last = forest.add(1, forest.root)
        for page in range(2, size):
            match place:
                case "labels":
                    forest.add_label(f"Label {page}", forest.root)
                case "after":
                    last = forest.add(page, forest.root, before=last.next)
                case _:
                    forest.add(page, forest.root, before=last)
        assert next(forest.root.children) is first

    assert_proportional(grow, 2000)
