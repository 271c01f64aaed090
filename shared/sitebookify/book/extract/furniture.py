"""What stands inside the content root and is the site's all the same: bars, notices, lists of the page's headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitebookify.book.extract.chrome import is_chrome, is_hidden
from sitebookify.book.extract.document import drop
from sitebookify.book.extract.outline import HEADINGS, Block
from sitebookify.book.extract.profile import Profile

_LONGEST_BAR = 80
_LINK_LIST = 0.6
_WHOLE = frozenset(("body", "main", "article", "section", "div", "aside", "header", "footer", "ul", "ol", "p"))
_LEAST_LEFT = 0.5
"""Share of the root's words that must be left, or its navigation is its content (a page of contents)."""


def remove_furniture(root: Block, profile: Profile) -> None:
    """Remove the furniture from the element of ``root``."""
    found = list(_furniture(root, profile))
    if sum(block.size for block in found) > (1 - _LEAST_LEFT) * root.size:
        found = [block for block in found if not is_chrome(block.element)]
    for block in found:
        drop(block.element)


def _furniture(root: Block, profile: Profile) -> Iterator[Block]:
    """The outermost blocks to be removed."""
    margins = set(_margin(root.children, profile)) | set(_margin(reversed(root.children), profile))
    stack = list(root.children)
    while stack:
        block = stack.pop()
        if block in margins or _is_furniture(block, profile):
            yield block
        else:
            stack.extend(block.children)


def _is_furniture(block: Block, profile: Profile) -> bool:
    if is_hidden(block.element) or is_chrome(block.element):
        return True
    if block.headings or not 0 < block.size <= _LONGEST_BAR:
        return False
    if block.path in profile.bars:
        return True
    whole = block.element.tag in _WHOLE and block.parent is not None and block.parent.element.tag in _WHOLE
    return whole and block.mark in profile.shared and block.linked >= _LINK_LIST * block.size


def _margin(blocks: Iterable[Block], profile: Profile) -> Iterator[Block]:
    """Repeated blocks before or after all that is the page's own; a repeated section with a heading is content."""
    for block in blocks:
        if not block.size or block.element.tag in HEADINGS or is_chrome(block.element):
            continue
        repeated = block.mark in profile.shared
        if not block.headings and block.size <= _LONGEST_BAR and (repeated or block.path in profile.templated):
            yield block
        elif repeated:
            return
        else:
            inner = block.children if isinstance(blocks, list) else reversed(block.children)
            yield from _margin(inner, profile)
            return
