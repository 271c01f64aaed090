"""Which rules decided what of a page: for the report, and for maintainers who ask why a page came out as it did."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitebookify.book.tree import Element, classes_of, words_of

_FIRST = 60
"""Characters of a dropped element's text that are told."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An element that a rule took out of the content: its tag and names, the beginning of its text, its words."""

    rule: str
    element: str
    beginning: str
    words: int


@dataclass(slots=True)
class Explanation:
    """``root`` is the rule that chose the content root; ``dropped`` is in the order in which the rules ran.

    What is dropped is only noted where ``detailed``: it costs a look at each text.
    """

    detailed: bool = False
    root: str = ""
    dropped: list[Dropped] = field(default_factory=list)

    def drops(self, rule: str, element: Element) -> None:
        """Note that the rule drops the element, before it does."""
        if self.detailed:
            text = words_of(element)
            self.dropped.append(Dropped(rule, _called(element), text[:_FIRST], len(text.split())))

    def lines(self) -> list[str]:
        """The explanation for readers: the root's rule, then a line for each dropped element."""
        rows = [f"dropped by {row.rule}: <{row.element}> {row.words} words: {row.beginning}" for row in self.dropped]
        return [f"root: {self.root}", *rows]


def _called(element: Element) -> str:
    name = element.get("id")
    classes = classes_of(element)
    return str(element.tag) + (f"#{name}" if name else "") + "".join(f".{each}" for each in classes[:3])
