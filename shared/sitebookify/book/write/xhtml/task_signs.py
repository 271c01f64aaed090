"""The signs of tasks: a box that is checked or not, before the first words of an item."""

from __future__ import annotations

from sitebookify.book.document.nodes import Blocks, Inlines, Para, Plain


def with_sign(blocks: Blocks, *, done: bool) -> Blocks:
    """The blocks of a task's item, with a box before them that is checked or not."""
    sign = "\u2611 " if done else "\u2610 "
    first = blocks[0] if blocks else Plain(())
    if isinstance(first, Para):
        return (Para(_after(sign, first.content), first.attr), *blocks[1:])
    if isinstance(first, Plain):
        return (Plain(_after(sign, first.content)), *blocks[1:])
    return (Plain((sign,)), *blocks)


def _after(sign: str, content: Inlines) -> Inlines:
    return (sign, *content)
