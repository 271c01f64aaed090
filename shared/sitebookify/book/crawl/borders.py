"""Where a book ends: which pages a start page stands for, as the person who gave it would say.

A *section* is the directory of the start page; ``/docs`` or ``/docs.html`` with pages below ``/docs/`` is that
directory, and a start page that lists posts has these in its section, wherever they are. The *documentation* is the
section with all that its table of contents names, wherever that is: a menu around the content that names the section's
pages, that another page it names has too, and that is not the menu of the whole site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from sitebookify.book.crawl.landing import Landing, Menu
from sitebookify.book.crawl.post_entries import Entries
from sitebookify.book.crawl.post_lists import MOST_BESIDE_LINKS, MOST_OF_IT, is_list
from sitebookify.book.crawl.reading import Document
from sitebookify.book.crawl.service_pages import names_action, service_of
from sitebookify.book.model import Link
from sitebookify.book.scope import Area, directories_of
from sitebookify.book.urls import directory_of, identity, moved_home, path_of, site_of

MOST_NAMED = 5000
"""Pages that a table of contents brings into the book by name."""
_FEWEST = 4
"""Links of a table of contents at least."""
_LONG_MENU = 10
_COVERED, _COVERED_AT_MOST = 0.3, 8
"""A table of contents names this share of the section's pages that the start page links to, or that many."""
_WHOLE = 0.8
"""Share of the section's pages that a table of contents names where the home page has it too."""
_SAME = 0.4
"""Share of a menu that another page's menu repeats; the rest may differ where each page unfolds its own section."""
_ON_HOME = 0.8
"""Share of a list that the home page's menus repeat, where it is the menu of the whole site."""
_FEWEST_POSTS = 3
"""Pages elsewhere that a start page lists, where its own directory has no other pages."""
_VARIANT = re.compile(
    r"v?\d+(?:\.\d+)*(?:\.x)?|latest|stable|main|master|dev|next|current|[a-z]{2,3}(?:[-_][a-z]{2,4})?", re.IGNORECASE
)
_PAGE_NAME = re.compile(r"\.(?:x?html?|php|aspx?|jsp)$", re.IGNORECASE)
_LANGUAGE_ROOT = re.compile(r"/(?:[a-z]{2}(?:[-_][a-z]{2,4})?/)?", re.IGNORECASE)
"""Directories that hold more than documentation: of a whole site, in one language or in all."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A start page: where it was ``asked`` for, its ``url``, where its links lead, and how it looks.

    ``entries`` are the posts that it lists; ``bare``: it says next to nothing beside links; ``insets`` are the pages
    that it shows in inline frames; once its menus are known, the one that holds them.
    """

    asked: str
    url: str
    links: tuple[str, ...]
    landing: Landing
    entries: Entries = field(default_factory=Entries)
    bare: bool = False
    insets: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The site's origin; in a web archive also where that has it."""
        return site_of(self.url)

    @cached_property
    def section(self) -> str:
        """The directory that the start page stands for."""
        asked, path = path_of(self.asked), path_of(self.url)
        if path.startswith(_folder(asked)) and site_of(self.asked) == self.origin and len(asked) > 1:
            return _folder(asked)  # a start page that sent us on to its first page
        below = _PAGE_NAME.sub("", path) + "/"
        inside = (url for url in self._own() if path_of(url).startswith(below))
        if not path.endswith("/") and not all(map(names_action, inside)):
            return below
        return directory_of(self.url)

    def _own(self) -> Iterable[str]:
        return self._at_home(self.links)

    def _at_home(self, urls: Iterable[str]) -> list[str]:
        homes = (moved_home(url, self.origin) for url in urls)
        return [url for url in homes if url.startswith(self.origin + "/")]

    def in_section(self) -> frozenset[str]:
        """Identities of the section's other pages that the page links to."""
        pages = {identity(url) for url in self._own() if path_of(url).startswith(self.section)}
        return frozenset(pages - {identity(self.url)})

    @cached_property
    def posts(self) -> tuple[tuple[str, str], ...]:
        """The posts with their days that the page lists, if it is a list of posts; else none."""
        posts = self.entries.posts
        inside = len(self._at_home(url for url, _ in posts))
        return posts if is_list(self.url, self.entries, inside=inside, familiar=0) else ()

    def listed_elsewhere(self) -> list[str]:
        """The pages outside of its directory that the start page lists, if it does little else; or none.

        A list of posts has days or goes on on further pages. Where the directory has no other pages at all, what
        is listed in any other way is meant too.
        """
        alone = not self.in_section()
        posts = self._at_home(url for url, _ in self.entries.posts)
        outside = self._elsewhere(posts)
        if 2 * len(outside) > len(posts) and self.entries.share >= MOST_OF_IT:
            return outside if self.posts or (alone and len(outside) >= _FEWEST_POSTS) else []
        return self._neighbours_named() if alone and self.bare and not candidates(self) else []

    def _neighbours_named(self) -> list[str]:
        """Pages in the one directory elsewhere to which most of the page's menus lead."""
        menus = (menu for menu in self.landing.menus if not menu.margin)
        named = dict.fromkeys(url for menu in menus for url, _, _ in menu.entries if url)
        outside = self._elsewhere(self._at_home(named))
        folders = Counter(directory_of(url.rstrip("/")) for url in outside)
        folder, count = max(folders.items(), key=lambda item: item[1], default=("", 0))
        if count < _FEWEST or 2 * count < len(outside) or self.section.startswith(folder):
            return []
        return [url for url in outside if path_of(url).startswith(folder)]

    def _elsewhere(self, urls: Iterable[str]) -> list[str]:
        return [url for url in urls if not path_of(url).startswith(self.section)]


def start_of(asked: str, url: str, document: Document | None, landing: Landing | None) -> Start:
    """The start page that was found at the URL, as the crawl reads it."""
    landing = landing or Landing()
    if document is None:
        return Start(asked=asked, url=url, links=(), landing=landing)
    bare = document.beside_links <= MOST_BESIDE_LINKS
    return Start(
        asked=asked,
        url=url,
        links=document.links,
        landing=landing,
        entries=document.entries,
        bare=bare,
        insets=document.insets,
    )


def page_area(start: Start) -> Area:
    """The start page alone."""
    return Area(origin=start.origin, pages=frozenset({identity(start.url)}))


def section_area(start: Start) -> Area:
    """The start page's section."""
    posts = start.listed_elsewhere()
    directories = frozenset({start.section, *_homes_of(posts, start.section)})
    pages = frozenset(map(identity, (start.url, *posts)))
    return Area(origin=start.origin, directories=directories, pages=pages, posts=bool(posts))


def _homes_of(posts: Sequence[str], section: str) -> Iterable[str]:
    """The directory that holds all these posts; where that holds the section too, those in it that hold several."""
    if not posts:
        return []
    paths = [*map(path_of, posts)]
    common = _common_directory(paths)
    if not section.startswith(common) and not _LANGUAGE_ROOT.fullmatch(common):
        return [common]
    below = Counter(_below(path, common) for path in paths)
    return [name for name, count in below.items() if count > 1 and name.endswith("/")]


def site_area(start: Start) -> Area:
    """The whole site."""
    return Area(origin=start.origin, directories=frozenset({"/"}))


def named_area(urls: Sequence[str]) -> Area:
    """The pages that a feed, a sitemap or a list names, at the host of the first; of very many their directory."""
    origin = site_of(urls[0])
    homes = [url for url in (moved_home(each, origin) for each in urls) if url.startswith(origin + "/")]
    if len(homes) <= MOST_NAMED:
        return Area(origin=origin, pages=frozenset(map(identity, homes)))
    return Area(origin=origin, directories=frozenset({_common_directory([path_of(url) for url in homes])}))


def with_menus(start: Start, url: str, framed: Landing) -> Start:
    """The start page with the menus of the page at the URL that it shows in a frame, which is there for them alone."""
    menus = [replace(menu, contents=True, inside=False) for menu in framed.menus]
    return replace(start, landing=replace(start.landing, menus=(*menus, *start.landing.menus)), insets=(url,))


def candidates(start: Start) -> list[Menu]:
    """Menus that may be the table of contents of the start page, the ones its generator names alone where there are."""
    own = identity(start.url)
    section = start.in_section()
    needed = min(_COVERED_AT_MOST, _COVERED * len(section))
    chosen = []
    for menu in start.landing.menus:
        names = set(map(identity, _to_read(menu)))
        fits = len(names & section) >= needed if section else own in names or _names_siblings(menu, start)
        if fits and len(names) >= _FEWEST and not menu.inside and not _is_switcher(menu, start.url):
            chosen.append(menu)
    return [menu for menu in chosen if menu.contents] or chosen


def _names_siblings(menu: Menu, start: Start) -> bool:
    """True for a long, nested menu of the pages beside the start page: some do not link to the page that is open."""
    above = directory_of(start.origin + start.section.rstrip("/"))
    beside = [url for url in menu.urls if directory_of(url.rstrip("/")) == above]
    return is_table(menu) and len(beside) >= _FEWEST and above != "/"


def is_table(menu: Menu) -> bool:
    """True for a menu that is nothing but a table of contents: it is nested and long, or its generator says so."""
    nested = any(depth > 0 for _, _, depth in menu.entries)
    return menu.contents or (nested and len(menu.urls) >= _LONG_MENU)


def table_of_contents(start: Start) -> tuple[Link, ...]:
    """Entries of the menu that names most pages of the start page's section, else of a list in its content; or ()."""
    menus = candidates(start)
    if not menus:
        menus = [menu for menu in start.landing.menus if menu.inside and len(_to_read(menu)) >= _FEWEST]
    best = max(menus, key=lambda menu: len(_to_read(menu)), default=None)
    if best is None:
        return ()
    return tuple(_without_gaps(entry for entry in best.entries if not entry[0] or service_of(entry[0]) is None))


def _to_read(menu: Menu) -> list[str]:
    """The pages that the menu names, without what can be done with one: wikis have a menu of forms and histories."""
    return [url for url in menu.urls if service_of(url) is None]


def _without_gaps(entries: Iterable[Link]) -> Iterator[Link]:
    """The entries with depths that grow by one at a time."""
    above: list[int] = []
    for url, text, depth in entries:
        while above and above[-1] >= depth:
            above.pop()
        yield url, text, len(above)
        above.append(depth)


def reaches_out(start: Start, menus: Iterable[Menu]) -> list[str]:
    """Pages that the menus name outside of the section, in their order."""
    section = start.section
    urls = (url for menu in menus for url, _, _ in menu.entries if url)
    outside = (url for url in urls if not path_of(url).startswith(section) and service_of(url) is None)
    return list(dict.fromkeys(outside))


def without_site_menu(
    menus: Sequence[Menu], home: Landing | None, section: frozenset[str]
) -> tuple[list[frozenset[str]], bool]:
    """The lists of the menus that belong to the documentation, and whether the home page is a page of it.

    What the home page has too is the menu of the whole site, unless it has everything and names nearly all pages of
    the ``section`` that the start page links to.
    """
    lists = [part for menu in menus for part in menu.lists]
    if home is None:
        return lists, False
    shown = {identity(url) for menu in home.menus if not menu.inside for url in menu.urls}
    own = [part for part in lists if _share(part, shown) < _ON_HOME]
    if own:
        return own, False
    plain = [menu for menu in menus if menu.contents or (not menu.margin and covers(menu, section))]
    return [part for menu in plain for part in menu.lists], bool(plain)


def covers(menu: Menu, section: frozenset[str]) -> bool:
    """True where the menu names nearly all of these pages."""
    names = set(map(identity, menu.urls))
    return len(names & section) >= _WHOLE * len(section)


def is_shared(lists: Iterable[frozenset[str]], other: Landing) -> bool:
    """True where another page has a menu that repeats these lists, as far as it is not folded."""
    names = {identity(url) for part in lists for url in part}
    for menu in other.menus:
        theirs = set(map(identity, menu.urls))
        common = len(names & theirs)
        if common >= _FEWEST - 1 and common >= _SAME * min(len(names), len(theirs)):
            return True
    return False


def docs_area(start: Start, lists: Sequence[frozenset[str]], *, with_home: bool) -> Area:
    """The section and what the lists name: the directories of several of their pages, and the other pages by name."""
    urls = [url for part in lists for url in sorted(part)]
    named = list(islice(dict.fromkeys(urls), MOST_NAMED))
    pages = frozenset(map(identity, (start.url, *named, *start.insets)))
    section = start.section
    directories = {section, *_directories(section, named)}
    if with_home and f"{start.origin}/" in named:
        directories = {"/"}
    return Area(origin=start.origin, directories=frozenset(directories), pages=pages)


def _directories(section: str, named: Sequence[str]) -> Iterable[str]:
    """The directory that holds all pages; where that is the root of the site or a language, those below it."""
    paths = [path_of(url) for url in named if path_of(url) != "/"]
    common = _common_directory([section, *paths])
    if not _LANGUAGE_ROOT.fullmatch(common):
        return [common]
    below = Counter(_below(path, common) for path in paths)
    holders = {name for name, count in below.items() if count > 1 and name.endswith("/")}
    singles = (_folder(path) for path in paths if path != common and "." not in path.rpartition("/")[2])
    return holders.union(single for single in singles if not section.startswith(single))


def _below(path: str, directory: str) -> str:
    """The directory right below this one that the path is in, or the path."""
    inner, slash, _ = path.removeprefix(directory).partition("/")
    return directory + inner + slash


def _common_directory(paths: Sequence[str]) -> str:
    shared = [*islice(directories_of(f"http://x{paths[0]}"), 32)]
    for path in paths:
        shared = [directory for directory in shared if path.startswith(directory) or path + "/" == directory]
    return shared[-1] if shared else "/"


def _folder(path: str) -> str:
    return path if path.endswith("/") else path + "/"


def _share(part: frozenset[str], shown: set[str]) -> float:
    return sum(identity(url) in shown for url in part) / max(1, len(part))


def _is_switcher(menu: Menu, url: str) -> bool:
    """True where the menu leads to the same page in other languages or versions."""
    own = urlsplit(url).path.split("/")
    twins = sum(_is_twin(own, urlsplit(other).path.split("/")) for other in menu.urls)
    return 2 * twins > len(menu.urls)


def _is_twin(own: list[str], other: list[str]) -> bool:
    """True for two paths that differ in one directory, which names a language or a version."""
    if len(own) != len(other):
        return False
    different = [place for place, pair in enumerate(zip(own, other, strict=True)) if pair[0] != pair[1]]
    if len(different) != 1 or different[0] >= len(own) - 1 - (not own[-1]):
        return False
    return _VARIANT.fullmatch(other[different[0]]) is not None
