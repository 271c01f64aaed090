"""Chains of pages, each linked to the next: the order that they give to the pages on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from sitebookify.book.contents.evidence import Evidence
from sitebookify.book.contents.forest import Forest, Node

_MOST = 0.5
"""Share of the pages that chains must reach to decide the order."""
_FEWEST = 2
"""Pages of a chain."""
_Chain = Sequence[int]


def along_chains(forest: Forest, evidence: Evidence) -> None:
    """Bring the tree into the order of the chains of next links, if they reach most pages.

    Each chain stands where its first page does, whole: where a page is missing, its chain is two. One of pages that are
    all below another page comes right after that page if its own next link passes them by, as in manuals that link
    chapter to chapter, and section to section of each. A page stays below its nearest ancestor that is still open when
    its turn comes. Pages that are on no chain stay behind the page that they followed.
    """
    chains = [chain for chain in _chains_of(evidence) if len(chain) >= _FEWEST]
    if sum(map(len, chains)) < _MOST * evidence.count:
        return
    parents = {node: node.parent for node in forest.root.walk()}
    order = [*_ChainOrder(forest, chains).nodes()]
    for node in parents:
        node.first = node.last = None
    path = [forest.root]
    for page in order:
        for node in reversed(_newly_opened(page, parents, path)):
            parent = node.parent or forest.root
            parent.insert(node)
            path[path.index(parent) + 1 :] = [node]


def both_ways(links: dict[int, int], opposite: dict[int, int]) -> dict[int, int]:
    """The links, and where a page has none, the one that leads to it in the opposite direction."""
    reverse = {target: page for page, target in reversed(opposite.items())}
    return {**reverse, **links}


def _chains_of(evidence: Evidence) -> Iterator[_Chain]:
    """Chains of next links; each page is on one at most."""
    following = both_ways(evidence.next, evidence.prev)
    followed = set(following.values())
    pages = sorted(following)
    starts = [page for page in pages if page not in followed]
    taken: set[int] = set()
    for start in (*starts, *pages):
        chain = []
        page: int | None = start
        while page is not None and page not in taken:
            taken.add(page)
            chain.append(page)
            page = following.get(page)
        yield chain


class _ChainOrder:
    """The order of the pages: each chain where its first page is, and the others behind the page before them."""

    def __init__(self, forest: Forest, chains: Iterable[_Chain]) -> None:
        self._forest = forest
        self._chain_of: dict[int, _Chain] = {}
        self._following: dict[int, int] = {}
        for chain in chains:
            self._chain_of |= dict.fromkeys(chain, chain)
            self._following |= pairwise(chain)
        self._followers: dict[int | None, list[Node]] = {}
        self._chains_behind: dict[int | None, list[_Chain]] = {}
        last: int | None = None
        for node in forest.root.walk():
            if node.page is None:
                continue
            if node.page not in self._chain_of:
                self._followers.setdefault(last, []).append(node)
                continue
            last = node.page
            chain = self._chain_of[last]
            if chain[0] == last:
                self._chains_behind.setdefault(self._passed_by(chain), []).append(chain)

    def nodes(self, behind: int | None = None) -> Iterator[Node]:
        """The nodes right behind a page and those of the chains that come after it; behind None are all."""
        yield from self._followers.get(behind, ())
        for chain in self._chains_behind.get(behind, ()):
            for page in chain:
                yield self._forest.find(page)
                yield from self.nodes(page)

    def _passed_by(self, chain: _Chain) -> int | None:
        """The page above the whole chain, if its own chain goes on beside it; None where there is none."""
        above_first = _above(self._forest.find(chain[0]))
        upper = next((page for page in above_first if page in self._chain_of), None)
        if upper is None or not all(self._is_below(page, upper) for page in chain):
            return None
        following = self._following.get(upper)
        goes_below = following is not None and self._is_below(following, upper)
        return None if goes_below else upper

    def _is_below(self, page: int, upper: int) -> bool:
        return upper in _above(self._forest.find(page))


def _above(node: Node) -> Iterator[int]:
    """The pages above the node, the nearest first."""
    upper = node.parent
    while upper is not None:
        if upper.page is not None:
            yield upper.page
        upper = upper.parent


def _newly_opened(page: Node, parents: Mapping[Node, Node | None], path: Sequence[Node]) -> list[Node]:
    """The page's node and the labels above it that open with it, the innermost first, linked to what is open."""
    nodes = [page]
    upper = parents[page]
    while upper is not None and upper not in path:
        if upper.page is None and upper.label and upper.first is None:
            nodes.append(upper)
        upper = parents[upper]
    parents_of_nodes = [*nodes[1:], upper or path[0]]
    for node, parent in zip(nodes, parents_of_nodes, strict=True):
        node.parent = parent
    return nodes
