"""Notes as pandoc has them: in the line where they are called."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from string import ascii_lowercase

from sitebookify.book.document.nodes import Blocks
from sitebookify.book.document.pandoc_json import SPACE, Json, node, raised
from sitebookify.book.document.walk import text_of, walk

_MOST_REPEATED = 10_000
"""Characters and nodes of notes that a page may hold again: else a page of calls would be as long as its square."""


class PandocNotes:
    """A page's notes by name, each written where it is called.

    Pandoc's notes hold no calls of others: inside a note, a call is a mark, and what it calls stands at the note's end.
    """

    def __init__(self, notes: Mapping[str, Blocks], write: Callable[[Blocks], list[Json]]) -> None:
        self._notes = notes
        self._write = write
        self._sizes: dict[str, int] = {}
        """Of the notes that have been written, by name."""
        self._left = _MOST_REPEATED
        self._marks: dict[str, str] | None = None
        """Inside a note: the marks of the notes that it calls, by name."""
        self._waiting: deque[str] = deque()
        """Of these, the ones that are still to be written."""

    def call(self, name: str) -> list[Json]:
        """The note, or its mark inside another; nothing where it is unknown or was repeated too often."""
        if self._marks is not None:
            return self._mark(name, self._marks)
        if self._may_write(name):
            return [node("Note", self._blocks(name))]
        return []

    def _mark(self, name: str, marks: dict[str, str]) -> list[Json]:
        if name not in marks and self._may_write(name):
            number = len(marks)
            marks[name] = ascii_lowercase[number - 1] if number <= len(ascii_lowercase) else str(number)
            self._waiting.append(name)
        mark = marks.get(name)
        return [raised(mark)] if mark else []

    def _may_write(self, name: str) -> bool:
        """True for a note that was not written yet, and for one more copy where there is room for it."""
        if name in self._sizes:
            self._left -= self._sizes[name]
            return self._left > 0
        if name in self._notes:
            self._sizes[name] = _size(self._notes[name])
            return True
        return False

    def _blocks(self, name: str) -> list[Json]:
        """The note, and at its end the notes that it calls, each after its mark."""
        self._marks = {name: ""}
        blocks = self._write(self._notes[name])
        while self._waiting:  # they call others
            inner = self._waiting.popleft()
            blocks += _marked(self._marks[inner], self._write(self._notes[inner]))
        self._marks = None
        return blocks or [node("Para", [])]


def _size(blocks: Blocks) -> int:
    return len(text_of(blocks)) + sum(1 for _ in walk(blocks))


def _marked(mark: str, blocks: list[Json]) -> list[Json]:
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return [node("Para", [raised(mark)]), *blocks]
    return [node("Para", [raised(mark), SPACE, *blocks[0]["c"]]), *blocks[1:]]
