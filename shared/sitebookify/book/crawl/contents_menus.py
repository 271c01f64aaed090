"""Which menus are a table of contents of the start page's documentation.

It is a menu around the content that names the section's pages, that another page it names has too, and that is not the
menu of the whole site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sitebookify.book.crawl.landing import Landing, Menu
from sitebookify.book.crawl.numbered_versions import numbered_of
from sitebookify.book.crawl.service_pages import service_of
from sitebookify.book.crawl.start import Start
from sitebookify.book.crawl.url_markers import markers_of
from sitebookify.book.model import Link
from sitebookify.book.urls import directory_of, identity

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


def candidates(start: Start) -> list[Menu]:
    """Menus that may be the table of contents of the start page, the ones its generator names alone where there are."""
    section = start.in_section()
    menus = (menu for menu in start.landing.menus if not menu.inside)
    chosen = [menu for menu in menus if _fits(menu, start, section) and not _is_switcher(menu, start.url)]
    return [menu for menu in chosen if menu.contents] or chosen


def _fits(menu: Menu, start: Start, section: frozenset[str]) -> bool:
    """True for a menu that names pages of the section, or siblings of the start page where that has none."""
    names = set(map(identity, _to_read(menu)))
    if len(names) < _FEWEST:
        return False
    if section:
        return len(names & section) >= min(_COVERED_AT_MOST, _COVERED * len(section))
    return identity(start.url) in names or _names_siblings(menu, start)


def _names_siblings(menu: Menu, start: Start) -> bool:
    """True for a long, nested menu of the pages beside the start page: some do not link to the page that is open."""
    above = directory_of(start.origin + start.section.rstrip("/"))
    if above == "/" or not is_table(menu):
        return False
    return sum(directory_of(url.rstrip("/")) == above for url in menu.urls) >= _FEWEST


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
    entries = (entry for entry in best.entries if not entry[0] or _is_to_read(entry[0]))
    return tuple(_without_gaps(entries))


def _to_read(menu: Menu) -> list[str]:
    """The pages that the menu names, without what can be done with one: wikis have a menu of forms and histories."""
    return list(filter(_is_to_read, menu.urls))


def _is_to_read(url: str) -> bool:
    return service_of(url) is None


def _without_gaps(entries: Iterable[Link]) -> Iterator[Link]:
    """The entries with depths that grow by one at a time."""
    above: list[int] = []
    for url, text, depth in entries:
        while above and above[-1] >= depth:
            above.pop()
        yield url, text, len(above)
        above.append(depth)


def named_by(menus: Iterable[Menu]) -> list[str]:
    """The pages that the menus name, in their order."""
    entries = chain.from_iterable(menu.entries for menu in menus)
    return list(dict.fromkeys(url for url, _, _ in entries if url))


def reaches_out(start: Start, menus: Iterable[Menu]) -> list[str]:
    """Pages that the menus name outside of the section, in their order."""
    return list(filter(_is_to_read, start.outside_section(named_by(menus))))


def without_site_menu(
    menus: Sequence[Menu], home: Landing | None, section: frozenset[str]
) -> tuple[list[frozenset[str]], bool]:
    """The lists of the menus that belong to the documentation, and whether the home page is a page of it.

    What the home page has too is the menu of the whole site, unless it has everything and names nearly all pages of
    the ``section`` that the start page links to.
    """
    lists = _lists_of(menus)
    if home is None:
        return lists, False
    on_home = _identities(menu.urls for menu in home.menus if not menu.inside)
    own = [part for part in lists if _share(part, on_home) < _ON_HOME]
    if own:
        return own, False
    whole = [menu for menu in menus if menu.contents or (not menu.margin and covers(menu, section))]
    return _lists_of(whole), bool(whole)


def _lists_of(menus: Iterable[Menu]) -> list[frozenset[str]]:
    return list(chain.from_iterable(menu.lists for menu in menus))


def _identities(lists: Iterable[frozenset[str]]) -> set[str]:
    return set(map(identity, chain.from_iterable(lists)))


def _share(part: frozenset[str], identities: set[str]) -> float:
    return sum(identity(url) in identities for url in part) / max(1, len(part))


def covers(menu: Menu, section: frozenset[str]) -> bool:
    """True where the menu names nearly all of these pages."""
    names = set(map(identity, menu.urls))
    return len(names & section) >= _WHOLE * len(section)


def is_shared(lists: Iterable[frozenset[str]], other: Landing) -> bool:
    """True where another page has a menu that repeats these lists, as far as it is not folded."""
    names = _identities(lists)
    for menu in other.menus:
        theirs = set(map(identity, menu.urls))
        common = len(names & theirs)
        if common >= _FEWEST - 1 and common >= _SAME * min(len(names), len(theirs)):
            return True
    return False


def _is_switcher(menu: Menu, url: str) -> bool:
    """True where the menu leads to the same page in other languages or versions."""
    own = _variants_of(url)
    twins = sum(not own.isdisjoint(_variants_of(other)) for other in menu.urls)
    return 2 * twins > len(menu.urls)


def _variants_of(url: str) -> frozenset[tuple[str, str]]:
    """Where the URL names a language or version, and what it is besides."""
    return frozenset((marker.place, marker.rest) for marker in (*markers_of(url), *numbered_of(url)))
