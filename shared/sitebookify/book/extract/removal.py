"""Taking out of a page what is no content, and what is left of it then: a heading over nothing, a box around nothing.

Which rule took out what is noted: for the report, and for maintainers who ask why a page came out as it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from sitebookify.book.html.vocabulary import EMBEDDED, HEADINGS, ITEMS, SECTIONS
from sitebookify.book.tree import Element, classes_of, drop, holds, is_blank, words_of

_FIRST = 60
"""Characters of a dropped element's text that the explanation quotes."""
_ANNOUNCED = {"div", "ul", "ol", "dl", "form", "nav", "menu", "table", "details", "fieldset", *SECTIONS}
"""What a heading can announce."""
_WRAPPERS = {"div", "section", "aside", "details", "fieldset", "center"}
"""Boxes that go when nothing is left in them."""
_SHOWN = EMBEDDED | {"hr"}
_DEPTH = 4
"""Boxes around what goes that are looked at."""
_NEAR = 40
"""Elements in which a box must show something, or else it counts as full: to look at all would take too long."""


@dataclass(slots=True)
class Explanation:
    """``root`` is the rule that chose the content root; ``dropped`` has a line for each element that a rule dropped.

    A line has the element's tag and names, its words and the beginning of its text. They are in the order in which the
    rules ran, and only where ``detailed``: they cost a look at each text.
    """

    detailed: bool = False
    root: str = ""
    dropped: list[str] = field(default_factory=list)

    def drops(self, rule: str, element: Element) -> None:
        """Note that the rule drops the element, before it does."""
        if self.detailed:
            text = words_of(element)
            words = len(text.split())
            self.dropped.append(f"dropped by {rule}: <{_called(element)}> {words} words: {text[:_FIRST]}")

    def drop(self, rule: str, element: Element) -> None:
        """Note that the rule drops the element, and drop it."""
        self.drops(rule, element)
        drop(element)

    def lines(self) -> list[str]:
        """The explanation for readers: the root's rule, then a line for each dropped element."""
        return [f"root: {self.root}", *self.dropped]


def _called(element: Element) -> str:
    identifier = element.get("id")
    names = [f"#{identifier}"] if identifier else []
    names += [f".{name}" for name in classes_of(element)[:3]]
    return str(element.tag) + "".join(names)


def drop_all(root: Element, removed: Iterable[tuple[str, Element]], explanation: Explanation) -> None:
    """Drop each element that a rule removes, with its remnants: see the module's head.

    The heading that the root begins with may be the title, and stays.
    """
    first = next(root.iter(*HEADINGS), None)
    for rule, element in removed:
        explanation.drops(rule, element)
        _drop_with_remnants(element, first, explanation)


def _drop_with_remnants(element: Element, first: Element | None, explanation: Explanation) -> None:
    """Drop the element, then the heading that announced only this, and the boxes in which nothing is left."""
    for _ in range(_DEPTH):
        parent = element.getparent()
        heading = _heading_of(element)
        above = None if heading is None else heading.getprevious()
        if above is not None and above.tag == "h1" and not holds(element, *ITEMS, "form"):
            heading = None  # it is a subtitle, where no list follows that it could be the name of
        drop(element)
        while heading is not None and heading is not first:
            above = _heading_of(heading)
            explanation.drop("nothing is left below it", heading)
            heading = above
        if parent is None or parent.tag not in _WRAPPERS or not _is_void(parent):
            return
        element = parent


def _heading_of(element: Element) -> Element | None:
    """The heading right before the element, where its section has nothing else."""
    heading = element.getprevious()
    if heading is None or heading.tag not in HEADINGS[1:]:
        return None
    is_subheading = element.tag in HEADINGS and element.tag > heading.tag
    if not is_subheading and element.tag not in _ANNOUNCED:
        return None
    if not is_blank(heading.tail) or not is_blank(element.tail):
        return None
    following = element.getnext()
    ends_section = following is None or (following.tag in HEADINGS and following.tag <= heading.tag)
    return heading if ends_section else None


def _is_void(box: Element) -> bool:
    """True for a box that says and shows nothing; what opens it (``summary``) does not count."""
    if not is_blank(box.text):
        return False
    inner = list(islice(box.iterdescendants(), _NEAR))
    if len(inner) == _NEAR or any(element.tag in _SHOWN for element in inner):
        return False
    opener = box.find("summary") if box.tag == "details" else None
    if opener is not None:
        if not is_blank(opener.tail):
            return False
        inside = set(opener.iter())
        inner = [element for element in inner if element not in inside]
    return all(is_blank(element.text) and is_blank(element.tail) for element in inner)
