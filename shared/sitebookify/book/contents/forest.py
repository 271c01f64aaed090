"""The tree of contents while it is being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_DEEPEST = 12
"""Levels of the tree; what would be deeper becomes a sibling of its parent."""


@dataclass(slots=True, eq=False)
class Node:
    """A page by its number, or a label (``page`` is None) over others."""

    page: int | None = None
    label: str = ""
    parent: Node | None = None
    depth: int = 0
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


class Forest:
    """All pages placed so far, each once, below a root that stands for the book."""

    def __init__(self) -> None:
        self.root = Node()
        self._places: dict[int, Node] = {}

    def __contains__(self, page: int) -> bool:
        return page in self._places

    def __len__(self) -> int:
        return len(self._places)

    def find(self, page: int) -> Node:
        """The page's node.

        Raises:
            KeyError: the page is not placed yet.
        """
        return self._places[page]

    def add(
        self,
        page: int,
        parent: Node,
        *,
        after: Node | None = None,
        before: Node | None = None,
    ) -> Node:
        """Place a page below ``parent``: after or before one of its children, else last."""
        node = Node(page=page)
        self._places[page] = node
        self._insert(node, parent, after, before)
        return node

    def add_label(
        self,
        text: str,
        parent: Node,
        *,
        after: Node | None = None,
        before: Node | None = None,
    ) -> Node:
        """Place a label below ``parent``, or return the one there with the same text."""
        for child in parent.children:
            if child.page is None and child.label == text:
                return child
        node = Node(label=text)
        self._insert(node, parent, after, before)
        return node

    def _insert(self, node: Node, parent: Node, after: Node | None, before: Node | None) -> None:
        if parent.depth >= _DEEPEST and parent.parent is not None:
            parent, after, before = parent.parent, parent, None
        node.parent = parent
        node.depth = parent.depth + 1
        if after is not None:
            parent.children.insert(parent.children.index(after) + 1, node)
        elif before is not None:
            parent.children.insert(parent.children.index(before), node)
        else:
            parent.children.append(node)
