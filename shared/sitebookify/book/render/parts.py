"""Cutting a long page into files that an e-reader can hold."""

from __future__ import annotations

import lxml.html

from sitebookify.book.extract.document import Element, text_of

LIMIT = 250_000
"""Bytes of XHTML in one file, by estimate; e-readers are slow from 300 KB on."""
HIGHLIGHT_FACTOR = 8
"""A highlighted character of code takes at most so many bytes, see `epub.highlight`."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def parts(root: Element, limit: int = LIMIT) -> list[list[Element]]:
    """The blocks of ``root`` in groups of at most ``limit`` bytes; cut before headings where that is possible.

    The same tree always gives the same groups: the survey and the rendering both rely on it.
    """
    if root.text and root.text.strip():
        _wrap_text(root)
    groups: list[list[Element]] = [[]]
    size = 0
    for block in root:
        weight = weigh(block)
        if groups[-1] and size + weight > limit:
            carried = _trailing_headings(groups[-1])
            groups.append(carried)
            size = sum(map(weigh, carried))
        groups[-1].append(block)
        size += weight
    return groups


def weigh(block: Element) -> int:
    """An upper estimate of the block's size as XHTML, in bytes."""
    code = sum(len(text_of(pre).encode("utf-8", "replace")) for pre in block.iter("pre"))
    return len(lxml.html.tostring(block, encoding="utf-8")) + code * HIGHLIGHT_FACTOR


def _wrap_text(root: Element) -> None:
    paragraph = lxml.html.Element("p")
    paragraph.text, root.text = root.text, None
    root.insert(0, paragraph)


def _trailing_headings(group: list[Element]) -> list[Element]:
    """Take the headings off the group's end: they belong to what follows."""
    carried: list[Element] = []
    while len(group) > 1 and group[-1].tag in _HEADINGS:
        carried.insert(0, group.pop())
    return carried
