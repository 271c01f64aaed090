"""A document with other lines: every place where words stand is asked for, and nothing else changes.

The same document is always asked for in the same order, so that a place is known by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, groupby
from typing import Any

from msgspec.structs import replace

from sitebookify.book.document import nodes as n

_LINES: Mapping[type, str] = {n.Admonition: "title", n.Details: "summary", n.Tab: "label", n.Term: "content"}
"""Fields with a line of their own, beside the blocks."""
_BLOCKS = ("blocks", "caption")
_PARTS = ("head", "bodies", "foot", "items", "tabs", "terms", "definitions", "rows", "cells")
"""Fields with what has lines, blocks or parts in turn."""
_WITHOUT_WORDS = (n.CodeBlock, n.HorizontalRule)


class LineEditor:
    """Answers what stands in a document in place of its lines; this one, the lines themselves."""

    def title(self, content: n.Inlines, attr: n.Attr | None) -> tuple[n.Inlines, n.Attr | None]:
        """A line that is no block: a term, a heading, or the title of a box or a tab."""
        return content, attr

    def block(self, block: n.Para | n.Plain | n.LineBlock) -> n.Blocks:
        """A block that holds a line, or lines."""
        return (block,)

    def paragraphs(self, blocks: tuple[n.Para, ...]) -> n.Blocks:
        """Paragraphs that follow each other."""
        return tuple(chain.from_iterable(map(self.block, blocks)))

    def heading(self, block: n.Header) -> n.Header:
        """A heading."""
        return block

    def around(self, attr: n.Attr | None) -> n.Attr | None:
        """What a box says of itself: its language may no longer be true."""
        return attr


class Replacement:
    """Visits blocks and puts in what the editor answers.

    Args:
        tables: another editor for what stands in tables.
    """

    def __init__(self, editor: LineEditor, *, tables: LineEditor | None = None) -> None:
        self._editor = editor
        self._in_tables = Replacement(tables) if tables else self

    def document(self, document: n.Document) -> n.Document:
        """The document with other blocks and notes; its own fields stay."""
        blocks = self.blocks(document.blocks)
        return replace(document, blocks=blocks, notes=tuple(map(self._inside, document.notes)))

    def blocks(self, blocks: n.Blocks) -> n.Blocks:
        """What stands in place of the blocks."""
        replaced: list[n.Block] = []
        group: Any
        for kind, group in groupby(blocks, type):
            if kind is n.Para:
                replaced += self._editor.paragraphs(tuple(group))
            elif kind in (n.Plain, n.LineBlock):
                replaced += chain.from_iterable(map(self._editor.block, group))
            elif kind is n.Header:
                replaced += map(self._editor.heading, group)
            elif kind in _WITHOUT_WORDS:
                replaced += group
            else:
                visitor = self._in_tables if kind is n.Table else self
                replaced += map(visitor._inside, group)  # noqa: SLF001 - of the same class
        return tuple(replaced)

    def _inside(self, node: Any) -> Any:
        """A node with other lines, blocks and parts, which are asked for in reading order."""
        changed: dict[str, Any] = {}
        line = _LINES.get(type(node), "")
        if isinstance(node, n.Tab | n.Term):
            changed[line], changed["attr"] = self._editor.title(getattr(node, line), node.attr)
        elif line:
            changed[line], _ = self._editor.title(getattr(node, line), None)
        if hasattr(node, "attr"):
            changed.setdefault("attr", self._editor.around(node.attr))
        for name in _BLOCKS:
            if hasattr(node, name):
                changed[name] = self.blocks(getattr(node, name))
        for name in _PARTS:
            parts = getattr(node, name, None)
            if isinstance(parts, tuple):
                changed[name] = tuple(map(self._inside, parts))
            elif parts is not None:
                changed[name] = self._inside(parts)
        return replace(node, **changed)
