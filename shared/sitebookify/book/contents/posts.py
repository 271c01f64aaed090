"""The order of a blog: its posts by the day they were published, the oldest first unless the job says otherwise.

Lists of posts have the newest first; where posts state no day, their places in the lists tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sitebookify.book.contents.forest import Forest
from sitebookify.book.contents.paths import natural
from sitebookify.book.html.days import day_of_path

_MOST = 0.5
"""Share of the pages that are posts where the site is a blog."""
_FEWEST = 3
_FEWEST_IN_YEARS = 12
"""Posts from which those of a year make a part."""


def posts_of(urls: Sequence[str], days: Mapping[int, str], listed: Mapping[int, str]) -> dict[int, str]:
    """The posts among the pages, with their days (YYYY-MM-DD) or "", or none where the site is no blog.

    Args:
        urls: the pages, in the order of the crawl.
        days: the days that pages state themselves.
        listed: the pages that the site's lists of posts name, in their order, with the days stated there.

    A site without such lists is taken for a blog only if the URLs of its dated pages contain the day too, since pages
    of a manual may have dates as well.
    """
    if listed:
        posts = {page: day or day_of_path(urls[page]) for page, day in listed.items()}
    else:
        posts = {page: day for page, day in days.items() if day_of_path(urls[page])}
    if not posts:
        return {}
    posts.update(days)
    return posts if len(posts) >= max(_FEWEST, _MOST * len(urls)) else {}


def by_day(urls: Sequence[str], posts: Mapping[int, str], *, newest_first: bool = False) -> Forest:
    """All pages: what is no post first, by path, then the posts; those of more than one year make parts."""
    forest = Forest()
    others = [page for page in range(len(urls)) if page not in posts]
    for page in sorted(others, key=lambda page: (page != 0, natural(urls[page]))):
        forest.add(page, forest.root)
    ordered = _ordered(posts)
    if newest_first:
        ordered.reverse()
    years = {day[:4] for _, day in ordered if day}
    has_parts = len(years) > 1 and len(ordered) >= _FEWEST_IN_YEARS
    for page, day in ordered:
        parent = forest.add_label(day[:4], forest.root) if has_parts and day else forest.root
        forest.add(page, parent)
    return forest


def _ordered(posts: Mapping[int, str]) -> list[tuple[int, str]]:
    """The posts, oldest first; one without a day comes at that of its neighbour in the lists."""
    listed = list(posts.items())
    if not _is_ascending([day for _, day in listed if day]):
        listed.reverse()
    placed: list[tuple[int, str]] = []
    latest = next((day for _, day in listed if day), "")
    for page, day in listed:
        latest = day or latest
        placed.append((page, latest))
    return sorted(placed, key=lambda post: post[1])


def _is_ascending(days: Sequence[str]) -> bool:
    """True where the days of a list rise more often than they fall."""
    rises = sum(day < following for day, following in pairwise(days))
    falls = sum(day > following for day, following in pairwise(days))
    return rises > falls
