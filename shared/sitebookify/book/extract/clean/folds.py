"""Sections that fold: a book shows them open, under the heading that a reader would have clicked."""

from __future__ import annotations

from sitebookify.book.html.vocabulary import HEADINGS
from sitebookify.book.tree import Element


def normalise(root: Element) -> None:
    """Open every ``details`` that a heading opens; one that a line opens stays what it is."""
    for details in [*root.iter("details")]:
        summary = details.find("summary")
        if details is root or summary is None or next(summary.iter(*HEADINGS), None) is None:
            continue
        for box in (summary, details):
            box.tag = "div"
