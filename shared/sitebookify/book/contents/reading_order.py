"""The order of a site's pages, from what they say of it.

In this order: the lists around the content (sidebars, menus) where they know most pages; else the start page's own
lists, and those of the pages they lead to; neighbours by next, previous and up links; at last paths. Where next
links make one chain through most pages, it has the last word on the order of siblings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from sitebookify.book.contents.evidence import Evidence, LinkList
from sitebookify.book.contents.forest import Forest, Node
from sitebookify.book.contents.paths import place_by_path

_MOST = 0.5
"""Share of the pages that sidebars must know to be the table of contents, and a chain to decide the order."""
_OFTEN = 0.3
"""Share of the pages that name a page in their sidebars, where it is part of the site's navigation."""
_FEWEST = 4
"""Pages of the site's navigation that a sidebar names; lists of an index."""
_REPEATED = 1.2
"""Times that an index names a page, at least; PostgreSQL's names each 1.33 times."""


def ordered(evidence: Evidence, urls: Sequence[str]) -> Forest:
    """Every page once, as a tree in reading order; the start page is number 0."""
    forest = Forest()
    if evidence.count == 0:
        return forest
    around = _sidebars(evidence)
    if around and _known(around) >= _MOST * evidence.count:
        for one in around:
            _merge(forest, one, evidence.labels)
    if 0 not in forest:
        forest.add(0, forest.root, before=next(iter(forest.root.children), None))
    _follow_lists(forest, evidence, indexes=False)
    _follow_neighbours(forest, evidence)
    _follow_lists(forest, evidence, indexes=True)
    place_by_path(forest, urls)
    _drop_empty_labels(forest.root)
    _along_chain(forest, evidence)
    return forest


def _sidebars(evidence: Evidence) -> list[LinkList]:
    """Lists around the content that are the site's, not the page's; the longest first."""
    sites = {page for page, times in evidence.around.items() if times >= _OFTEN * evidence.count}
    least = min(_FEWEST, evidence.count * _MOST)
    around = [one for one in evidence.lists if one.owner is None and len(sites.intersection(one.nodes)) >= least]
    return sorted(around, key=lambda one: -one.pages)


def _known(lists: Sequence[LinkList]) -> int:
    return len({node for one in lists for node in one.nodes if node >= 0})


def _merge(forest: Forest, one: LinkList, labels: Sequence[str], top: Node | None = None) -> list[int]:
    """Place the list's pages that have no place yet, next to those that have one; the pages placed."""
    stack: list[tuple[int, Node]] = [(-1, top or forest.root)]
    placed: list[int] = []
    last: dict[Node, Node] = {}
    for place, (node, depth) in enumerate(zip(one.nodes, one.depths, strict=True)):
        while stack[-1][0] >= depth:
            stack.pop()
        parent = stack[-1][1]
        if node in forest:
            entry = forest.find(node)
        else:
            after = last.get(parent)
            before = None if after else _next_placed(forest, one, place, parent)
            if node < 0:
                entry = forest.add_label(labels[-node - 1], parent, after=after, before=before)
            else:
                entry = forest.add(node, parent, after=after, before=before)
                placed.append(node)
        if entry.parent is parent:
            last[parent] = entry
        stack.append((depth, entry))
    return placed


def _next_placed(forest: Forest, one: LinkList, place: int, parent: Node) -> Node | None:
    """The next entry of the list that is a child of ``parent`` already."""
    for at in range(place, len(one.nodes)):
        if one.depths[at] < one.depths[place]:
            return None
        node = one.nodes[at]
        if node in forest and forest.find(node).parent is parent:
            return forest.find(node)
    return None


def _follow_lists(forest: Forest, evidence: Evidence, *, indexes: bool) -> None:
    """Below each page, what its own lists lead to, the pages nearest to the top first; indexes of words or all others.

    An index names every page, wherever it belongs: it has the word on those that nothing else places.
    """
    owned: dict[int, list[LinkList]] = {}
    for one in evidence.lists:
        if one.owner is not None:
            owned.setdefault(one.owner, []).append(one)
    queue = deque(node.page for node in forest.root.walk() if node.page is not None)
    while queue:
        page = queue.popleft()
        lists = owned.get(page, [])
        if (page != 0 and _repeats(lists)) == indexes:
            for one in lists:
                queue.extend(_merge(forest, one, evidence.labels, forest.find(page)))


def _repeats(lists: Sequence[LinkList]) -> bool:
    """True where one page's lists name the same pages again and again, as an index of words does."""
    return len(lists) >= _FEWEST and sum(one.pages for one in lists) > _REPEATED * _known(lists)


def _follow_neighbours(forest: Forest, evidence: Evidence) -> None:
    """Put pages after the one they follow, before the one that follows them, or below the one above them."""
    ways = (evidence.up, _both_ways(evidence.prev, evidence.next), _both_ways(evidence.next, evidence.prev))
    queue = deque(page for page in range(evidence.count) if page not in forest)
    naming: dict[int, list[int]] = {}
    for page in queue:
        for target in {way[page] for way in ways if page in way}:
            naming.setdefault(target, []).append(page)
    while queue:
        page = queue.popleft()
        if page not in forest and _place_beside(forest, page, *(_placed(forest, way, page) for way in ways)):
            queue.extend(naming.get(page, ()))


def _both_ways(said: Mapping[int, int], opposite: Mapping[int, int]) -> dict[int, int]:
    """What pages say themselves, and what the page at the other end says."""
    return {there: page for page, there in reversed([*opposite.items()])} | dict(said)


def _placed(forest: Forest, ways: Mapping[int, int], page: int) -> Node | None:
    target = ways.get(page)
    return forest.find(target) if target is not None and target in forest else None


def _place_beside(forest: Forest, page: int, above: Node | None, before: Node | None, after: Node | None) -> bool:
    """Place the page below ``above``, behind ``before``, ahead of ``after``; False where there is none of them."""
    if before is not None:
        while above is not None and before.parent is not None and before.parent is not above and before is not above:
            before = before.parent
        if before is above:
            forest.add(page, before, before=next(iter(before.children), None))
            return True
        if before.parent is not None:
            forest.add(page, before.parent, after=before)
            return True
    if above is not None:
        forest.add(page, above)
        return True
    if after is not None and after.parent is not None:
        forest.add(page, after.parent, before=after)
        return True
    return False


def _drop_empty_labels(node: Node) -> None:
    for child in node.children:
        _drop_empty_labels(child)
    node.children = [child for child in node.children if child.page is not None or child.children]


def _along_chain(forest: Forest, evidence: Evidence) -> None:
    """Bring the tree into the order of a chain of next links, where one reaches most pages.

    A page stays below the nearest page above it that is still open when its turn comes; pages that are not on the
    chain follow the one that they followed.
    """
    ranks = _chain(evidence)
    if len(ranks) < _MOST * evidence.count:
        return
    turns: list[tuple[int, Node]] = []
    last = -1
    for node in [*forest.root.walk()][1:]:
        last = ranks.get(node.page, last) if node.page is not None else last
        if node.page is not None:
            turns.append((last, node))
    above = {node: node.parent for node in forest.root.walk()}
    for node in above:
        node.children = []
    path = [forest.root]
    for _, node in sorted(turns, key=lambda turn: turn[0]):
        for parent in reversed(_way_down(node, above, path)):
            path[path.index(parent.parent or forest.root) + 1 :] = [parent]
            (parent.parent or forest.root).children.append(parent)


def _way_down(node: Node, above: Mapping[Node, Node | None], path: Sequence[Node]) -> list[Node]:
    """The node, and labels above it that open with it, up to one that is open already, the innermost first."""
    way = [node]
    up = above[node]
    while up is not None and up not in path:
        if up.page is None and up.label and not up.children:
            way.append(up)
        up = above[up]
    for lower, upper in zip(way, [*way[1:], up or path[0]], strict=True):
        lower.parent = upper
    return way


def _chain(evidence: Evidence) -> dict[int, int]:
    """Places of the pages on the longest chain of next links."""
    ways = _both_ways(evidence.next, evidence.prev)
    best: dict[int, int] = {}
    for start in sorted(set(ways) - set(ways.values())) or [0]:
        ranks: dict[int, int] = {}
        page: int | None = start
        while page is not None and page not in ranks:
            ranks[page] = len(ranks)
            page = ways.get(page)
        best = max(best, ranks, key=len)
    return best
