"""Diagrams that a page's scripts draw from what the page does not hold: a book can only say that they are missing."""

from __future__ import annotations

import re
from functools import lru_cache

from sitebookify.book.html.vocabulary import EMBEDDED
from sitebookify.book.tree import Element, holds, words_of
from sitebookify.messages import Message

_DIAGRAM = re.compile(r"(?:.*[-_])?(?:mermaid|plantuml|graphviz|drawio)(?:[-_].*)?")
_SHOWN = tuple(EMBEDDED | {"script"})
"""What holds a drawing, or its source."""


def undrawn_diagrams(root: Element) -> Message | None:
    """What is doubtful about a page with empty boxes for diagrams; None where there are none."""
    boxes = [box for box in root.iter("div", "figure", "pre") if _names_diagram(box.get("class") or "")]
    empty = {box for box in boxes if not words_of(box) and not holds(box, *_SHOWN)}
    outermost = sum(box.getparent() not in empty for box in empty)
    return Message("doubt.diagrams_missing", count=outermost) if outermost else None


@lru_cache(maxsize=4096)
def _names_diagram(classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    return any(map(_DIAGRAM.fullmatch, classes.lower().split()))
