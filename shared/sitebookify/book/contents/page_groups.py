"""Pages in groups by their menus: pages whose menus name each other are a section of the site."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sitebookify.book.contents.evidence import Evidence, LinkList

T = TypeVar("T")

_GLOBAL = 0.6
"""A page that this share of all pages name in their menus is named by the site, and not by a section."""
_WIDELY = 1.5
"""How many times as many pages name a page of the top navigation as it names itself."""
_MUTUAL = 0.5
"""Share of a sidebar's pages that name the page it is on in turn."""
_LONG, _FEWEST_MUTUAL = 12, 2
"""A sidebar that opens where one is names many pages whose own sidebars are closed here; it has this many entries."""
_SHOWN = 8
"""Pages that show a menu, of which it is asked."""
_SAMPLE = 40
"""Pages of a menu that are asked whether they name the page it is on."""
_FEWEST = 2
"""Pages of a section."""


@dataclass(slots=True, eq=False, kw_only=True)
class SiteSection:
    """Pages with a sidebar of their own: its ``sidebars``, the longest first.

    ``heads`` are pages that show it and are not named in it. ``top`` is the page by which the site's navigation names
    the section, None where it does not.
    """

    pages: set[int] = field(default_factory=set)
    sidebars: list[LinkList] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    top: int | None = None

    def names(self, page: int) -> bool:
        """True where a sidebar names the page; what one page alone shows counts only where nothing else is shown."""
        shared = [links for links in self.sidebars if not _is_of_one_page(links)]
        return any(page in links.nodes for links in shared or self.sidebars)

    def sort_sidebars(self) -> None:
        """Bring the sidebars into order."""
        self.sidebars.sort(key=lambda links: -links.page_count)


class PageGroups:
    """Groups of pages whose menus name each other. ``global_pages`` are named by most of the site."""

    def __init__(self, evidence: Evidence) -> None:
        self._page_count = evidence.count
        self._menus = [_Menu(links) for links in evidence.lists if links.is_menu]
        self._menus_on: dict[int, list[_Menu]] = {}
        for menu in self._menus:
            for page in menu.links.shown_on:
                self._menus_on.setdefault(page, []).append(menu)
        self.global_pages = {page for page, times in evidence.menu_links.items() if self._is_global(page, times)}
        self._groups = _PageSets()

    def _is_global(self, page: int, times_named: int) -> bool:
        if times_named < _GLOBAL * self._page_count:
            return False
        pages_named = sum(len(menu.pages) for menu in self._menus_on.get(page, ()))
        return times_named > _WIDELY * pages_named

    def sections(self) -> list[SiteSection]:
        """The groups of pages, with the sidebars that they show.

        Related pages join no groups that other menus have made: two pages of different sections may name each other.
        """
        for menu in self._menus:
            if not _is_of_one_page(menu.links):
                self._join(menu)
        self._groups.make_firm()
        for menu in self._menus:
            if _is_of_one_page(menu.links):
                self._join(menu)
        groups = self._groups.by_leader()
        sections = {leader: SiteSection(pages=pages) for leader, pages in groups.items() if len(pages) >= _FEWEST}
        self._add_sidebars(sections)
        self._add_heads(sections.values())
        return [section for section in sections.values() if section.sidebars]

    def top_menus(self) -> list[LinkList]:
        """Menus that most pages show and that are no section's: the top navigation, then footers."""
        least_pages = _GLOBAL * self._page_count
        others = [menu.links for menu in self._menus if not menu.is_sidebar]
        return [links for links in others if len(links.shown_on) >= least_pages]

    def _join(self, menu: _Menu) -> None:
        """Join the pages that show the menu with the pages that it links to and that link back: it is their sidebar."""
        links = menu.links
        for page in spread(links.shown_on, _SHOWN):
            mutual = self._mutual_pages(menu, page)
            joined = [each for each in (*mutual, page) if each not in self.global_pages]
            if mutual and not self._groups.are_apart(joined):
                menu.is_sidebar = True
                self._groups.join(joined)
        if menu.is_sidebar:
            showing = [page for page in links.shown_on if page not in self.global_pages and menu.names(page)]
            self._groups.join(showing)

    def _mutual_pages(self, menu: _Menu, shown_on: int) -> list[int]:
        """The menu's pages that name the page it is on in turn; none where they are too few for a sidebar."""
        asked = [page for page in spread(menu.pages, _SAMPLE) if page != shown_on]
        local = [page for page in asked if page not in self.global_pages]
        if 2 * len(local) < len(asked):
            return []
        mutual = [page for page in local if self._is_named_on(page, shown_on)]
        if len(mutual) >= _MUTUAL * len(local):
            return mutual
        opens_here = menu.links.page_count >= _LONG and len(mutual) >= _FEWEST_MUTUAL
        return mutual if opens_here else []

    def _is_named_on(self, page: int, other: int) -> bool:
        return any(menu.names(other) for menu in self._menus_on.get(page, ()))

    def _add_sidebars(self, sections: Mapping[int, SiteSection]) -> None:
        """Give each sidebar to the section to which most of its pages belong."""
        for menu in self._menus:
            if menu.is_sidebar:
                leaders = Counter(self._groups.leader(page) for page in menu.links.nodes if page in self._groups)
                menu.section = sections.get(leaders.most_common(1)[0][0])
                if menu.section is not None:
                    menu.section.sidebars.append(menu.links)
        for section in sections.values():
            section.sort_sidebars()

    def _add_heads(self, sections: Iterable[SiteSection]) -> None:
        for section in sections:
            first = min(section.pages)
            if not section.names(first):
                section.heads.append(first)
        for page in range(1, self._page_count):
            if page not in self._groups:
                self._add_head(page)

    def _add_head(self, page: int) -> None:
        """Add a page that stands above a section to the one whose sidebar it shows.

        All pages name it, or none of the section does and it was found before them.
        """
        weights: Counter[SiteSection] = Counter()
        for menu in dict.fromkeys(self._menus_on.get(page, ())):
            if menu.section is not None:
                weights[menu.section] += menu.links.page_count  # related pages are fewer than those of a sidebar
        if not weights:
            return
        section = weights.most_common(1)[0][0]
        if page in self.global_pages or page < min(section.pages):
            section.pages.add(page)
            section.heads.append(page)


@dataclass(slots=True, eq=False)
class _Menu:
    """A menu with its ``pages`` in ascending order; ``is_sidebar`` once it has joined pages."""

    links: LinkList
    pages: array[int] = field(init=False)
    is_sidebar: bool = False
    section: SiteSection | None = None

    def __post_init__(self) -> None:
        self.pages = array("i", sorted(self.links.pages()))

    def names(self, page: int) -> bool:
        place = bisect_left(self.pages, page)
        return place < len(self.pages) and self.pages[place] == page


class _PageSets:
    """Disjoint sets of pages, each known by one of them, its leader."""

    def __init__(self) -> None:
        self._leaders: dict[int, int] = {}
        self._firm: set[int] = set()

    def __contains__(self, page: int) -> bool:
        return page in self._leaders

    def leader(self, page: int) -> int:
        """The leader of the page's set."""
        leaders = self._leaders
        while leaders[page] != page:
            leaders[page] = leaders[leaders[page]]
            page = leaders[page]
        return page

    def by_leader(self) -> dict[int, set[int]]:
        """The sets."""
        sets: dict[int, set[int]] = {}
        for page in self._leaders:
            sets.setdefault(self.leader(page), set()).add(page)
        return sets

    def join(self, pages: Sequence[int]) -> None:
        """Merge the sets that the pages are in."""
        for page in pages:
            self._leaders.setdefault(page, page)
            before = self.leader(page)
            leader = self.leader(pages[0])
            self._leaders[before] = leader
            if before in self._firm:
                self._firm.add(leader)

    def make_firm(self) -> None:
        """From now on, the sets of today are told apart by `are_apart`."""
        self._firm = {self.leader(page) for page in self._leaders}

    def are_apart(self, pages: Iterable[int]) -> bool:
        """True if the pages are in several of the firm sets."""
        leaders = {self.leader(page) for page in pages if page in self._leaders}
        return len(leaders & self._firm) > 1


def _is_of_one_page(menu: LinkList) -> bool:
    """True for a short menu that one page alone shows, such as related pages."""
    return len(menu.shown_on) == 1 and menu.page_count < _LONG


def spread(items: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of the items, evenly spread."""
    step = max(1, -(-len(items) // most))
    return items[::step]
