"""Where a book ends: which pages a start page stands for, as the person who gave it would say.

A *section* is the directory of the start page; ``/docs`` or ``/docs.html`` with pages below ``/docs/`` is that
directory, and a start page that lists posts has these in its section, wherever they are. The *documentation* is the
section with all that its table of contents (`contents_menus`) names, wherever that is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from sitebookify.book.crawl.contents_menus import candidates, named_by
from sitebookify.book.crawl.post_lists import MOST_OF_IT
from sitebookify.book.crawl.start import Start, at_home, folder_of
from sitebookify.book.scope import Area, directories_of
from sitebookify.book.urls import directory_of, identity, path_of, site_of

MOST_NAMED = 5000
"""Pages that a table of contents brings into the book by name."""
_FEWEST_POSTS = 3
"""Pages elsewhere that a start page lists, where its own directory has no other pages."""
_FEWEST_NEIGHBOURS = 4
"""Pages in one directory elsewhere that a start page's menus name, where its own has no other pages."""
_LANGUAGE_ROOT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2,4})?/)?", re.IGNORECASE)
"""Directories that hold more than documentation: of a whole site, in one language or in all."""


def section_area(start: Start) -> Area:
    """The start page's section."""
    posts = listed_elsewhere(start)
    directories = frozenset({start.section, *_homes_of(posts, start.section)})
    pages = frozenset(map(identity, (start.url, *posts)))
    return Area(origin=start.origin, directories=directories, pages=pages, posts=bool(posts))


def site_area(start: Start) -> Area:
    """The whole site."""
    return Area(origin=start.origin, directories=frozenset({"/"}))


def named_area(urls: Sequence[str]) -> Area:
    """The pages that a feed, a sitemap or a list names, at the host of the first; of very many their directory."""
    origin = site_of(urls[0])
    homes = at_home(urls, origin)
    if len(homes) <= MOST_NAMED:
        return Area(origin=origin, pages=frozenset(map(identity, homes)))
    return Area(origin=origin, directories=frozenset({_common_directory(list(map(path_of, homes)))}))


def docs_area(start: Start, lists: Iterable[frozenset[str]], *, with_home: bool) -> Area:
    """The section and what the lists name: the directories of several of their pages, and the other pages by name."""
    urls = chain.from_iterable(map(sorted, lists))
    named = list(islice(dict.fromkeys(urls), MOST_NAMED))
    pages = frozenset(map(identity, (start.url, *named, *start.insets)))
    directories = frozenset({start.section, *_directories(start.section, named)})
    if with_home and f"{start.origin}/" in named:
        directories = frozenset({"/"})
    return Area(origin=start.origin, directories=directories, pages=pages)


def listed_elsewhere(start: Start) -> list[str]:
    """The pages outside of its directory that the start page lists, if it does little else; or none.

    A list of posts has days or goes on on further pages. Where the directory has no other pages at all, what
    is listed in any other way is meant too.
    """
    alone = not start.in_section()
    posts = start.at_home(url for url, _ in start.entries.posts)
    outside = start.outside_section(posts)
    if 2 * len(outside) > len(posts) and start.entries.share >= MOST_OF_IT:
        is_meant = start.posts or (alone and len(outside) >= _FEWEST_POSTS)
        return outside if is_meant else []
    return _neighbours(start) if alone and start.bare and not candidates(start) else []


def _neighbours(start: Start) -> list[str]:
    """Pages in the one directory elsewhere to which most of the start page's menus lead."""
    named = named_by(menu for menu in start.landing.menus if not menu.margin)
    outside = start.outside_section(start.at_home(named))
    folders = Counter(directory_of(url.rstrip("/")) for url in outside)
    folder, count = max(folders.items(), key=lambda item: item[1], default=("", 0))
    if count < _FEWEST_NEIGHBOURS or 2 * count < len(outside) or start.section.startswith(folder):
        return []
    return [url for url in outside if path_of(url).startswith(folder)]


def _homes_of(posts: Sequence[str], section: str) -> Iterable[str]:
    """The directory that holds all these posts; where that holds the section too, those in it that hold several."""
    if not posts:
        return []
    paths = list(map(path_of, posts))
    common = _common_directory(paths)
    if not section.startswith(common) and not _LANGUAGE_ROOT.fullmatch(common):
        return [common]
    return _holders(paths, common)


def _directories(section: str, named: Sequence[str]) -> Iterable[str]:
    """The directory that holds all pages; where that is the root of the site or a language, those below it."""
    paths = [path_of(url) for url in named if path_of(url) != "/"]
    common = _common_directory([section, *paths])
    if not _LANGUAGE_ROOT.fullmatch(common):
        return [common]
    folders = (folder_of(path) for path in paths if path != common and "." not in path.rpartition("/")[2])
    return [*_holders(paths, common), *(folder for folder in folders if not section.startswith(folder))]


def _holders(paths: Iterable[str], directory: str) -> list[str]:
    """The directories right below this one that hold several of the paths."""
    counts: Counter[str] = Counter()
    for path in paths:
        inner, slash, _ = path.removeprefix(directory).partition("/")
        counts[directory + inner + slash] += 1
    return [name for name, count in counts.items() if count > 1 and name.endswith("/")]


def _common_directory(paths: Sequence[str]) -> str:
    common = list(directories_of(f"http://x{paths[0]}"))
    for path in paths:
        common = [directory for directory in common if folder_of(path).startswith(directory)]
    return common[-1] if common else "/"
