"""Blocks of Markdown that are written already, and how they stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

_LISTS = ("ul", "ol")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A block of Markdown: ``plain`` is a line of a tight list, ``tags`` are lines of HTML."""

    kind: Literal["plain", "para", "ul", "ol", "tags", "block"]
    text: str
    tight: bool = False


Piece = str | list[Chunk]
"""A line of HTML, or Markdown between two of them."""


def assembled(pieces: Sequence[Piece]) -> list[Chunk]:
    """The pieces as chunks, neighbouring lines of HTML as one."""
    chunks: list[Chunk] = []
    lines: list[str] = []
    for piece in pieces:
        for chunk in [Chunk("tags", piece)] if isinstance(piece, str) else piece:
            if chunk.kind == "tags":
                lines.append(chunk.text)
                continue
            if lines:
                chunks.append(Chunk("tags", "\n".join(lines)))
                lines = []
            chunks.append(chunk)
    if lines:
        chunks.append(Chunk("tags", "\n".join(lines)))
    return chunks


def settled(chunks: list[Chunk], *, in_list: bool = False) -> list[Chunk]:
    """Plain lines among blocks become paragraphs; in a list's item, other lists are no such blocks."""
    inline = ("plain", *_LISTS) if in_list else ("plain",)
    if all(chunk.kind in inline for chunk in chunks):
        return chunks
    return [replace(chunk, kind="para") if chunk.kind == "plain" else chunk for chunk in chunks]


def joined(chunks: Sequence[Chunk]) -> str:
    """The chunks with blank lines between them, but for a list below a plain line.

    Two lists of a kind are kept apart: readers would take them for one.
    """
    pieces = [chunk.text for chunk in chunks[:1]]
    for last, chunk in pairwise(chunks):
        if last.kind == chunk.kind and chunk.kind in _LISTS:
            pieces += ["\n\n<!-- -->\n\n", chunk.text]
        else:
            pieces += ["\n" if last.kind == "plain" and _interrupts(chunk) else "\n\n", chunk.text]
    return "".join(pieces)


def _interrupts(chunk: Chunk) -> bool:
    """True for a list that no reader takes for more of the line above it."""
    return chunk.kind in _LISTS and chunk.text.startswith(("- ", "1. "))


def begins_plain(item: Sequence[Chunk]) -> bool:
    """True for an item such as a tight list has."""
    return not item or item[0].kind == "plain" or (len(item) == 1 and item[0].tight)


def ends_plain(item: Sequence[Chunk]) -> bool:
    """True for an item that the next may follow without a blank line."""
    return not item or item[-1].kind == "plain" or item[-1].tight


def hung(marker: str, text: str) -> str:
    """The text beside its marker, further lines below its first."""
    return (marker + indented(text, " " * len(marker))).rstrip()


def indented(text: str, room: str) -> str:
    """The text with ``room`` before all lines but the first and the blank ones."""
    first, *others = text.split("\n")
    return "\n".join([first, *(room + line if line else "" for line in others)])


def quoted(text: str) -> str:
    """The text as a quotation."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
