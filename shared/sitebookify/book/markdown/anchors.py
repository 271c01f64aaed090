"""Anchors: GitHub's Markdown gives ids to headings alone, and its own; links need those that they name."""

from __future__ import annotations

from collections.abc import Mapping

from sitebookify.book.markdown import raw
from sitebookify.book.tree import Element, elements

_BEFORE = frozenset("h1 h2 h3 h4 h5 h6 pre table ul ol dl details figure blockquote hr".split())
_INSIDE = frozenset(
    "li dt dd tbody thead tfoot tr td th p caption figcaption summary div section aside span em strong".split()
)


def place(root: Element, anchors: Mapping[str, str]) -> None:
    """Put ``<a id=…></a>`` where an element has an id that ``anchors`` maps to the anchor's name."""
    for element in elements(root):
        name = anchors.get(element.get("id") or "")
        if not name:
            continue
        markup = f'<a id="{name}"></a>'
        if element.tag in _BEFORE:
            element.addprevious(raw.block(markup))
        elif element.tag in _INSIDE:
            _first(element, raw.inline(markup))
        else:
            element.addprevious(raw.inline(markup))


def _first(element: Element, anchor: Element) -> None:
    """Inside the element, in its first line: a block's own first child if that holds the line."""
    while not (element.text or "").strip() and len(element) and element[0].tag in _INSIDE:
        element = element[0]
    if not (element.text or "").strip() and len(element) and element[0].tag in _BEFORE:
        element.insert(0, raw.block(anchor.text or ""))
        return
    anchor.tail, element.text = element.text, None
    element.insert(0, anchor)
