"""What a page says of the order of pages: its lists of links, and its neighbours."""

from __future__ import annotations

from urllib.parse import urlsplit

from sitebookify.book.extract.document import absolute, page_of
from sitebookify.book.tree import Element, words_of

_MOST = 3000
"""Links kept of one page: a sidebar with more is no guide to a book."""


def navigation(document: Element, base: str) -> tuple[tuple[str, str, int], ...]:
    """(page URL, text, nesting depth) of the same host's links in lists and tables, in document order."""
    host = urlsplit(base).netloc
    found: dict[str, tuple[str, str, int]] = {}
    for link in document.iter("a"):
        url = page_of(absolute(link.get("href") or "", base))
        if not url or url in found or urlsplit(url).netloc != host:
            continue
        depth = sum(up.tag in ("ul", "ol", "dl") for up in link.iterancestors())
        if depth and (text := words_of(link)):
            found[url] = (url, text[:300], depth - 1)
        if len(found) == _MOST:
            break
    return tuple(found.values())


def neighbour(document: Element, base: str, relation: str) -> str:
    """The page that ``link`` or ``a`` elements with this ``rel`` name, or ""."""
    for link in document.iter("link", "a"):
        href = link.get("href") or ""
        if href and relation in (link.get("rel") or "").lower().split():
            return page_of(absolute(href, base))
    return ""
