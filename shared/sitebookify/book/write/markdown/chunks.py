"""Blocks of Markdown that are written already, and how they stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

_LISTS = ("ul", "ol")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A block of Markdown; a ``plain`` one is a line of a tight list, ``tags`` are lines of HTML."""

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
    """Plain lines among blocks become paragraphs; a list below its item's line does not make it one."""
    inline = ("plain", *_LISTS) if in_list else ("plain",)
    if all(chunk.kind in inline for chunk in chunks):
        return chunks
    return [replace(chunk, kind="para") if chunk.kind == "plain" else chunk for chunk in chunks]


def joined(chunks: Sequence[Chunk]) -> str:
    """The chunks, a blank line between them but before a list after a plain line; two lists are kept apart."""
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


def is_tight(chunks: Sequence[Chunk]) -> bool:
    """True where all there is is a tight list."""
    return len(chunks) == 1 and chunks[0].tight


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
