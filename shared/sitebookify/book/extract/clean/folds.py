"""Sections that fold: a book shows them open, under the heading that a reader would have clicked."""

from __future__ import annotations

from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element, holds


def normalise(root: Element) -> None:
    """Open every ``details`` that a heading opens; one that a line opens stays what it is."""
    for details in [*root.iter("details")]:
        summary = details.find("summary")
        if details is not root and summary is not None and holds(summary, *HEADINGS):
            summary.tag = details.tag = "div"
