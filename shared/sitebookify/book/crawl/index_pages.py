"""Pages that lead to the book's pages and are none themselves: lists of posts, and pages of tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sitebookify.book.crawl.borders import MOST_NAMED
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.post_lists import (
    PostDays,
    first_page,
    is_group,
    is_grouping,
    is_list,
    is_menu,
    may_only_name,
)
from sitebookify.book.crawl.service_pages import Service, names_action, revised_page
from sitebookify.book.crawl.start import at_home
from sitebookify.book.html.days import day_of_path
from sitebookify.book.scope import Area, Scope
from sitebookify.book.urls import identity

_FEWEST_REVISIONS = 2


def lists_posts(url: str, document: Document, scope: Scope, post_days: PostDays) -> bool:
    """True for a page that does little but list posts, of which it takes note then."""
    entries = document.entries
    posts = {scope.home(post): day for post, day in entries.posts}
    inside = _inside(posts, scope)
    familiar = sum(post in post_days.days for post in inside)
    if not is_list(url, entries, inside=len(inside), familiar=familiar):
        return False
    for post in inside:
        post_days.note(post, posts[post])
    return True


def first_of_list(url: str, document: Document) -> str:
    """The URL of the list of posts whose second or later page is at the URL; "" for any other page."""
    first = first_page(url)
    posts = document.entries.posts
    if not first or not is_list(url, document.entries, inside=len(posts), familiar=0):
        return ""
    return next((link for link in document.links if link.rstrip("/") == first.rstrip("/")), first)


def widened(area: Area, url: str, document: Document) -> Area:
    """A blog's area with the posts that the page at the URL lists, if it is a list in this area.

    A list of lists would bring in everything, so it names at most `MOST_NAMED` pages.
    """
    if not area.posts or not area.contains(url):
        return area
    posts = at_home((post for post, _ in document.entries.posts), area.origin)
    if not is_list(url, document.entries, inside=len(posts), familiar=0):
        return area
    room = max(0, MOST_NAMED - len(area.pages))
    new = [identity(post) for post in posts if not area.contains(post)][:room]
    return replace(area, pages=area.pages.union(new)) if new else area


def service_shown(url: str, document: Document) -> Service | None:
    """What the page at the URL is for, where its content shows that it is not for reading."""
    if document.search:
        return Service.SEARCH_PAGE
    if not names_action(url):
        return None
    above = url.partition("?")[0].rpartition("/")[0]
    revisions = sum(revised_page(link) == above for link in document.links)
    return Service.HISTORY if revisions >= _FEWEST_REVISIONS else None


def groups_posts(url: str, document: Document, scope: Scope) -> bool:
    """True for the page of a tag, a category or a month that only names posts, though nothing else may lead to them."""
    return is_grouping(url) and is_group(url, _named(url, document.links, scope), document.beside_links)


def names_known_pages(
    url: str, document: Document, scope: Scope, seen: Callable[[str], bool], post_days: PostDays
) -> bool:
    """True for a page of nothing but links, most to posts, if others have led to all that it names.

    Posts are those of ``post_days``, and pages with days in their URLs. Menus around the text do not count. The page
    says nothing of the posts' order.
    """
    if not may_only_name(url, document.beside_links):
        return False
    named = _named(url, document.own_links, scope) or _named(url, document.links, scope)
    if not is_menu(named, document.beside_links) or not all(map(seen, named)):
        return False
    posts = sum(each in post_days.days or bool(day_of_path(each)) for each in named)
    return 2 * posts > len(named) and url not in post_days.days


def _named(url: str, links: Iterable[str], scope: Scope) -> list[str]:
    """The pages of the book among the page's links, but for other groups of posts."""
    return [each for each in _inside(links, scope) if not is_grouping(each) and each != url]


def _inside(urls: Iterable[str], scope: Scope) -> list[str]:
    """Those that the book may have."""
    return [url for url in map(scope.home, urls) if scope.contains(url) and scope.chosen(url)]
