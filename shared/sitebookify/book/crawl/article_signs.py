"""What a page says of itself in its head when it is one article: a post, a news story."""

from __future__ import annotations

import re

from sitebookify.book.tree import Element

_PUBLISHED = frozenset(("article:published_time", "og:article:published_time"))
_POSTING = re.compile(r'"@type"\s*:\s*\[?\s*"(?:BlogPosting|NewsArticle)"')
_COLLECTION = re.compile(r'"@type"\s*:\s*\[?\s*"(?:Blog|CollectionPage|ItemList)"')
_LONGEST_JSON = 200_000


def is_article(root: Element) -> bool:
    """True for a page that says when it was published, or that it is one posting and no collection of them.

    What calls itself a posting without a day is the front page of some themes (Icarus).
    """
    for meta in root.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in _PUBLISHED:
            return True
    scripts = (script for script in root.iter("script") if "ld+json" in (script.get("type") or "").lower())
    data = "\n".join(script.text or "" for script in scripts)[:_LONGEST_JSON]
    if '"datePublished"' not in data or _COLLECTION.search(data):
        return False
    return len(_POSTING.findall(data)) == 1
