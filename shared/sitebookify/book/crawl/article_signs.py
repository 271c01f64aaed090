"""What a page says of itself in its head when it is one article: a post, a news story."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.tree import Element

_PUBLISHED = frozenset(("article:published_time", "og:article:published_time"))
_POSTING = re.compile(r'"@type"\s*:\s*\[?\s*"(?:BlogPosting|NewsArticle)"')
_COLLECTION = re.compile(r'"@type"\s*:\s*\[?\s*"(?:Blog|CollectionPage|ItemList)"')
_LONGEST_JSON = 200_000


def is_article(root: Element) -> bool:
    """True for a page that says when it was published, or that it is one posting and no collection of them.

    What calls itself a posting without a day is the front page of some themes (Icarus).
    """
    if any(_name_of(meta) in _PUBLISHED for meta in root.iter("meta")):
        return True
    data = "\n".join(_linked_data(root))[:_LONGEST_JSON]
    if '"datePublished"' not in data or _COLLECTION.search(data):
        return False
    return len(_POSTING.findall(data)) == 1


def _name_of(meta: Element) -> str:
    return (meta.get("property") or meta.get("name") or "").lower()


def _linked_data(root: Element) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield script.text or ""
