"""Which element of a page holds its content."""

from __future__ import annotations

from collections import Counter

import trafilatura

from sitebookify.book.extract.document import Element, body_of, text_of
from sitebookify.book.extract.words import counted

_SHARE = 0.9
"""The root is the deepest element with this share of the words trafilatura extracts (its measured optimum)."""


def content_root(document: Element) -> tuple[Element, str]:
    """The element, and in words why it is doubtful ("" where it is not)."""
    body = body_of(document)
    extracted = trafilatura.extract(document, include_links=False, include_comments=False, favor_recall=True) or ""
    wanted = counted(extracted)
    if wanted.total() == 0:
        return body, "no main text found: the whole page was taken"
    deepest = _deepest(body, wanted)
    stated = (
        up for up in deepest.iterancestors("main", "article", "div") if up.tag != "div" or up.get("role") == "main"
    )
    return next(stated, deepest), ""


def _deepest(body: Element, wanted: Counter[str]) -> Element:
    need = _SHARE * (wanted & counted(text_of(body))).total()
    root = body
    while True:
        inner = next((child for child in root if _held(child, wanted) >= need), None)
        if inner is None:
            return root
        root = inner


def _held(element: Element, wanted: Counter[str]) -> int:
    return (wanted & counted(text_of(element))).total()
