"""Pages in reading order, in chapters: computed in a worker process, since what pages say of their order is foreign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sitebookify.book.contents.chapter_numbers import numbers_of
from sitebookify.book.contents.chapters import chapters
from sitebookify.book.contents.evidence import Evidence
from sitebookify.book.contents.forest import Forest
from sitebookify.book.contents.posts import by_day
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.limits import limited
from sitebookify.book.model import Chapter, PageRef
from sitebookify.spec import PostOrder


@limited(seconds=60)
def by_evidence(refs: Sequence[PageRef], evidence: Evidence) -> list[Chapter]:
    """The pages in the order that they state themselves, with the numbers that the site's contents give them."""
    root = ordered(evidence, [ref.url for ref in refs]).root
    order = [node.page for node in root.walk() if node.page is not None]
    numbers = numbers_of(evidence.numbered_texts, [ref.title for ref in refs], order)
    return chapters(root, refs, numbers)


@limited(seconds=60)
def by_posts(refs: Sequence[PageRef], posts: Mapping[int, str], order: PostOrder) -> list[Chapter]:
    """A blog's posts by day, see `posts.by_day`; what is no post comes first."""
    newest_first = order is PostOrder.NEWEST_FIRST
    return chapters(by_day([ref.url for ref in refs], posts, newest_first=newest_first).root, refs)


def as_crawled(refs: Sequence[PageRef]) -> list[Chapter]:
    """The pages as the crawl met them, where their order is too costly to find."""
    forest = Forest()
    for page in range(len(refs)):
        forest.add(page, forest.root)
    return chapters(forest.root, refs)
