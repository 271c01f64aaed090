"""The tree of contents cut into parts and chapters of a size that a renderer and an e-reader can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sitebookify.book.contents.forest import Node
from sitebookify.book.grouping import grouped
from sitebookify.book.model import Chapter, PageRef, Section

MOST_PAGES = 50
"""Pages of a chapter."""
MOST_WORDS = 30_000
"""Words of a chapter: about 300 KB of HTML. One page that is longer is a chapter of its own."""


def chapters(root: Node, refs: Sequence[PageRef], numbers: Mapping[int, str] | None = None) -> list[Chapter]:
    """Every page of the tree, in its order, as a section of a chapter; ``numbers`` are the site's own, by page.

    A page at the top and everything below it make a chapter; a label at the top makes a part. What is too long
    for one chapter becomes a part of its own or, where it already is in a part, is cut between pages. Each ``id`` is
    left empty.
    """
    division = _Division(refs, numbers or {})
    divided: list[Chapter] = []
    for node in _tops(root):
        divided += division.chapters(node)
    return divided


def cut_to_size(title: str, part: str, sections: Sequence[Section]) -> Iterator[Chapter]:
    """A chapter, or as many as its pages need, each further one with the title of its first page; no ``id``."""
    groups = grouped(sections, lambda section: section.words, MOST_WORDS, longest=MOST_PAGES)
    for number, group in enumerate(groups):
        yield Chapter(id="", title=group[0].title if number else title, part=part, sections=tuple(group))


def _tops(root: Node) -> Iterator[Node]:
    """The nodes of chapters and parts; a page that stands above all others is a chapter of its own."""
    top = root.first
    if top is not None and top is root.last and top.page is not None:
        yield Node(page=top.page)
        root = top
    yield from root.children


class _Division:
    """Divides the pages into chapters; ``numbers`` are the chapter numbers that the site shows, by page."""

    def __init__(self, refs: Sequence[PageRef], numbers: Mapping[int, str]) -> None:
        self._refs = refs
        self._numbers = numbers

    def chapters(self, node: Node, part: str = "") -> Iterator[Chapter]:
        """The chapters that the node makes in a part, or at the top of the book."""
        sections = list(self._sections(node))
        if not sections:
            return
        has_several_children = node.first is not node.last
        can_be_part = not part and has_several_children
        if can_be_part and (node.page is None or _is_too_long(sections)):
            yield from self._part(node, sections[0])
        else:
            title = node.label if node.page is None else sections[0].title
            yield from cut_to_size(title, part, sections)

    def _part(self, node: Node, first: Section) -> Iterator[Chapter]:
        part = node.label
        if node.page is not None:
            part = first.label
            yield from self.chapters(Node(page=node.page), part)
        for child in node.children:
            yield from self.chapters(child, part)

    def _sections(self, node: Node, level: int = 0) -> Iterator[Section]:
        if node.page is not None:
            yield self._refs[node.page].section(level, number=self._numbers.get(node.page, ""))
            level += 1
        for child in node.children:
            yield from self._sections(child, level)


def _is_too_long(sections: Sequence[Section]) -> bool:
    return len(sections) > MOST_PAGES or sum(section.words for section in sections) > MOST_WORDS
