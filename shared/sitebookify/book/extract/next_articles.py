"""Articles of other pages that a page has loaded below its own, for readers who scroll on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.outline import tokens_of
from sitebookify.book.extract.titles import title_words
from sitebookify.book.extract.words import words
from sitebookify.book.html.vocabulary import BOXES
from sitebookify.book.tree import Element, drop, words_of

_MOST = 20
"""Headings that are looked at: a page loads a few articles, and a manual on one page has a hundred chapters."""
_DEEPEST = 40
_ADDRESSES = ("data-url", "data-href", "data-permalink", "data-path", "data-canonical", "data-article-url", "itemid")


def drop_next_articles(document: Element, explanation: Explanation | None = None) -> None:
    """Remove the articles whose headings the page's title does not name, beside one that it does."""
    for article in list(_next_articles(document)):
        if explanation is not None:
            explanation.drops("article of another page", article)
        drop(article)


def _next_articles(document: Element) -> Iterator[Element]:
    headings = [heading for heading in islice(document.iter("h1"), _MOST) if words_of(heading)]
    title = title_words(document)
    own = next((heading for heading in headings if title.issuperset(words(words_of(heading)))), None)
    if own is None or len(headings) < 2:
        return
    around = list(islice(own.iterancestors(), _DEEPEST))
    boxes = {_name(box): box for box in around if box.tag in BOXES}
    for heading in headings[headings.index(own) + 1 :]:
        if title.issuperset(words(words_of(heading))):
            continue
        box = None
        for up in islice(heading.iterancestors(), _DEEPEST):
            if up in around:
                break
            alike = _like(up, boxes)
            if alike is not None and (_is_article_of_another_page(up) or _has_other_number(up, alike)):
                box = up
        if box is not None:
            yield box


def _name(box: Element) -> tuple[str, frozenset[str]]:
    """Tag and classes: pages give the article that they load the form of their own."""
    names = frozenset(name for name in tokens_of(box) if not name.startswith("#"))
    return str(box.tag), names


def _like(box: Element, boxes: Mapping[tuple[str, frozenset[str]], Element]) -> Element | None:
    """The box of the page's own article whose form this one has; a further class may say that it is the next."""
    tag, names = _name(box)
    if (tag, names) in boxes:
        return boxes[tag, names]
    return next((own for (form, some), own in boxes.items() if form == tag and some and some < names), None)


def _has_other_number(box: Element, own: Element) -> bool:
    """True for an article that has another number than the page's own."""
    if box.tag != "article":
        return False
    numbers = [name for name in own.attrib if str(name).startswith("data-") and str(name).endswith("id")]
    return any(box.get(name, own.get(name)) != own.get(name) for name in numbers)


def _is_article_of_another_page(box: Element) -> bool:
    """True for an article with an address, or a date, of its own; a section of a text has neither."""
    if box.tag != "article" and "Article" not in (box.get("itemtype") or ""):
        return False
    addressed = any(box.get(name) for name in _ADDRESSES)
    return addressed or next(box.iter("time"), None) is not None
