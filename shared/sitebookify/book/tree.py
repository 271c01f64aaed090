"""HTML as a tree: the small changes that every stage makes to one."""

from __future__ import annotations

import re

import lxml.html
from lxml.etree import HTMLParser, tostring
from lxml.etree import _Element as Element

__all__ = [
    "Element",
    "detach",
    "drop",
    "elements",
    "fragment",
    "make",
    "replace",
    "text_of",
    "to_html",
    "unwrap",
    "without_controls",
    "words_of",
]


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fragment(html: str) -> Element:
    """A ``div`` that holds the fragment's elements, without characters that XML forbids: lxml takes none of them."""
    parser = HTMLParser(huge_tree=True)  # else what is nested deeper than 256 is lost
    tree: Element = lxml.html.fragment_fromstring(without_controls(html), create_parent="div", parser=parser)
    return tree


def without_controls(text: str) -> str:
    """The text without characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


def to_html(element: Element) -> str:
    """The element as HTML, without the text after it."""
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))


def elements(root: Element) -> list[Element]:
    """Every element of the tree in document order."""
    return list(root.iter("*"))


def words_of(element: Element) -> str:
    """The element's text on one line."""
    return " ".join(text_of(element).split())


def text_of(element: Element) -> str:
    """The element's text as it stands."""
    return tostring(element, method="text", encoding="unicode", with_tail=False)


def make(tag: str, text: str | None = "", **attributes: str) -> Element:
    """A new element."""
    element: Element = lxml.html.Element(tag, attributes)
    element.text = text or None
    return element


def replace(old: Element, new: Element) -> None:
    """Put ``new`` where ``old`` stands; the text after ``old`` stays."""
    parent = old.getparent()
    if parent is None:
        return
    new.tail, old.tail = old.tail, None
    parent.replace(old, new)


def drop(element: Element) -> None:
    """Remove the element with all it holds; the text after it stays."""
    parent = element.getparent()
    if parent is not None:
        _append(element, parent, element.tail)
        parent.remove(element)


def detach(element: Element) -> Element:
    """Take the element out of its tree, whole; the text after it stays there."""
    drop(element)
    element.tail = None
    return element


def unwrap(element: Element) -> None:
    """Remove the element's tags; what it holds stays."""
    parent = element.getparent()
    if parent is None:
        return
    _append(element, parent, element.text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + (element.tail or "") or None
    else:
        _append(element, parent, element.tail)
    for child in [*element]:  # not by its place in the parent, which is counted anew for each of thousands
        element.addprevious(child)
    parent.remove(element)


def _append(before: Element, parent: Element, text: str | None) -> None:
    """Put text right before an element."""
    if not text:
        return
    previous = before.getprevious()
    if previous is None:
        parent.text = (parent.text or "") + text
    else:
        previous.tail = (previous.tail or "") + text
