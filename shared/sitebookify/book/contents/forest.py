"""The tree of contents while it is being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_DEEPEST = 12
"""Levels of the tree; what would be deeper becomes a sibling of its parent."""


@dataclass(slots=True, eq=False)
class Node:
    """A page by its number, or a label (``page`` is None) over others.

    Siblings are linked to each other, since lists of links place one page beside another again and again: in a list
    each such step would take time by the number of siblings.
    """

    page: int | None = None
    label: str = ""
    parent: Node | None = None
    depth: int = 0
    first: Node | None = None
    last: Node | None = None
    previous: Node | None = None
    next: Node | None = None

    @property
    def children(self) -> Iterator[Node]:
        """The nodes right below this one, in reading order."""
        child = self.first
        while child is not None:
            yield child
            child = child.next

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(list(node.children)))

    def insert(self, child: Node, before: Node | None = None) -> None:
        """Put a node that has no place before one of the children, or behind all of them."""
        child.parent = self
        self._join(self.last if before is None else before.previous, child)
        self._join(child, before)

    def remove(self, child: Node) -> None:
        """Take a child out."""
        self._join(child.previous, child.next)

    def _join(self, left: Node | None, right: Node | None) -> None:
        """Make neighbours of two children; None is an end."""
        if left is None:
            self.first = right
        else:
            left.next = right
        if right is None:
            self.last = left
        else:
            right.previous = left


class Forest:
    """All pages placed so far, each once, below a root that stands for the book."""

    def __init__(self) -> None:
        self.root = Node()
        self._places: dict[int, Node] = {}
        self._labels: dict[tuple[Node, str, int], Node] = {}

    def __contains__(self, page: int) -> bool:
        return page in self._places

    def find(self, page: int) -> Node:
        """The page's node.

        Raises:
            KeyError: the page is not placed yet.
        """
        return self._places[page]

    def get(self, page: int | None) -> Node | None:
        """The page's node, None where it has none, or there is no page."""
        return None if page is None else self._places.get(page)

    def add(self, page: int, parent: Node, *, before: Node | None = None) -> Node:
        """Place a page below ``parent``: before one of its children, else last."""
        node = self._places[page] = Node(page=page)
        _insert(node, parent, before)
        return node

    def add_label(self, text: str, parent: Node, *, number: int = 0, before: Node | None = None) -> Node:
        """Place a label below ``parent``, or return the one there with the same text: of several, that ``number``."""
        existing = self._labels.get((parent, text, number))
        if existing is not None:
            return existing
        node = Node(label=text)
        _insert(node, parent, before)
        self._labels.setdefault((node.parent or parent, text, number), node)
        return node


def _insert(node: Node, parent: Node, before: Node | None) -> None:
    if parent.depth >= _DEEPEST and parent.parent is not None:
        parent, before = parent.parent, parent.next
    node.depth = parent.depth + 1
    parent.insert(node, before)
