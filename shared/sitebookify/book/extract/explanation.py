"""Which rules decided what of a page: for the report, and for maintainers who ask why a page came out as it did."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitebookify.book.tree import Element, classes_of, words_of

_FIRST = 60
"""Characters of a dropped element's text that the explanation quotes."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An element that a rule took out of the content: its tag and names, the beginning of its text, its words."""

    rule: str
    element: str
    beginning: str
    words: int

    def __str__(self) -> str:
        return f"dropped by {self.rule}: <{self.element}> {self.words} words: {self.beginning}"


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
        return [f"root: {self.root}", *map(str, self.dropped)]


def _called(element: Element) -> str:
    identifier = element.get("id")
    names = [f"#{identifier}"] if identifier else []
    names += [f".{name}" for name in classes_of(element)[:3]]
    return str(element.tag) + "".join(names)
