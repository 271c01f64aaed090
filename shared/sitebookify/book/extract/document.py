"""A page's HTML as a tree, parsed once: foreign input, so nothing here raises on it but `NotADocument`."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.etree
import lxml.html
from lxml.etree import _Element as Element

__all__ = ["Element", "NotADocument", "absolute", "base_of", "drop", "elements", "make", "page_of", "parse"]

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SCHEMES = frozenset({"http", "https", "mailto", "ftp", "tel"})


class NotADocument(ValueError):
    """The bytes of a page hold no HTML body."""


def parse(html: str) -> Element:
    """The document's root element; comments and processing instructions are dropped.

    Raises:
        NotADocument: there is no element in it.
    """
    text = _CONTROLS.sub("", _DECLARATION.sub("", html))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as error:
        raise NotADocument("no HTML found") from error
    if root.find("body") is None:
        raise NotADocument("the HTML has no body")
    return root


def fragment(html: str) -> Element:
    """A ``div`` that holds the fragment's elements."""
    tree: Element = lxml.html.fragment_fromstring(html, create_parent="div")
    return tree


def body_of(document: Element) -> Element:
    """The body, which `parse` has made sure of."""
    body = document.find("body")
    return document if body is None else body


def base_of(root: Element, url: str) -> str:
    """What relative links of the document are relative to."""
    for base in root.iter("base"):
        if href := base.get("href"):
            return absolute(href, url) or url
    return url


def absolute(href: str, base: str) -> str:
    """The link as an absolute URL, or "" where it is none that a book can hold."""
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or (parts.scheme in ("http", "https") and not parts.hostname):
        return ""
    return url


def page_of(url: str) -> str:
    """The URL without its fragment."""
    try:
        return urldefrag(url)[0]
    except ValueError:
        return url


def elements(root: Element) -> list[Element]:
    """Every element of the tree in document order."""
    return list(root.iter("*"))


def words_of(element: Element) -> str:
    """The element's text on one line."""
    return " ".join(text_of(element).split())


def text_of(element: Element) -> str:
    """The element's text as it stands."""
    return "".join(str(piece) for piece in element.itertext())


def make(tag: str, text: str = "", **attributes: str) -> Element:
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
    place = parent.index(element)
    parent[place : place + 1] = list(element)


def _append(before: Element, parent: Element, text: str | None) -> None:
    """Put text right before an element."""
    if not text:
        return
    previous = before.getprevious()
    if previous is None:
        parent.text = (parent.text or "") + text
    else:
        previous.tail = (previous.tail or "") + text
