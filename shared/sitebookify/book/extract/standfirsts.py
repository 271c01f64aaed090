"""A post's standfirst: the line or two below its heading that say what it is about, in the header beside the text."""

from __future__ import annotations

import re
from itertools import islice

from sitebookify.book.extract.promotion_signs import size_within
from sitebookify.book.extract.titles import put_below_title
from sitebookify.book.html.visibility import is_hidden
from sitebookify.book.tree import Element, holds, lower_classes_of, make, text_of, words_of

_CALLED = re.compile(
    r"(?:.*[-_])?(?:standfirst|dek|sub-?title|sub-?head(?:ing|line)?)"
    r"|(?:post|entry|article|story|page)[-_]*(?:description|summary|lead|intro)"
)
"""What it is called, in the classes of themes and news."""
_MOST_WORDS = 80
_NEAR = 4
"""Elements after the heading that are looked at."""


def standfirst_of(document: Element) -> str:
    """The standfirst beside the page's only first-level heading, or ""."""
    headings = list(islice(document.iter("h1"), 2))
    if len(headings) != 1:
        return ""
    for element in islice(headings[0].itersiblings("p", "div", "h2", "h3", "span"), _NEAR):
        if not any(map(_CALLED.fullmatch, lower_classes_of(element))) or is_hidden(element):
            continue
        if 0 < size_within(element, _MOST_WORDS) <= _MOST_WORDS:
            return "" if holds(element, "a", "time") else words_of(element)
    return ""


def put_standfirst(root: Element, heading: str, standfirst: str) -> None:
    """Put it before the text, where the root lacks it."""
    if not standfirst or standfirst in " ".join(text_of(root).split()):
        return
    put_below_title(root, heading, make("p", standfirst))
