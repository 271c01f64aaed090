"""What a page says to programs that collect pages: not to take it, and not to follow its links.

Wikis, forums and blogs mark in this way the pages that are theirs and not their readers': forms, histories, lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sitebookify.book.tree import Element

TOKEN = "sitebookify"  # noqa: S105 - the product token that robots.txt and pages name us by
NOINDEX = "noindex"
NOFOLLOW = "nofollow"
META_NAMES = frozenset({"robots", TOKEN})
_MEANINGS = {
    NOINDEX: frozenset({NOINDEX}),
    NOFOLLOW: frozenset({NOFOLLOW}),
    "none": frozenset({NOINDEX, NOFOLLOW}),
}
_LONGEST = 1000
"""Characters of a header or an attribute."""
_AGENT = re.compile(r"\s*([\w.-]+)\s*:(.*)", re.DOTALL)
_WITH_VALUE = ("max-", "unavailable_after")
"""Directives that have a colon of their own: ``max-snippet: 20``."""


def directives(values: Iterable[str]) -> frozenset[str]:
    """`NOINDEX` and `NOFOLLOW`, as far as values of ``X-Robots-Tag`` or ``<meta name="robots">`` name them for us.

    A value such as ``googlebot: noindex`` is another program's.
    """
    return frozenset(chain.from_iterable(_directives(value[:_LONGEST]) for value in values))


def meta_directives(root: Element) -> frozenset[str]:
    """The directives in the page's ``meta`` elements."""
    metas = (meta for meta in root.iter("meta") if (meta.get("name") or "").strip().lower() in META_NAMES)
    return directives(meta.get("content") or "" for meta in metas)


def _directives(value: str) -> Iterator[str]:
    agent = _AGENT.match(value)
    if agent and not agent[1].lower().startswith(_WITH_VALUE):
        if agent[1].lower() not in META_NAMES:
            return
        value = agent[2]
    for word in value.split(","):
        yield from _MEANINGS.get(word.strip().lower(), ())
