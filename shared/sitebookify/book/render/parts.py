"""Cutting a long page into files that e-readers can open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sitebookify.book.document.nodes import Block, Blocks, Document, Footnote, Header
from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.render.division import divided, divided_note, weigh

LIMIT = 250_000
"""Bytes of XHTML in one file, by estimate; e-readers are slow from 300 KB on."""


@dataclass(frozen=True, slots=True)
class Part:
    """The contents of one file: blocks, and notes below them."""

    blocks: Blocks
    notes: tuple[Footnote, ...] = ()


def parts(document: Document, limit: int = LIMIT) -> list[Part]:
    """The document in parts of at most ``limit`` bytes; a part never ends with headings.

    The same document always gives the same parts: survey and rendering both rely on that.
    """
    whole = Part(document.blocks, document.notes)
    if weigh(*whole.blocks, *whole.notes) <= limit:
        return [whole]
    groups: list[list[Block | Footnote]] = [[]]
    size = 0
    for piece in _pieces(document, limit):
        weight = weigh(piece)
        if groups[-1] and size + weight > limit:
            headings = _trailing_headings(groups[-1])
            groups.append(headings)
            size = weigh(*headings)
        groups[-1].append(piece)
        size += weight
    return [_part(group) for group in groups]


def _pieces(document: Document, limit: int) -> Iterator[Block | Footnote]:
    for block in document.blocks:
        yield from divided(block, limit)
    for note in document.notes:
        yield from divided_note(note, limit)


def _part(pieces: list[Block | Footnote]) -> Part:
    notes = tuple(piece for piece in pieces if isinstance(piece, Footnote))
    blocks = tuple(piece for piece in pieces if not isinstance(piece, Footnote))
    return Part(blocks, notes)


def _trailing_headings(group: list[Block | Footnote]) -> list[Block | Footnote]:
    """Take the headings from the group's end, since they belong to what follows.

    At most as many as there are levels: a page of headings only has no such end.
    """
    headings: list[Block | Footnote] = []
    while len(group) > 1 and isinstance(group[-1], Header) and len(headings) < len(HEADINGS):
        headings.append(group.pop())
    headings.reverse()
    return headings
