"""A page's body as extraction reads it."""

from __future__ import annotations

import lxml.etree
import lxml.html

from sitebookify.book.html.parser import NotADocument, parse
from sitebookify.book.tree import Element, make, words_of
from sitebookify.messages import Message

_LINE_TAGS = "a small span b i em strong font tt code"
_HOLDER_TAGS = "body div section article main td center font tt form"
_BLOCK_TAGS = (
    "p div table ul ol dl pre hr h1 h2 h3 h4 h5 h6 blockquote center section article main nav header footer aside form "
    "figure details address fieldset"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_loose = lxml.etree.XPath(
    f".//*[{' or '.join(f'self::{tag}' for tag in _HOLDER_TAGS.split())}]"
    f"[text()[normalize-space()] or {' or '.join(_LINE_TAGS.split())}][{' or '.join(_BLOCK_TAGS.split())}]"
)
"""Boxes that hold text or links between blocks."""


def parse_page(html: str, encoding: str = "utf-8") -> Element:
    """The page's tree with a body, in which lines between blocks are blocks too.

    Raises:
        NotADocument: there is no body in it.
    """
    root = parse_unboxed(html, encoding)
    box_lines(root)
    return root


def parse_unboxed(html: str, encoding: str = "utf-8") -> Element:
    """The page's tree with a body, as the page has it: what selectors are written for.

    Raises:
        NotADocument: there is no body in it.
    """
    root = parse(html, encoding)
    if root.find("body") is None:
        raise NotADocument(Message("page.no_body"))
    return root


def box_lines(root: Element) -> None:
    """Make blocks of the lines between blocks, so that they can be told from others."""
    holders: list[Element] = _loose(root)  # type: ignore[assignment]  # this path names elements alone
    for holder in holders:
        _box_lines(holder)


def _box_lines(holder: Element) -> None:
    """Put each run of text that stands between the holder's blocks into a box, so that it can be told from others.

    What follows a heading is its section's, and stays so.
    """
    run: list[Element] = []
    before, text = None, holder.text
    for child in [*holder]:
        if child.tag not in _BLOCKS:
            run.append(child)
            continue
        _box(holder, before, text, run)
        before, text, run = child, child.tail, []
    _box(holder, before, text, run)


def _box(holder: Element, before: Element | None, text: str | None, run: list[Element]) -> None:
    said = (text or "").strip() or any((child.tail or "").strip() or words_of(child) for child in run)
    if not said or (before is not None and before.tag in _HEADINGS):
        return
    box = make("div", text)
    if before is None:
        holder.text = None
        holder.insert(0, box)
    else:
        before.tail = None
        before.addnext(box)
    box.extend(run)


def body_of(document: Element) -> Element:
    """The body, which `parse_page` has made sure of."""
    body = document.find("body")
    return document if body is None else body


def as_lxml_html(document: Element) -> Element:
    """A copy of elements of lxml.html, which trafilatura and htmldate insist on."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    html = lxml.etree.tostring(document, encoding="utf-8", method="html")
    copy: Element = lxml.html.document_fromstring(html, parser=parser)
    return copy
