"""Sections of a site that each have a sidebar of their own, in the order in which the site names them.

The pages of a section link to each other in the menus around their content. Links from one section to another are in
the top navigation, which nearly all pages have; it leads to the sections.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from os.path import commonprefix

from sitebookify.book.contents.evidence import Evidence, LinkList
from sitebookify.book.contents.page_groups import PageGroups, SiteSection, spread
from sitebookify.book.urls import is_index_name

_MOST_FOREIGN = 0.4
"""Share of pages of other sections in the sidebars of sections that are separate."""
_ASKED = 40
"""Sidebars of a section that are asked for that share."""
_Folders = Sequence[tuple[str, int]]
"""The folders of sections, sorted, each with a page of the section."""


def sections_of(evidence: Evidence, urls: Sequence[str]) -> list[SiteSection]:
    """The site's sections in reading order, none where it has fewer than two; ``urls`` are the pages'."""
    groups = PageGroups(evidence)
    sections = groups.sections()
    if len(sections) < 2 or _foreign_share(sections) > _MOST_FOREIGN:
        return []
    navigation = _navigation(evidence, groups.top_menus())
    sections = _joined(sections, set(navigation), urls)
    _add_indexes(sections, urls)
    nodes = [*navigation, *range(1, evidence.count)]
    named = dict.fromkeys(_named_pages(nodes, sections, urls, evidence))
    ranks = {page: rank for rank, page in enumerate(named)}

    def rank(page: int) -> int:
        return ranks.get(page, len(ranks))

    for section in sections:
        tops = section.pages & groups.global_pages
        section.top = min([*tops, *section.heads], key=rank, default=None)
    return sorted(sections, key=lambda section: min(map(rank, section.pages)))


def _foreign_share(sections: Iterable[SiteSection]) -> float:
    """The share of other sections' pages in the sections' sidebars: a site's one sidebar opens in each of them."""
    own = total = 0
    for section in sections:
        for links in spread(section.sidebars, _ASKED):
            pages = links.pages()
            own += len(section.pages.intersection(pages))
            total += len(pages)
    return (total - own) / max(1, total)


def _navigation(evidence: Evidence, top_menus: Iterable[LinkList]) -> list[int]:
    """Pages, and labels of missing ones, in the order of top navigation, then of the start page's own lists."""
    of_start = [links for links in evidence.lists if links.contents_of == 0]
    nodes: list[int] = []
    for links in (*top_menus, *of_start):
        nodes += links.nodes
    return [node for node in nodes if node > 0 or node in evidence.missing]


def _joined(sections: Iterable[SiteSection], named: AbstractSet[int], urls: Sequence[str]) -> list[SiteSection]:
    """The sections, those of one folder as one where the navigation does not name several of them.

    A sidebar that opens where one is falls into parts where the page that joins them is missing.
    """
    by_folder: dict[str, list[SiteSection]] = {}
    for section in sections:
        by_folder.setdefault(_folder_of(section, urls), []).append(section)
    joined = []
    for parts in by_folder.values():
        named_parts = [part for part in parts if not named.isdisjoint(part.pages)]
        if len(by_folder) > 1 and len(named_parts) < 2:
            joined.append(_merged(parts))
        else:
            joined += parts
    return joined


def _merged(parts: Iterable[SiteSection]) -> SiteSection:
    whole = SiteSection()
    for part in parts:
        whole.pages |= part.pages
        whole.sidebars += part.sidebars
        whole.heads += part.heads
    whole.sort_sidebars()
    return whole


def _add_indexes(sections: Sequence[SiteSection], urls: Sequence[str]) -> None:
    """Add to each section the page that is the index of its folder, though it has another sidebar, or none."""
    folders = [_folder_of(section, urls) for section in sections]
    times = Counter(folders)
    inside = _all_pages(sections)
    indexes = {_without_index(url): page for page, url in enumerate(urls) if page and page not in inside}
    for section, folder in zip(sections, folders, strict=True):
        index = indexes.get(folder)
        if index is not None and times[folder] == 1:
            section.pages.add(index)
            section.heads.append(index)


def _named_pages(
    nodes: Iterable[int], sections: Sequence[SiteSection], urls: Sequence[str], evidence: Evidence
) -> Iterator[int]:
    """The pages of sections that the nodes name: themselves, or the section in whose folder they are."""
    inside = _all_pages(sections)
    pages_by_folder = {_folder_of(section, urls): min(section.pages) for section in sections}
    folders = sorted(pages_by_folder.items())
    for node in nodes:
        url = urls[node] if node >= 0 else evidence.missing[node]
        page = node if node in inside else _page_below(url, folders)
        if page is not None:
            yield page


def _all_pages(sections: Iterable[SiteSection]) -> set[int]:
    return set().union(*(section.pages for section in sections))


def _page_below(url: str, folders: _Folders) -> int | None:
    """A page of the section whose folder is in that of the URL; None where there is no such section, or several."""
    top = url.partition("?")[0].rpartition("/")[0] + "/"
    first = bisect_left(folders, (top,))
    below = [page for folder, page in folders[first : first + 2] if folder.startswith(top)]
    return below[0] if len(below) == 1 else None


def _without_index(url: str) -> str:
    """The folder whose index the URL is; any other URL as it is."""
    folder, slash, name = url.partition("?")[0].rpartition("/")
    return folder + slash if is_index_name(name) else url


def _folder_of(section: SiteSection, urls: Sequence[str]) -> str:
    """The folder that holds all pages of the section."""
    common = commonprefix([urls[page] for page in section.pages])  # noqa: RUF071 - cut at a slash next
    return common.rpartition("/")[0] + "/"
