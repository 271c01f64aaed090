"""What a language model has at a time: a line, cut at the ends of its sentences where it is too long for one answer.

A passage are paragraphs of a section, with nothing between them, that it writes anew together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from sitebookify.book.document.nodes import Attr, Inline, Inlines, Para, Span
from sitebookify.book.document.walk import line_of
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.scripts import tokens_in
from sitebookify.book.edit.tagged_text import marked
from sitebookify.book.grouping import grouped

_MOST_TOKENS = 600
"""Of a passage, so that its answer has less than 2,000; see `page_plan`."""
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


def passages(paragraphs: Iterable[Para], order: EditOrder) -> Iterator[tuple[Para, ...]]:
    """The paragraphs in passages; one that is long, or has nothing to write anew, is a passage of its own."""
    passage: list[Para] = []
    size = 0
    for paragraph in paragraphs:
        tokens = _tokens(paragraph, order)
        if passage and (not tokens or size + tokens > _MOST_TOKENS):
            yield tuple(passage)
            passage, size = [], 0
        if not tokens:
            yield (paragraph,)
            continue
        passage.append(paragraph)
        size += tokens
    if passage:
        yield tuple(passage)


def _tokens(paragraph: Para, order: EditOrder) -> int:
    """The paragraph's size; 0 where it stands alone."""
    if order.is_done(paragraph.attr) or len(cut(paragraph.content)) > 1:
        return 0
    line = marked(paragraph.content)
    return tokens_in(line.text) if line.words else 0


def as_paragraphs(contents: Sequence[Inlines], places: Sequence[Attr | None]) -> tuple[Para, ...]:
    """The contents as paragraphs that have every id of ``places``, those of the paragraphs before, in order."""
    ids = [place.id if place else "" for place in places]
    names: list[list[str]] = [[] for _ in contents]
    for number, name in enumerate(ids):
        if name:
            names[min(number * len(contents) // len(ids), len(contents) - 1)].append(name)
    return tuple(map(_paragraph, contents, names))


def _paragraph(content: Inlines, names: Sequence[str]) -> Para:
    if not names:
        return Para(content)
    marks: list[Inline] = [Span((), attr=Attr(id=name)) for name in names[1:]]
    return Para((*marks, *content), Attr(id=names[0]))
