"""Pages in reading order, in chapters: computed in a worker process, since what pages say of their order is foreign."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence

from sitebookify.book.contents.chapter_numbers import numbers_of
from sitebookify.book.contents.chapters import chapters
from sitebookify.book.contents.evidence import Evidence
from sitebookify.book.contents.forest import Forest
from sitebookify.book.contents.posts import by_day
from sitebookify.book.contents.reading_order import ordered
from sitebookify.book.html.addresses import base_of
from sitebookify.book.limits import limited
from sitebookify.book.model import Chapter, Link, PageRef
from sitebookify.spec import PostOrder


@limited(seconds=20)
def framed_menu(packed: bytes, url: str) -> tuple[tuple[Link, ...], ...]:
    """The lists of the menu that a site keeps in a page of its own, shown in a frame of every other page (mdBook).

    The page is at ``url``; its text is ``packed`` as gzip-compressed UTF-8.
    """
    from sitebookify.book.crawl.reading import tree_of  # noqa: PLC0415 - readers are loaded where they work
    from sitebookify.book.extract.navigation import navigation  # noqa: PLC0415 - the same

    root = tree_of(gzip.decompress(packed).decode())
    return tuple(entries for _, entries in navigation(root, base_of(root, url), set()))


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
