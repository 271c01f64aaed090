"""Chains of pages, each linked to the next: the order that they give to the pages on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sitebookify.book.contents.evidence import Evidence
from sitebookify.book.contents.forest import Forest, Node

_MOST = 0.5
"""Share of the pages that chains must reach to decide the order."""
_FEWEST = 2
"""Pages of a chain."""


def along_chains(forest: Forest, evidence: Evidence) -> None:
    """Bring the tree into the order of the chains of next links, if they reach most pages.

    Each chain stands where its first page does, whole: where a page is missing, its chain is two. One of pages that are
    all below another page comes right after that page if its own next link passes them by, as in manuals that link
    chapter to chapter, and section to section of each. A page stays below its nearest ancestor that is still open when
    its turn comes. Pages that are on no chain stay behind the page that they followed.
    """
    chains = [chain for chain in chains_of(evidence) if len(chain) >= _FEWEST]
    if sum(map(len, chains)) < _MOST * evidence.count:
        return
    parents = {node: node.parent for node in forest.root.walk()}
    order = _in_order(forest, chains)
    for node in parents:
        node.clear()
    path = [forest.root]
    for page in order:
        for node in reversed(_newly_opened(page, parents, path)):
            parent = node.parent or forest.root
            parent.append(node)
            path[path.index(parent) + 1 :] = [node]


def chains_of(evidence: Evidence) -> list[list[int]]:
    """Chains of next links, the longest first; each page is on one at most."""
    following = both_ways(evidence.next, evidence.prev)
    followed = set(following.values())
    starts = [page for page in sorted(following) if page not in followed]
    taken: set[int] = set()
    chains = []
    for start in [*starts, *sorted(following)]:
        chain = []
        page: int | None = start
        while page is not None and page not in taken:
            taken.add(page)
            chain.append(page)
            page = following.get(page)
        chains.append(chain)
    return sorted(chains, key=len, reverse=True)


def both_ways(links: dict[int, int], opposite: dict[int, int]) -> dict[int, int]:
    """The links, and where a page has none, the one that leads to it in the opposite direction."""
    reverse = {target: page for page, target in reversed(opposite.items())}
    return {**reverse, **links}


def _in_order(forest: Forest, chains: Sequence[Sequence[int]]) -> list[Node]:
    """The nodes of pages: each chain where its first page is, and the others behind the page before them."""
    heads = {chain[0]: chain for chain in chains}
    places = {page: (chain[0], number) for chain in chains for number, page in enumerate(chain)}
    anchors: dict[int, int] = {}
    followers: dict[int, list[Node]] = {}
    first: list[Node] = []
    last: int | None = None
    for node in forest.root.walk():
        if node.page is None:
            continue
        if node.page in heads:
            anchors[node.page] = len(anchors)
        if node.page in places:
            last = node.page
        elif last is None:
            first.append(node)
        else:
            followers.setdefault(last, []).append(node)
    below: dict[int, list[int]] = {}
    top: list[int] = []
    for head in sorted(anchors, key=anchors.__getitem__):
        upper = _passed_by(forest, heads[head], places, heads)
        (top if upper is None else below.setdefault(upper, [])).append(head)
    ordered = first
    waiting = [page for head in reversed(top) for page in reversed(heads[head])]
    while waiting:
        number = waiting.pop()
        ordered += [forest.find(number), *followers.get(number, ())]
        waiting += [page for head in reversed(below.get(number, ())) for page in reversed(heads[head])]
    return ordered


def _passed_by(
    forest: Forest, chain: Sequence[int], places: Mapping[int, tuple[int, int]], heads: Mapping[int, Sequence[int]]
) -> int | None:
    """The page above the whole chain, if its own chain goes on beside it; None where there is none."""
    upper = next((page for page in _above(forest.find(chain[0])) if page in places), None)
    if upper is None or not all(upper in _above(forest.find(page)) for page in chain):
        return None
    head, number = places[upper]
    following = heads[head][number + 1 : number + 2]
    return None if any(upper in _above(forest.find(page)) for page in following) else upper


def _above(node: Node) -> Iterator[int]:
    """The pages above the node, the nearest first."""
    while (upper := node.parent) is not None:
        node = upper
        if node.page is not None:
            yield node.page


def _newly_opened(page: Node, parents: Mapping[Node, Node | None], path: Sequence[Node]) -> list[Node]:
    """The page's node and the labels above it that open with it, the innermost first, linked to what is open."""
    nodes = [page]
    upper = parents[page]
    while upper is not None and upper not in path:
        if upper.page is None and upper.label and upper.first is None:
            nodes.append(upper)
        upper = parents[upper]
    for node, parent in zip(nodes, [*nodes[1:], upper or path[0]], strict=True):
        node.parent = parent
    return nodes
