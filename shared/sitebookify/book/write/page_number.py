"""A page's number in its heading, for formats whose programs make the contents of headings."""

from __future__ import annotations

from collections.abc import Sequence

from sitebookify.book.document.nodes import Block, Header


def with_number(blocks: Sequence[Block], number: str) -> Sequence[Block]:
    """The page's blocks, the number before the text of its first heading, which is its title."""
    title = blocks[0] if blocks else None
    if not number or not isinstance(title, Header):
        return blocks
    return Header(title.level, (f"{number} ", *title.content), title.attr), *blocks[1:]
