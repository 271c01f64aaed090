"""What a link says of itself: where it leads, and what that is to its page."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.tree import Element


def target_of(link: Element, base: str) -> str:
    """The page that the link leads to; "" for none. ``base`` is what links are relative to."""
    return page_of(absolute(link.get("href", ""), base))


def access_key(link: Element) -> str:
    """The key that browsers follow the link by, in lower case; "" for none."""
    return link.get("accesskey", "").lower()


def share_host(targets: Iterable[str], url: str) -> bool:
    """True where all of the URLs are of the same host as ``url``."""
    host = urlsplit(url).netloc
    return all(urlsplit(target).netloc == host for target in targets)
