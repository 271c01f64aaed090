"""Passages: paragraphs of a section, with nothing between them, that a language model writes anew together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sitebookify.book.document.nodes import Attr, Inline, Inlines, Para, Span
from sitebookify.book.edit.edit_order import EditOrder
from sitebookify.book.edit.scripts import tokens_in
from sitebookify.book.edit.sentences import cut
from sitebookify.book.edit.tagged_text import marked

_MOST_TOKENS = 600
"""Of a passage, so that its answer has less than 2,000; see `page_plan`."""


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
