"""Sections of a site that each have a sidebar of their own, in the order in which the site names them.

The pages of a section link to each other in the boxes around their content. Links from one section to another are in
the top navigation, which nearly all pages have; it leads to the sections.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeVar

from sitebookify.book.contents.evidence import Evidence, LinkList
from sitebookify.book.urls import is_index_name

T = TypeVar("T")

_GLOBAL = 0.6
"""A page that this share of all pages name around their content is named by the site, and not by a section."""
_MUTUAL = 0.5
"""Share of a sidebar's pages that name the page it is on in turn."""
_LONG, _FEWEST_MUTUAL = 12, 2
"""A sidebar that opens where one is names many pages whose own sidebars are closed here; it has this many entries."""
_SAMPLE = 40
"""Pages of a list that are asked whether they name the page it is on."""
_MOST_FOREIGN = 0.4
"""Share of pages of other sections in the lists of sections that are separate."""
_WIDELY = 1.5
"""How many times as many pages name a page of the top navigation as it names itself."""
_SHOWN = 8
"""Pages that show a list, of which it is asked."""
_FEWEST = 2
"""Pages of a section."""


@dataclass(slots=True, kw_only=True)
class SiteSection:
    """Pages with a sidebar of their own: its ``lists``, the longest first.

    ``heads`` are pages that show it and are not named in it. ``top`` is the page by which the site's navigation names
    the section, None where it does not.
    """

    pages: set[int] = field(default_factory=set)
    lists: list[LinkList] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    top: int | None = None

    def names(self, page: int) -> bool:
        """True where a sidebar names the page; a list of what is related to one page is none where there are others."""
        sidebars = [links for links in self.lists if not _is_of_a_page(links)]
        return any(page in links.nodes for links in sidebars or self.lists)


def sections_of(evidence: Evidence, urls: Sequence[str]) -> list[SiteSection]:
    """The site's sections in reading order, none where it has fewer than two; ``urls`` are the pages'."""
    groups = _Groups(evidence)
    sections = groups.sections()
    if len(sections) < 2 or _foreign_share(sections) > _MOST_FOREIGN:
        return []
    tops = _tops(evidence, groups.top_lists())
    sections = _joined(sections, set(tops), urls)
    _add_indexes(sections, urls)
    order: dict[int, int] = {}
    inside = set().union(*(section.pages for section in sections))
    folders = sorted({_folder_of(section.pages, urls): min(section.pages) for section in sections}.items())
    for node in (*tops, *range(1, evidence.count)):
        url = urls[node] if node >= 0 else evidence.missing[node]
        for page in [node] if node in inside else _under(url, folders):
            order.setdefault(page, len(order))
    for section in sections:
        tops = [page for page in section.pages if page in groups.everywhere]
        section.top = min([*tops, *section.heads], key=lambda page: order.get(page, len(order)), default=None)
    return sorted(sections, key=lambda section: min(order.get(page, len(order)) for page in section.pages))


def _joined(sections: Sequence[SiteSection], named: Container[int], urls: Sequence[str]) -> list[SiteSection]:
    """The sections, those of one folder as one where the navigation does not name several of them.

    A sidebar that opens where one is falls into parts where the page that joins them is missing.
    """
    by_folder: dict[str, list[SiteSection]] = {}
    for section in sections:
        by_folder.setdefault(_folder_of(section.pages, urls), []).append(section)
    joined = []
    for parts in by_folder.values():
        times_named = sum(any(page in named for page in part.pages) for part in parts)
        if len(by_folder) < 2 or times_named > 1:
            joined += parts
            continue
        whole = parts[0]
        for part in parts[1:]:
            whole.pages |= part.pages
            whole.lists += part.lists
            whole.heads += part.heads
        whole.lists.sort(key=lambda links: -links.pages)
        joined.append(whole)
    return joined


def _add_indexes(sections: Sequence[SiteSection], urls: Sequence[str]) -> None:
    """Add to each section the page that is the index of its folder, though it has another sidebar, or none."""
    folders = Counter(_folder_of(section.pages, urls) for section in sections)
    inside = set().union(*(section.pages for section in sections))
    indexes = {_without_index(url): page for page, url in enumerate(urls) if page and page not in inside}
    for section in sections:
        folder = _folder_of(section.pages, urls)
        index = indexes.get(folder)
        if index is not None and folders[folder] == 1:
            section.pages.add(index)
            section.heads.append(index)


def _foreign_share(sections: Iterable[SiteSection]) -> float:
    """The share of other sections' pages in the sections' lists: a site's one sidebar opens in each of them."""
    own = foreign = 0
    for section in sections:
        for links in _some(section.lists, _SAMPLE):
            pages = [node for node in links.nodes if node >= 0]
            inside = sum(page in section.pages for page in pages)
            own += inside
            foreign += len(pages) - inside
    return foreign / max(1, own + foreign)


def _tops(evidence: Evidence, top_lists: Sequence[LinkList]) -> list[int]:
    """Pages, and labels of missing ones, in the order of top navigation, then of the start page's own lists."""
    own_lists = [links for links in evidence.lists if links.owner == 0 or _is_only_on_start(links)]
    nodes = (node for links in (*top_lists, *own_lists) for node in links.nodes)
    return [node for node in nodes if node > 0 or node in evidence.missing]


def _without_index(url: str) -> str:
    """The folder whose index the URL is; any other URL as it is."""
    folder, slash, name = url.partition("?")[0].rpartition("/")
    return folder + slash if is_index_name(name) else url


def _is_only_on_start(links: LinkList) -> bool:
    return links.owner is None and len(links.shown) == 1 and links.shown[0] == 0


def _under(top: str, folders: Sequence[tuple[str, int]]) -> Iterator[int]:
    """A page of the one section that lies in the folder of a page which is in none: the URL of the section's top.

    ``folders`` are those of the sections, sorted, each with a page of it.
    """
    folder = top.partition("?")[0].rpartition("/")[0] + "/"
    first = bisect_left(folders, (folder,))
    within = [page for place, page in folders[first : first + 2] if place.startswith(folder)]
    if len(within) == 1:
        yield within[0]


def _folder_of(pages: Iterable[int], urls: Sequence[str]) -> str:
    """The folder that holds all of the pages."""
    named = [urls[page] for page in pages]
    first, last = min(named), max(named)
    common = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in common).rpartition("/")[0] + "/"


class _Groups:
    """Pages joined by naming each other."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._around = [links for links in evidence.lists if links.owner is None]
        self._sorted = [array("i", sorted(node for node in links.nodes if node >= 0)) for links in self._around]
        self._shown: dict[int, list[int]] = {}
        for number, links in enumerate(self._around):
            for page in links.shown:
                self._shown.setdefault(page, []).append(number)
        least = _GLOBAL * evidence.count
        self.everywhere = {
            page
            for page, times in evidence.around.items()
            if times >= least and times > _WIDELY * sum(len(self._sorted[each]) for each in self._shown.get(page, ()))
        }
        self._sidebars: set[int] = set()
        self._leaders: dict[int, int] = {}
        self._firm: set[int] = set()

    def sections(self) -> list[SiteSection]:
        """The groups of pages, with the lists that they show."""
        related = {number for number, links in enumerate(self._around) if _is_of_a_page(links)}
        self._join_by(number for number in range(len(self._around)) if number not in related)
        self._firm = {self._leader(page) for page in self._leaders}
        self._join_by(sorted(related))
        groups: dict[int, SiteSection] = {}
        for page in [*self._leaders]:
            groups.setdefault(self._leader(page), SiteSection()).pages.add(page)
        groups = {leader: group for leader, group in groups.items() if len(group.pages) >= _FEWEST}
        leaders = {number: self._leader_of(self._around[number]) for number in sorted(self._sidebars)}
        for number, leader in leaders.items():
            if leader in groups:
                groups[leader].lists.append(self._around[number])
        for group in groups.values():
            group.lists.sort(key=lambda links: -links.pages)
            first = min(group.pages)
            if not group.names(first):
                group.heads.append(first)
        for page in range(1, self._evidence.count):
            if page not in self._leaders:
                self._add_top(page, groups, leaders)
        return [group for group in groups.values() if group.lists]

    def top_lists(self) -> list[LinkList]:
        """Lists that most pages show and that are no section's: the top navigation, then footers."""
        least = _GLOBAL * self._evidence.count
        return [
            links
            for number, links in enumerate(self._around)
            if number not in self._sidebars and len(links.shown) >= least
        ]

    def _join_by(self, numbers: Iterable[int]) -> None:
        self._sidebars.update(number for number in numbers if self._join(number))

    def _join(self, number: int) -> bool:
        """Join the pages that the list and a page that shows it name each other; True where it is a sidebar."""
        links, pages = self._around[number], self._sorted[number]
        is_sidebar = False
        for shown in _some(links.shown, _SHOWN):
            some = [page for page in _some(pages, _SAMPLE) if page != shown]
            others = [page for page in some if page not in self.everywhere]
            mutual = [page for page in others if self._names(page, shown)]
            if 2 * len(others) < len(some) or not self._is_mutual(len(mutual), len(others), links):
                continue
            joined = [*mutual, shown] if shown not in self.everywhere else mutual
            if len(self._firm.intersection(self._leader(page) for page in joined if page in self._leaders)) > 1:
                continue
            is_sidebar = True
            self._join_all(joined)
        if is_sidebar:
            self._join_all([page for page in links.shown if page not in self.everywhere and _has(pages, page)])
        return is_sidebar

    @staticmethod
    def _is_mutual(mutual: int, asked: int, links: LinkList) -> bool:
        if mutual >= max(1, _MUTUAL * asked):
            return True
        return links.pages >= _LONG and mutual >= _FEWEST_MUTUAL

    def _names(self, page: int, other: int) -> bool:
        return any(_has(self._sorted[number], other) for number in self._shown.get(page, ()))

    def _join_all(self, pages: Sequence[int]) -> None:
        for page in pages:
            self._leaders.setdefault(page, page)
            before, leader = self._leader(page), self._leader(pages[0])
            self._leaders[before] = leader
            if before in self._firm:
                self._firm.add(leader)

    def _leader(self, page: int) -> int:
        while self._leaders[page] != page:
            self._leaders[page] = self._leaders[self._leaders[page]]
            page = self._leaders[page]
        return page

    def _leader_of(self, links: LinkList) -> int | None:
        """The group that most of the pages that the list names belong to."""
        counts = Counter(self._leader(page) for page in links.nodes if page in self._leaders)
        return counts.most_common(1)[0][0] if counts else None

    def _add_top(self, page: int, groups: dict[int, SiteSection], leaders: Mapping[int, int | None]) -> None:
        """Add a page that stands above a section, to that whose sidebar it shows; ``leaders`` are the sidebars' groups.

        All pages name it, or none of the section does and it was found before them.
        """
        counts: Counter[int] = Counter()
        for number in set(self._shown.get(page, ())):
            leader = leaders.get(number)
            if leader is not None and leader in groups:
                counts[leader] += self._around[number].pages  # a list of related pages is shorter than a sidebar
        if not counts:
            return
        group = groups[counts.most_common(1)[0][0]]
        if page in self.everywhere or page < min(group.pages):
            group.pages.add(page)
            group.heads.append(page)


def _is_of_a_page(links: LinkList) -> bool:
    """True for a short list that one page alone shows, such as related pages.

    Two pages of different sections may name each other so, which makes no section of two.
    """
    return len(links.shown) == 1 and links.pages < _LONG


def _some(pages: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of them, evenly spread."""
    return pages[:: max(1, -(-len(pages) // most))]


def _has(pages: array[int], page: int) -> bool:
    place = bisect_left(pages, page)
    return place < len(pages) and pages[place] == page
