"""Cutting a long page into files that an e-reader can hold."""

from __future__ import annotations

from sitebookify.book.render.division import divided, weigh
from sitebookify.book.tree import Element, make

LIMIT = 250_000
"""Bytes of XHTML in one file, by estimate; e-readers are slow from 300 KB on."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def parts(root: Element, limit: int = LIMIT) -> list[Element]:
    """The content of ``root`` in boxes of at most ``limit`` bytes; cut before headings where that is possible.

    The same tree always gives the same boxes: the survey and the rendering both rely on it.
    """
    if weigh(root) <= limit:
        return [root]
    if root.text and root.text.strip():
        root.insert(0, make("p", root.text))
    groups: list[list[Element]] = [[]]
    size = 0
    for block in [piece for child in [*root] for piece in divided(child, limit)]:
        weight = weigh(block)
        if groups[-1] and size + weight > limit:
            carried = _trailing_headings(groups[-1])
            groups.append(carried)
            size = sum(map(weigh, carried))
        groups[-1].append(block)
        size += weight
    return [_box(group) for group in groups]


def _box(blocks: list[Element]) -> Element:
    box = make("div")
    box.extend(blocks)
    return box


def _trailing_headings(group: list[Element]) -> list[Element]:
    """Take the headings off the group's end: they belong to what follows."""
    carried: list[Element] = []
    while len(group) > 1 and group[-1].tag in _HEADINGS:
        carried.insert(0, group.pop())
    return carried
