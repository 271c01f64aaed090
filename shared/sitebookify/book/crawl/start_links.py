"""What a start page leads to where it has no menu: the links in its text, under its headings."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sitebookify.book.extract.neighbours import is_direction
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import HEADINGS, SILENT
from sitebookify.book.model import Link
from sitebookify.book.tree import Element, words_of

MOST = 500
_LONGEST = 300
"""Characters of an entry."""
_MARGINS = SILENT | {"nav", "aside", "footer", "form"}
_MARGIN_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "search"})
_OWN = frozenset({"main", "article", "section"})
"""Elements whose header is part of the text."""


def start_links(root: Element, base: str) -> tuple[Link, ...]:
    """The pages of the same host that the text links to, each once, with its link's text, at most 500.

    An entry is (URL, text, depth); a heading with links below it is an entry without a URL.
    """
    entries: list[Link] = []
    seen = {page_of(base)}
    host = urlsplit(base).netloc
    heading = ""
    depth = 0
    for element in _texts(root):
        if element.tag != "a":
            heading, depth = words_of(element)[:_LONGEST], 0
            continue
        url = page_of(absolute(element.get("href") or "", base))
        text = words_of(next(element.iter(*HEADINGS), element))[:_LONGEST]
        if not text or url in seen or urlsplit(url).netloc != host or is_direction(text):
            continue
        if heading:
            entries.append(("", heading, 0))
            heading, depth = "", 1
        seen.add(url)
        entries.append((url, text, depth))
        if len(entries) >= MOST:
            break
    return tuple(entries)


def _texts(root: Element) -> Iterator[Element]:
    """Links, and headings without a link, in document order; without menus, header and footer of the site."""
    stack = [(root, False)]
    while stack:
        element, own = stack.pop()
        if element.tag in _MARGINS or (element.get("role") or "") in _MARGIN_ROLES:
            continue
        if element.tag == "header" and not own:
            continue
        if element.tag == "a":
            yield element
            continue
        if element.tag in HEADINGS[1:] and next(element.iter("a"), None) is None:
            yield element
            continue
        own = own or element.tag in _OWN
        stack.extend((child, own) for child in reversed(element))
