"""The tree of contents cut into parts and chapters of a size that a renderer and an e-reader can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sitebookify.book.contents.forest import Node
from sitebookify.book.model import Chapter, PageRef, Section

MOST_PAGES = 50
"""Pages of a chapter."""
MOST_WORDS = 30_000
"""Words of a chapter: about 300 KB of HTML. One page that is longer is a chapter of its own."""


_NO_NUMBERS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Pages:
    """All pages, and the numbers that the site gives some of them."""

    refs: Sequence[PageRef]
    numbers: Mapping[int, str]


@dataclass(slots=True)
class _Draft:
    title: str
    part: str
    sections: list[Section] = field(default_factory=list)


def chapters(root: Node, refs: Sequence[PageRef], numbers: Mapping[int, str] = _NO_NUMBERS) -> list[Chapter]:
    """Every page of the tree, in its order, as a section of a chapter; ``numbers`` are the site's own, by page.

    A page at the top and everything below it make a chapter; a label at the top makes a part. What is too long
    for one chapter becomes a part of its own or, where it already is in a part, is cut between pages.
    """
    drafts: list[_Draft] = []
    pages = _Pages(refs, numbers)
    for node in _tops(root):
        _draft(node, "", pages, drafts)
    return [
        Chapter(id=f"chapter-{number:03}", title=draft.title, part=draft.part, sections=tuple(draft.sections))
        for number, draft in enumerate(drafts, 1)
    ]


def cut_to_size(title: str, part: str, sections: Sequence[Section]) -> list[Chapter]:
    """A chapter, or as many as its pages need; ``id`` is left empty."""
    drafts: list[_Draft] = []
    _cut(sections, title, part, drafts)
    return [Chapter(id="", title=draft.title, part=part, sections=tuple(draft.sections)) for draft in drafts]


def _tops(root: Node) -> Iterator[Node]:
    """The nodes of chapters and parts; a page that stands above all others is a chapter of its own."""
    top = root.first
    if top is not None and top is root.last and top.page is not None:
        yield Node(page=top.page)
        root = top
    yield from root.children


def _draft(node: Node, part: str, pages: _Pages, drafts: list[_Draft]) -> None:
    """Add the chapters that the node makes."""
    sections = list(_sections(node, pages))
    if not sections:
        return
    title = node.label if node.page is None else pages.refs[node.page].title
    is_part = node.page is None and not part
    if not is_part and not _too_long(sections):
        drafts.append(_Draft(title, part, sections))
    elif part or node.first is node.last:
        _cut(sections, title, part, drafts)
    else:
        if node.page is not None:
            title = sections[0].label
            _draft(Node(page=node.page), title, pages, drafts)
        for child in node.children:
            _draft(child, title, pages, drafts)


def _sections(node: Node, pages: _Pages, level: int = 0) -> Iterator[Section]:
    if node.page is not None:
        ref = pages.refs[node.page]
        yield Section(
            url=ref.url,
            blob=ref.blob,
            title=ref.title,
            level=level,
            words=ref.words,
            sha256=ref.sha256,
            number=pages.numbers.get(node.page, ""),
        )
        level += 1
    for child in node.children:
        yield from _sections(child, pages, level)


def _too_long(sections: Sequence[Section]) -> bool:
    if len(sections) > MOST_PAGES:
        return True
    words = sum(section.words for section in sections)
    return len(sections) > 1 and words > MOST_WORDS


def _cut(sections: Sequence[Section], title: str, part: str, drafts: list[_Draft]) -> None:
    """Add chapters of as many pages as fit; each after the first has the title of its first page."""
    draft = _Draft(title, part)
    for section in sections:
        if draft.sections and _too_long([*draft.sections, section]):
            drafts.append(draft)
            draft = _Draft(section.title, part)
        draft.sections.append(section)
    drafts.append(draft)
