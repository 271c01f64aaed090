"""Messages to pandoc's writer inside HTML: see ``pandoc.lua``, which reads them."""

from __future__ import annotations

import re

from sitebookify.book.tree import Element, make, unwrap

PLAIN_LANGUAGE = re.compile(r"language-[A-Za-z][A-Za-z0-9_+-]*")
MESSAGES = frozenset({"raw-html", "tex-inline", "tex-display"})


def disarm(root: Element) -> None:
    """Leave a page's own code no class but its language, and no language that pandoc would read as a message."""
    for code in root.iter("code", "pre"):
        name = code.attrib.pop("class", "")
        if code.tag == "code" and str(name).startswith("language-") and str(name)[9:] not in MESSAGES:
            code.set("class", str(name))


def inline(markup: str) -> Element:
    """HTML to stand in a line as it is."""
    return make("code", markup, **{"class": "raw-html"})


def block(markup: str) -> Element:
    """HTML to stand as a block of its own."""
    pre = make("pre", **{"class": "raw-html"})
    pre.append(make("code", markup))
    return pre


def tex(source: str, *, display: bool) -> Element:
    """A formula."""
    return make("code", " ".join(source.split()), **{"class": "tex-display" if display else "tex-inline"})


def surround(element: Element, start: str, end: str) -> None:
    """Put the element's content between two pieces of inline HTML instead of its own tags."""
    opening, closing = inline(start), inline(end)
    opening.tail, element.text = element.text, None
    element.insert(0, opening)
    element.append(closing)
    unwrap(element)
