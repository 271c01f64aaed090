"""Pages that lead to the book's pages and are none themselves: lists of posts, and pages of tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sitebookify.book.crawl.post_lists import PostDays, is_group, is_grouping, is_list
from sitebookify.book.crawl.reading import Document
from sitebookify.book.scope import Scope


def lists_posts(url: str, document: Document, scope: Scope, known: PostDays) -> bool:
    """True for a page that does little but list posts, of which it takes note then."""
    entries = document.entries
    posts = {scope.home(post): day for post, day in entries.posts}
    inside = _inside(posts, scope)
    familiar = sum(post in known.days for post in inside)
    if not is_list(url, entries, inside=len(inside), known=familiar):
        return False
    for post in inside:
        known.note(post, posts[post])
    return True


def names_known_pages(url: str, document: Document, scope: Scope, seen: Callable[[str], bool]) -> bool:
    """True for the page of a tag, if others have led to all the pages that it names: it says nothing of their order."""
    named = [each for each in _inside(document.links, scope) if not is_grouping(each) and each != url]
    return all(map(seen, named)) and is_group(url, named, document.beside_links)


def _inside(urls: Iterable[str], scope: Scope) -> list[str]:
    """Those that the book may have."""
    return [url for url in map(scope.home, urls) if scope.contains(url) and scope.chosen(url)]
