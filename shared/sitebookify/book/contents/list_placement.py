"""Places the pages of a list of links in the tree of contents, beside the pages that it already holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sitebookify.book.contents.evidence import Evidence, LinkList
from sitebookify.book.contents.forest import Forest, Node


def place_list(
    forest: Forest, evidence: Evidence, links: LinkList, top: Node | None = None, *, of_sections: bool = False
) -> list[int]:
    """Place the list's pages that are not in the forest yet below ``top`` or the root, and return them.

    ``of_sections``: an entry may stand for pages that follow it, so the next one comes behind these.
    """
    return _ListPlacement(forest, evidence, links, of_sections=of_sections).place(top or forest.root)


class _ListPlacement:
    def __init__(self, forest: Forest, evidence: Evidence, links: LinkList, *, of_sections: bool) -> None:
        self._forest = forest
        self._evidence = evidence
        self._links = links
        self._of_sections = of_sections
        self._latest: dict[Node, Node] = {}
        self._label_counts: Counter[tuple[Node, str]] = Counter()

    def place(self, top: Node) -> list[int]:
        links = self._links
        placed: list[int] = []
        open_nodes = [(-1, top)]
        for position, (node, depth) in enumerate(zip(links.nodes, links.depths, strict=True)):
            while open_nodes[-1][0] >= depth:
                open_nodes.pop()
            parent = open_nodes[-1][1]
            if node in self._forest:
                entry = self._forest.find(node)
            elif node < 0:
                entry = self._label(position, parent)
            else:
                entry = self._forest.add(node, parent, before=self._next_child(position, parent))
                placed.append(node)
            if entry.parent is parent:
                self._latest[parent] = entry
            open_nodes.append((depth, entry))
        return placed

    def _label(self, position: int, parent: Node) -> Node:
        """The node of a label, which may be there already."""
        text = self._evidence.label(self._links.nodes[position])
        label = self._label_above_next_page(position, parent, text)
        if label is None:
            number = self._label_counts[parent, text]
            before = self._next_child(position, parent)
            label = self._forest.add_label(text, parent, number=number, before=before)
        self._label_counts[parent, text] += 1
        return label

    def _label_above_next_page(self, position: int, parent: Node, text: str) -> Node | None:
        """Of several labels of one text below ``parent``, the one with a page that the list has below this one."""
        page = next(self._pages_from(position + 1, self._links.depths[position] + 1), None)
        label = self._forest.find(page).parent if page is not None else None
        is_same = label is not None and label.label == text and label.parent is parent
        return label if is_same else None

    def _next_child(self, position: int, parent: Node) -> Node | None:
        """The child of ``parent`` that a new one comes before; None where it is the last."""
        if not self._of_sections and parent in self._latest:
            return self._latest[parent].next
        pages = self._pages_from(position, self._links.depths[position])
        boxes = (_child_above(self._forest.find(page), parent) for page in pages)
        return next(filter(None, boxes), None)

    def _pages_from(self, position: int, least_depth: int) -> Iterator[int]:
        """The pages in the forest among the entries from this position on, as long as they are so deep."""
        links = self._links
        for later in range(position, len(links.nodes)):
            if links.depths[later] < least_depth:
                return
            if links.nodes[later] in self._forest:
                yield links.nodes[later]


def _child_above(node: Node, parent: Node) -> Node | None:
    """The child of ``parent`` that the node is or stands below; a label may have been put above it meanwhile."""
    above: Node | None = node
    while above is not None and above.parent is not parent:
        above = above.parent
    return above
