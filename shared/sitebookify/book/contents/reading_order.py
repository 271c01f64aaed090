"""The order of a site's pages, from what the pages say of it.

What says it best places pages first: sidebars, the site's or those of its sections, if they name most pages; else the
start page's own lists, and those of the pages they link to; then next, previous and up links; at last the URLs'
paths. Where next links make chains through most pages, those decide the order of siblings.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from sitebookify.book.contents.chains import along_chains, both_ways
from sitebookify.book.contents.evidence import Evidence, LinkList
from sitebookify.book.contents.forest import Forest, Node
from sitebookify.book.contents.list_placement import place_list
from sitebookify.book.contents.page_groups import SiteSection
from sitebookify.book.contents.paths import place_by_path
from sitebookify.book.contents.site_sections import sections_of

_MOST = 0.5
"""Share of the pages that sidebars must name to be the table of contents."""
_AS_MANY = 0.9
"""Share of the pages in any sidebar that those of sections must name."""
_OFTEN = 0.3
"""A page that this share of the pages name in their sidebars is part of the site's navigation."""
_FEWEST = 4
"""Pages of the site's navigation that a sidebar names at least."""
_FEWEST_LISTS = 4
"""Lists that an index of words has at least."""
_ON_ALL = 0.8
"""A menu that this share of the pages show is the site's, however short it is."""
_FEWEST_SORTED = 5
"""Entries from which the order of the alphabet is no chance: one in 120 lists of five has it."""
_REPEATED = 1.2
"""How often an index names a page on average, at least; PostgreSQL's names each 1.33 times."""


def ordered(evidence: Evidence, urls: Sequence[str]) -> Forest:
    """Every page once, as a tree in reading order; the start page is number 0."""
    forest = Forest()
    if evidence.count == 0:
        return forest
    _place_sidebars(forest, evidence, urls)
    _place_start(forest, evidence)
    _follow_lists(forest, evidence, indexes=False)
    _follow_neighbours(forest, evidence)
    _follow_lists(forest, evidence, indexes=True)
    if evidence.listed:
        _place_rest(forest, evidence.count)
    _place_from_menus(forest, evidence)
    place_by_path(forest, urls, _missing_pages(forest, evidence), evidence.days)
    _drop_empty_labels(forest.root)
    along_chains(forest, evidence)
    return forest


def _place_from_menus(forest: Forest, evidence: Evidence) -> None:
    """Place what a short menu of nearly all pages names, where nothing else does."""
    least_times = _ON_ALL * evidence.count
    for links in evidence.lists:
        if links.is_menu and len(links.shown_on) >= least_times:
            place_list(forest, evidence, links, of_sections=True)


def _missing_pages(forest: Forest, evidence: Evidence) -> dict[str, Node]:
    """The labels that stand for pages which the book lacks, by the URLs of these pages."""
    urls = {evidence.label(node): url for node, url in evidence.missing.items()}
    labels = [node for node in forest.root.walk() if node.page is None]
    return {urls[node.label]: node for node in labels if node.label in urls}


def _place_start(forest: Forest, evidence: Evidence) -> None:
    """Place the page that most pages name as the one above them, and the start page."""
    top = forest.root
    for page, times in Counter(evidence.up.values()).most_common(1):
        if times >= _MOST * evidence.count and page not in forest:
            added = forest.add(page, forest.root, before=forest.root.first)
            top = added if evidence.up.get(0) == page else top
    if 0 not in forest:
        forest.add(0, top, before=top.first)


def _place_sidebars(forest: Forest, evidence: Evidence, urls: Sequence[str]) -> None:
    """Place what sidebars name: those of the site's sections, if it has such, or those of the whole site."""
    sidebars = _sidebars(evidence)
    sections = sections_of(evidence, urls)
    in_sidebars = _count_pages(sidebars)
    in_sections = sum(len(section.pages) for section in sections)
    least = _MOST * evidence.count
    if in_sections >= max(_AS_MANY * in_sidebars, least):
        name_counts: Counter[str] = Counter()
        for section in sections:
            _place_section(forest, section, evidence, name_counts)
    elif in_sidebars >= least:
        for links in (*_parts_named_at_start(evidence, sidebars), *sidebars):
            place_list(forest, evidence, links)


def _parts_named_at_start(evidence: Evidence, sidebars: Sequence[LinkList]) -> list[LinkList]:
    """The start page's own lists, where they name all pages of sidebars under labels, which those lack."""
    lists = [links for links in evidence.lists if links.owner == 0]
    in_lists = set(chain.from_iterable(links.nodes for links in lists))
    in_sidebars = set(chain.from_iterable(links.nodes for links in sidebars)) - {0}

    def has_labels(nodes: set[int]) -> bool:
        return any(node < 0 and node not in evidence.missing for node in nodes)

    return lists if in_sidebars <= in_lists and has_labels(in_lists) and not has_labels(in_sidebars) else []


def _place_section(forest: Forest, section: SiteSection, evidence: Evidence, name_counts: Counter[str]) -> None:
    """Place the section's pages below a label, its name in the site's navigation, or where it has none at the root.

    ``name_counts`` counts the sections before this one by name: two products may have a "Reference" each.
    """
    top = section.top
    name = evidence.link_texts.get(top, "") if top is not None else ""
    parent = forest.root
    if name:
        parent = forest.add_label(name, forest.root, number=name_counts[name])
        name_counts[name] += 1
    if top is not None and top not in forest and not section.names(top):
        forest.add(top, parent)
    for links in section.sidebars:
        place_list(forest, evidence, _within(links, section.pages), parent)


def _within(links: LinkList, pages: Container[int]) -> LinkList:
    """The list without the pages of other sections."""
    nodes = array("i")
    depths = array("b")
    for node, depth in zip(links.nodes, links.depths, strict=True):
        if node < 0 or node in pages:
            nodes.append(node)
            depths.append(depth)
    return replace(links, nodes=nodes, depths=depths)


def _sidebars(evidence: Evidence) -> list[LinkList]:
    """Menus that are the site's and not only the page's, the longest first.

    One in the order of the alphabet counts half: wikis show all their pages so, beside a table of contents that
    somebody wrote.
    """
    least_times = _OFTEN * evidence.count
    navigation = {page for page, times in evidence.menu_links.items() if times >= least_times}
    least_pages = min(_FEWEST, evidence.count * _MOST)
    menus = [links for links in evidence.lists if links.is_menu]
    sidebars = [links for links in menus if len(navigation.intersection(links.nodes)) >= least_pages]

    def weight(links: LinkList) -> float:
        is_alphabetical = _is_alphabetical(links, evidence.link_texts)
        return links.page_count / 2 if is_alphabetical else links.page_count

    return sorted(sidebars, key=weight, reverse=True)


def _is_alphabetical(links: LinkList, link_texts: Mapping[int, str]) -> bool:
    """True if the entries are sorted by name, with at most one out of place: the home page often comes first.

    A list whose entries are mostly numbered is not counted: numbers sort that way in any order that an author chose.
    """
    texts = [link_texts[page].casefold() for page in links.nodes if page in link_texts]
    if len(texts) < _FEWEST_SORTED:
        return False
    numbered = [text for text in texts if any(map(str.isdigit, text))]
    falls = sum(text > following for text, following in pairwise(texts))
    return falls <= 1 and 2 * len(numbered) < len(texts)


def _count_pages(lists: Iterable[LinkList]) -> int:
    """How many pages the lists name together."""
    return len(set().union(*(links.pages() for links in lists)))


def _follow_lists(forest: Forest, evidence: Evidence, *, indexes: bool) -> None:
    """Place below each page the pages that its own lists name, beginning at the top of the tree.

    ``indexes``: follow the lists of pages that are an index of words, else those of all others. An index names every
    page, wherever that belongs, so it only places what nothing else does.
    """
    lists_of: dict[int, list[LinkList]] = {}
    for links in evidence.lists:
        if links.contents_of is not None:
            lists_of.setdefault(links.contents_of, []).append(links)
    queue = deque(node.page for node in forest.root.walk() if node.page is not None)
    while queue:
        page = queue.popleft()
        lists = lists_of.get(page, [])
        is_index = page != 0 and _repeats(lists)
        if is_index != indexes:
            continue
        for links in lists:
            queue.extend(place_list(forest, evidence, links, forest.find(page)))


def _repeats(lists: Sequence[LinkList]) -> bool:
    """True where a page's lists name the same pages again and again, as an index of words does."""
    if len(lists) < _FEWEST_LISTS:
        return False
    entries = sum(links.page_count for links in lists)
    return entries > _REPEATED * _count_pages(lists)


def _follow_neighbours(forest: Forest, evidence: Evidence) -> None:
    """Place pages after the page they follow, before the page that follows them, or below the page above them."""
    up = evidence.up
    previous = both_ways(evidence.prev, evidence.next)
    following = both_ways(evidence.next, evidence.prev)
    queue = deque(page for page in range(evidence.count) if page not in forest)
    waiting: dict[int, list[int]] = {}
    for page in queue:
        for neighbour in {links[page] for links in (up, previous, following) if page in links}:
            waiting.setdefault(neighbour, []).append(page)
    while queue:
        page = queue.popleft()
        if page in forest:
            continue
        neighbours = (forest.get(links.get(page)) for links in (up, previous, following))
        if _place_beside(forest, page, *neighbours):
            queue.extend(waiting.get(page, ()))


def _place_rest(forest: Forest, count: int) -> None:
    """Place each page without a place behind the one before it."""
    after = forest.root.first
    for page in range(count):
        node = forest.get(page) or forest.add(page, forest.root, before=after.next if after else None)
        after = node if node.parent is forest.root else after


def _place_beside(forest: Forest, page: int, upper: Node | None, before: Node | None, after: Node | None) -> bool:
    """Place the page below ``upper``, behind ``before``, ahead of ``after``; False if none of them is placed."""
    if before is not None and upper is not None:
        before = _below(before, upper)
    if before is not None and before is upper:
        forest.add(page, before, before=before.first)
    elif before is not None and before.parent is not None:
        forest.add(page, before.parent, before=before.next)
    elif upper is not None:
        forest.add(page, upper)
    elif after is not None and after.parent is not None:
        forest.add(page, after.parent, before=after)
    else:
        return False
    return True


def _below(node: Node, upper: Node) -> Node:
    """The ancestor of the node right below ``upper``, ``upper`` if that is the node, or the root."""
    while node is not upper and node.parent is not None and node.parent is not upper:
        node = node.parent
    return node


def _drop_empty_labels(node: Node) -> None:
    for child in node.children:
        _drop_empty_labels(child)
        if child.page is None and child.first is None:
            node.remove(child)
