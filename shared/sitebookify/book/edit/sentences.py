"""Cutting a line that is too long for one answer at the ends of its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.document.nodes import Inline, Inlines
from sitebookify.book.document.walk import line_of
from sitebookify.book.grouping import grouped

LONGEST = 2_000
"""Bytes of text in a piece, as UTF-8: some 550 tokens, whose translation has at most 1,200."""
_END = re.compile(r"[.!?][\"'\u201d\u2019)]?\s+|[\u3002\uff01\uff1f][\u300d\u300f\uff09]?")


def cut(content: Inlines) -> list[Inlines]:
    """The line in pieces of at most `LONGEST` bytes where its sentences allow it; together they are the line."""
    if _size(content) <= LONGEST:
        return [content]
    return [tuple(piece) for piece in grouped(_parts(content), lambda part: _size((part,)), LONGEST)]


def _size(content: Inlines) -> int:
    return len(line_of(content).encode())


def _parts(content: Inlines) -> Iterator[Inline]:
    """The nodes, with the text between them in sentences."""
    for node in content:
        if not isinstance(node, str):
            yield node
            continue
        begin = 0
        for match in _END.finditer(node):
            yield node[begin : match.end()]
            begin = match.end()
        if begin < len(node):
            yield node[begin:]
