"""What of a page goes to a language model: the texts that its editor asks for, in units that are asked for together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import line_of
from sitebookify.book.edit.scripts import tokens_in
from sitebookify.book.edit.tagged_text import Marked, plain_text
from sitebookify.book.grouping import grouped

_MOST_TOKENS = 700
"""Of a unit's source. Answers of more than 2,000 tokens lose text with half of the models."""
_MOST_TEXTS = 12
"""Of a unit: models merge and skip texts where there are many."""
_LONGEST_CONTEXT = 300


class Task(StrEnum):
    """What is to be done with a unit's texts."""

    TRANSLATE = "translate"
    WRITE = "write"
    """Passages are written anew: paragraphs with an empty line between them."""
    NAME = "name"
    """Terms are translated for the glossary."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that are asked for together.

    ``heading`` is that of their section; ``before`` is the end of the text before them. Both only help to understand.
    """

    texts: tuple[str, ...]
    heading: str = ""
    before: str = ""
    task: Task = Task.TRANSLATE


class Answers:
    """What the editor of a page asks for each of its texts; these are the accepted ones."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self._answers = answers

    def begin_section(self, heading: n.Header) -> None:
        """What is asked for from here on stands under the heading."""

    def to(self, line: Marked, task: Task = Task.TRANSLATE) -> str | None:  # noqa: ARG002 - `Questions` notes it
        """The answer to a line that has words, or None."""
        return self._answers.get(line.text)


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    texts: dict[Task, list[str]] = field(default_factory=lambda: {Task.TRANSLATE: [], Task.WRITE: []})


class Questions(Answers):
    """Notes what is asked for, a text that is repeated once, and answers it with itself."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._sections = [_Section("")]

    def begin_section(self, heading: n.Header) -> None:
        """See `Answers`."""
        self._sections.append(_Section(line_of(heading.content)))

    def to(self, line: Marked, task: Task = Task.TRANSLATE) -> str | None:
        """See `Answers`."""
        if line.text not in self._seen:
            self._seen.add(line.text)
            self._sections[-1].texts[task].append(line.text)
        return line.text

    def units(self) -> Iterator[Unit]:
        """What was asked for in units, section by section."""
        before = ""
        for section in self._sections:
            for task, texts in section.texts.items():
                for group in grouped(texts, tokens_in, _MOST_TOKENS, longest=_MOST_TEXTS):
                    yield Unit(tuple(group), section.heading, before, task)
                    before = " ".join(plain_text(group[-1]).split())[-_LONGEST_CONTEXT:]
