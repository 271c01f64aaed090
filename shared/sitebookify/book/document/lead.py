"""Text before what is there: the box of a task, a page's number."""

from __future__ import annotations

from msgspec.structs import replace

from sitebookify.book.document import nodes as n


def with_lead(blocks: n.Blocks, lead: str) -> n.Blocks:
    """The blocks, ``lead`` before the text of the first; where that is no line, on one of its own."""
    first = blocks[0] if blocks else n.Plain(())
    if isinstance(first, n.Para | n.Plain):
        return replace(first, content=(lead, *first.content)), *blocks[1:]
    return n.Plain((lead,)), *blocks


def with_number(blocks: n.Blocks, number: str) -> n.Blocks:
    """A page's blocks, the number before its title: for formats whose programs make the contents of headings."""
    title = blocks[0] if blocks else None
    if not number or not isinstance(title, n.Header):
        return blocks
    return replace(title, content=(f"{number} ", *title.content)), *blocks[1:]
