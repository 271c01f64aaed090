"""XHTML elements and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from sitebookify.book.tree import without_controls

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
MATHML = "http://www.w3.org/1998/Math/MathML"
XML = "http://www.w3.org/XML/1998/namespace"

INLINE = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark math q ruby s samp small span strong sub sup u var "
    "wbr".split()
)
BLOCKS = frozenset(
    "aside blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_NAMESPACES: Any = {None: XHTML, "epub": EPUB}  # lxml's stubs do not know the default namespace's None
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_INLINE_MADE = frozenset(f"{{{XHTML}}}{tag}" for tag in INLINE) | {f"{{{MATHML}}}math"}


def element(tag: str, attributes: Mapping[str, str] | None = None) -> Element:
    """A new element of XHTML, with the namespaces declared that a file of the book uses."""
    return etree.Element(f"{{{XHTML}}}{tag}", dict(attributes or {}), nsmap=_NAMESPACES)


def child(parent: Element, tag: str, attributes: Mapping[str, str] | None = None) -> Element:
    """A new element of XHTML at the end of ``parent``."""
    return etree.SubElement(parent, f"{{{XHTML}}}{tag}", dict(attributes or {}))


def is_made(node: Element, *tags: str) -> bool:
    """True for an element of XHTML that has one of these tags."""
    return node.tag in {f"{{{XHTML}}}{tag}" for tag in tags}


def inside(node: Element | None, tag: str) -> bool:
    """True where the element is, or stands in, an element of XHTML with this tag."""
    while node is not None:
        if is_made(node, tag):
            return True
        node = node.getparent()
    return False


def holds_blocks(node: Element) -> bool:
    """True where a block stands anywhere in the element of clean HTML."""
    return any(inner.tag in BLOCKS for inner in node.iterdescendants("*"))


def says_something(node: Element) -> bool:
    """True for an element with text, an element in it, or an id that links may name."""
    return bool(len(node) or node.get("id") or (node.text or "").strip())


def remove(node: Element) -> None:
    """Take the element, which has no tail, away from its parent."""
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def add_text(node: Element, text: str | None) -> None:
    """Append text to what the element holds, without characters that XML forbids."""
    if not text:
        return
    text = without_controls(text)
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def text_in(node: Element) -> str:
    """All text of the element, without characters that XML forbids."""
    return without_controls("".join(str(piece) for piece in node.itertext()))


def language_of(tag: str) -> str:
    """The language tag where it looks like BCP 47, else ""."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def paragraphs(holder: Element) -> None:
    """Put what stands in lines between the blocks of ``holder`` into paragraphs."""
    children = list(holder)
    text, holder.text = holder.text, None
    holder[:] = []
    line = _said(holder, None, text)
    for node in children:
        tail, node.tail = node.tail, None
        if node.tag in _INLINE_MADE:
            line = child(holder, "p") if line is None else line
            line.append(node)
        else:
            holder.append(node)
            line = None
        line = _said(holder, line, tail)


def _said(holder: Element, line: Element | None, text: str | None) -> Element | None:
    """The text in the paragraph that stands open, or in a new one where it says anything."""
    if line is None and text and text.strip():
        line, text = child(holder, "p"), text.lstrip()
    if line is not None:
        add_text(line, text)
    return line


def loosen(holder: Element) -> None:
    """`paragraphs` where the holder has blocks besides lists: a line above a nested list stays a line."""
    if any(node.tag not in _INLINE_MADE and not is_made(node, "ul", "ol") for node in holder):
        paragraphs(holder)
