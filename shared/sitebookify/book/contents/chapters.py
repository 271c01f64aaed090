"""Pages in reading order cut into chapters of a size that a renderer and an e-reader can hold."""

from __future__ import annotations

from collections.abc import Iterable

from sitebookify.book.model import Chapter, PageRef, Section

MOST_PAGES = 50
MOST_WORDS = 30_000
"""About 300 KB of HTML."""


def chapters(ordered: Iterable[tuple[PageRef, int]]) -> list[Chapter]:
    """The pages, each with its depth in the site's navigation, as chapters.

    A page of depth 0 begins a chapter; one that grows too long is cut at a page's end.
    """
    groups: list[list[Section]] = []
    for ref, depth in ordered:
        if depth == 0 or not groups or _full(groups[-1], ref.words):
            groups.append([])
        groups[-1].append(_section(ref, depth))
    return [_chapter(number, group) for number, group in enumerate(groups, 1)]


def _full(group: list[Section], words: int) -> bool:
    return len(group) >= MOST_PAGES or sum(section.words for section in group) + words > MOST_WORDS


def _section(ref: PageRef, level: int) -> Section:
    return Section(url=ref.url, blob=ref.blob, title=ref.title, level=level, words=ref.words, sha256=ref.sha256)


def _chapter(number: int, sections: list[Section]) -> Chapter:
    return Chapter(id=f"chapter-{number:03}", title=sections[0].title, part="", sections=tuple(sections))
